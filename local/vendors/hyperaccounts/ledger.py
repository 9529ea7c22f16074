"""The emulated Sage company: customers, their addresses, products and orders, as rows keyed by raw column.

Every write stamps RECORD_MODIFY_DATE with the company's clock and is written to a log.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.hyperaccounts.values import Refused, accept, blank

Record = dict[str, Any]


class CompanyClock:
    """Local time of the Sage server, to the second. May be shifted, or frozen so that many writes share a
    second."""

    def __init__(self) -> None:
        self.shift = timedelta()
        self.frozen: datetime | None = None

    def now(self) -> datetime:
        moment = self.frozen or datetime.now(UTC).replace(tzinfo=None) + self.shift
        return moment.replace(microsecond=0)


class Ledger:
    """`orders` rows hold their lines under LINES."""

    def __init__(self, options: HyperOptions) -> None:
        self.options = options
        self.clock = CompanyClock()
        self.reset()

    def reset(self) -> None:
        self.customers: dict[str, Record] = {}
        self.addresses: dict[tuple[str, int], Record] = {}
        self.products: dict[str, Record] = {}
        self.orders: dict[int, Record] = {}
        self.pictures: dict[str, str] = {}
        """Stock code -> its picture in base64; the file's name is in the product's row."""
        self.price_lists: dict[str, Record] = {}
        self.prices: list[Record] = []
        self.invoices: dict[int, Record] = {}
        self.entries: dict[int, Record] = {}
        """The ledger: what was posted."""
        self.next_invoice = 1
        self.postings: dict[str, list[tuple[date, Decimal]]] = {}
        """Account -> (day, amount) of what was posted to it."""
        self.next_order = self.options.first_order
        self.next_item = 1
        self.writes: list[dict[str, Any]] = []

    def accept(self, table: str, body: Mapping[str, Any]) -> Record:
        return accept(table, body, self.options.release, self.options.strict_keys)

    def name_status(self, record: Record) -> None:
        """The word for an account's status, and its on-hold flag, from the company's own table."""
        found = self.options.statuses.get(record["STATUS_NUMBER"])
        if found is None:
            raise Refused(f"Account status {record['STATUS_NUMBER']} does not exist")
        record["STATUS_TEXT"] = found

    def new(self, table: str, columns: Record) -> Record:
        now = self.clock.now()
        return blank(table) | columns | {"RECORD_CREATE_DATE": now, "RECORD_MODIFY_DATE": now}

    def change(self, record: Record, columns: Record) -> None:
        record.update(columns)
        record["RECORD_MODIFY_DATE"] = self.clock.now()

    def log(self, route: str, key: str, columns: Mapping[str, Any]) -> None:
        result = {
            name: value if isinstance(value, (int, bool, type(None))) else str(value)
            for name, value in columns.items()
            if name != "LINES"
        }
        self.writes.append(
            {"at": self.clock.now().isoformat(), "route": route, "key": key, "columns": result}
        )

    # ------------------------------------------------------------ customers

    def customer(self, reference: object) -> Record:
        found = self.customers.get(str(reference or "").upper())
        if found is None:
            raise Refused(f"Customer account {reference} not found")
        return found

    def post_customer(self, body: Mapping[str, Any]) -> str:
        """Through the API; people may enter a limit with pence."""
        _whole_limit(self.accept("CUSTOMER", body))
        return self.create_customer(body)

    def create_customer(self, body: Mapping[str, Any]) -> str:
        columns = self.accept("CUSTOMER", body)
        if not columns.get("NAME"):
            raise Refused("name is required")
        reference = columns.get("ACCOUNT_REF") or _next_reference(columns["NAME"], self.customers)
        if not re.fullmatch(r"[A-Z0-9#_/!%&.\-$()\",']{1,8}", reference):
            raise Refused(f"Account reference {reference} is not valid")
        if reference in self.customers:
            raise Refused(f"Account reference {reference} already exists")
        self._known_currency(columns)
        usual = {"DEF_TAX_CODE": 1, "DEF_NOM_CODE": "4000"}  # Sage's own defaults of new customers
        self.customers[reference] = self.new("CUSTOMER", usual | columns | {"ACCOUNT_REF": reference})
        self.name_status(self.customers[reference])
        self._register_address(reference)
        self.log("POST customer", reference, columns)
        return reference

    def patch_customer(self, body: Mapping[str, Any]) -> str:
        record = self.customer(body.get("accountRef"))
        columns = self.accept("CUSTOMER", body)
        # known: document - the change of a customer takes 30 characters of a name, a new one 60
        if len(columns.get("NAME", "")) > 30:
            raise Refused("name exceeds the maximum length of 30")
        _whole_limit(columns)
        if columns.get("CURRENCY", record["CURRENCY"]) != record["CURRENCY"]:
            raise Refused("The currency of an account can only be set when it is created")
        if columns.get("NAME") == "":
            raise Refused("name is required")
        self.change(record, columns)
        self.name_status(record)
        self.log("PATCH customer", record["ACCOUNT_REF"], columns)
        return str(record["ACCOUNT_REF"])

    def _known_currency(self, columns: Record) -> None:
        if columns.get("CURRENCY", 1) not in [one[0] for one in self.options.currencies]:
            raise Refused(f"Currency {columns['CURRENCY']} does not exist")

    # ------------------------------------------------------------ addresses

    def _register_address(self, reference: str) -> None:
        owner = self.customers[reference]
        columns = {f"ADDRESS_{n}": owner[f"ADDRESS_{n}"] for n in range(1, 6)}
        self.addresses[reference, 1] = self.new(
            "ADDRESS",
            columns
            | {
                "ACCOUNT_REF": reference,
                "ADDRESS_REF": 1,
                "DESCRIPTION": "Registered address",
                "NAME": owner["NAME"],
                "ADDRESS_TYPE": 2,
                "ADDRESS_TYPE_NAME": "Registered",
            },
        )

    def address(self, reference: object, number: object) -> Record:
        found = self.addresses.get(
            (str(reference or "").upper(), int(str(number)) if str(number).isdigit() else 0)
        )
        if found is None:
            raise Refused(f"Address {number} of account {reference} not found")
        return found

    def create_address(self, body: Mapping[str, Any]) -> int:
        reference = str(self.customer(body.get("accountRef"))["ACCOUNT_REF"])
        number = max((one for owner, one in self.addresses if owner == reference), default=0) + 1
        columns = self.accept("ADDRESS", body) | {
            "ACCOUNT_REF": reference,
            "ADDRESS_REF": number,
            **self._type(body),
        }
        self.addresses[reference, number] = self.new("ADDRESS", columns)
        self.log("POST customerAddress", f"{reference}/{number}", columns)
        return number

    def _type(self, body: Mapping[str, Any]) -> Record:
        if self.options.keeps_contact_type and body.get("addressType") == 1:
            return {"ADDRESS_TYPE": 1, "ADDRESS_TYPE_NAME": "Contact"}
        return {"ADDRESS_TYPE": 0, "ADDRESS_TYPE_NAME": "Delivery"}

    def patch_address(self, body: Mapping[str, Any]) -> bool:
        known = self.options.address_key
        sent = body.get("addresNumber", body.get("addressNumber")) if known == "either" else body.get(known)
        record = self.address(body.get("accountRef"), sent)
        columns = self.accept("ADDRESS", body)
        self.change(record, columns)
        self.log("PATCH customerAddress", f"{record['ACCOUNT_REF']}/{record['ADDRESS_REF']}", columns)
        return True

    # ------------------------------------------------------------ products

    def product(self, code: object) -> Record:
        found = self.products.get(str(code or "").upper())
        if found is None:
            raise Refused(f"Product {code} not found")
        return found

    def create_product(self, body: Mapping[str, Any]) -> str:
        columns = self.accept("PRODUCT", body)
        code = columns.get("STOCK_CODE") or ""
        if not re.fullmatch(r"[A-Z0-9/.\-#]{1,30}", code):
            raise Refused(f"Stock code {code!r} is not valid")
        if code in self.products:
            raise Refused(f"Stock code {code} already exists")
        self.products[code] = self.new("PRODUCT", {"TAX_CODE": 1, "NOMINAL_CODE": "4000"} | columns)
        self.log("POST product", code, columns)
        return code

    def patch_product(self, body: Mapping[str, Any]) -> str:
        record = self.product(body.get("stockCode"))
        columns = self.accept("PRODUCT", body)
        self.change(record, columns)
        self.log("PATCH product", record["STOCK_CODE"], columns)
        return str(record["STOCK_CODE"])


def _whole_limit(columns: Mapping[str, Any]) -> None:
    # known: document - a credit limit is written as a whole number
    limit = columns.get("CREDIT_LIMIT", 0)
    if limit != int(limit):
        raise Refused(f"Error converting value {limit} for creditLimit")


def _next_reference(name: str, taken: Mapping[str, Any]) -> str:
    """Four letters of the name and four digits, as the vendor makes them."""
    letters = (re.sub(r"[^A-Z]", "", name.upper()) + "AAAA")[:4]
    return next(one for one in (f"{letters}{n:04}" for n in range(1, 10_000)) if one not in taken)
