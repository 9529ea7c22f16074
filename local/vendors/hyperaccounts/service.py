"""The routes of the emulated service: which method and resource does what, and the envelope it comes in.

Routes are matched ignoring case, and with or without a slash at the end. Answers are the vendor's two
envelopes; a refusal is HTTP 200 with `success: false`, or HTTP `code` when the caller sent `new-response`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.vendors.hyperaccounts import debts, invoices, orders, prices
from local.vendors.hyperaccounts.ledger import Ledger
from local.vendors.hyperaccounts.options import DEPARTMENTS, NOMINALS
from local.vendors.hyperaccounts.search import search
from local.vendors.hyperaccounts.values import MOMENT, Refused, row, single


@dataclass(frozen=True)
class Call:
    """One request: `rest` are the path segments after the resource."""

    ledger: Ledger
    rest: tuple[str, ...]
    query: Mapping[str, str]
    body: Any

    @property
    def sent(self) -> dict[str, Any]:
        if not isinstance(self.body, dict):
            raise Refused("The body must be a JSON object")
        return self.body


Handler = Callable[[Call], dict[str, Any]]


def one(response: Any) -> dict[str, Any]:
    return {"success": True, "code": 200, "response": response, "message": ""}


def many(results: list[Any]) -> dict[str, Any]:
    return {"results": results, "success": True, "code": 200, "response": None, "message": None}


def refused(message: str, code: int = 500) -> dict[str, Any]:
    return {"success": False, "code": code, "response": None, "message": message}


def _status(call: Call) -> dict[str, Any]:
    options = call.ledger.options
    return one(
        {
            "apiVersion": "1.27.5.0",
            "sageVersion": f"{options.release}.1",
            "companyName": options.company_name,
            "sdoStatusOk": options.sdo_ok,
            "odbcStatusOk": True,
        }
    )


def _company(call: Call) -> dict[str, Any]:
    options = call.ledger.options
    return one(
        {
            "name": options.company_name,
            "address1": "1 High St",
            "address5": "LS1 1AA",
            "countryCode": "GB",
            "vatRegisteredFlag": True,
            "vatCashFlag": 0,
            "programMajorVersion": options.release,
            "programMinorVersion": 1,
        }
    )


def _currencies(call: Call) -> dict[str, Any]:
    stamp = call.ledger.clock.now().strftime(MOMENT)
    return many(
        [
            {
                "id": number,
                "code": code,
                "name": name,
                "symbol": symbol,
                "exchangeRate": float(rate),
                "emuMember": 0,
                "locked": 0,
                "majorUnit": name,
                "minorUnit": "",
                "createdDate": stamp,
                "modifiedDate": stamp,
            }
            for number, code, name, symbol, rate in call.ledger.options.currencies
        ]
    )


def _tax_codes(call: Call) -> dict[str, Any]:
    return many(
        [
            {"index": number, "description": name, "rate": float(rate)}
            for number, name, rate in call.ledger.options.tax_codes
        ]
    )


def _nominals(call: Call) -> dict[str, Any]:
    return many(
        [
            {"accountRef": code, "name": name, "type": 0, "balance": 0.0, "inactiveFlag": 0}
            for code, name in NOMINALS
        ]
    )


def _departments(call: Call) -> dict[str, Any]:
    stamp = call.ledger.clock.now().strftime(MOMENT)
    return many(
        [
            {
                "id": number,
                "reference": str(number),
                "name": name,
                "recordCreateDate": stamp,
                "recordModifyDate": stamp,
            }
            for number, name in DEPARTMENTS
        ]
    )


def _customer(call: Call) -> dict[str, Any]:
    """By `?id=` or by path; an installation older than the query form knows only the path."""
    reference = (
        call.rest[0] if call.rest else None if call.ledger.options.old_customer_read else call.query.get("id")
    )
    return one(single("CUSTOMER", call.ledger.customer(reference)))


def _address(call: Call) -> dict[str, Any]:
    return one(single("ADDRESS", call.ledger.address(*call.rest)))


def _product(call: Call) -> dict[str, Any]:
    return one(single("PRODUCT", call.ledger.product(call.rest[0])))


def _image(call: Call) -> dict[str, Any]:
    """The picture's bytes in base64, whatever they are."""
    record = call.ledger.product(call.rest[0])
    found = call.ledger.pictures.get(record["STOCK_CODE"])
    if found is None or not record["WEB_IMAGE_FILE"]:
        raise Refused("Image not found")
    return one(found)


def _order(call: Call) -> dict[str, Any]:
    record = orders.order(call.ledger, call.rest[0])
    return one(single("ORDER", record) | {"invoiceItems": [single("LINE", line) for line in record["LINES"]]})


def _invoice(call: Call) -> dict[str, Any]:
    record = invoices.invoice(call.ledger, call.rest[0])
    lines = [single("LINE", line) for line in record["LINES"]]
    return one(single("INVOICE", record) | {"invoiceItems": lines})


def _found(table: str, rows: Callable[[Ledger], Any]) -> Handler:
    def find(call: Call) -> dict[str, Any]:
        return many([row(table, record) for record in search(table, list(rows(call.ledger)), call.body)])

    return find


def _lines(ledger: Ledger) -> list[dict[str, Any]]:
    return [line for record in ledger.orders.values() for line in record["LINES"]]


ROUTES: dict[tuple[str, str, int, str], Handler] = {
    ("GET", "status", 0, ""): _status,
    ("GET", "company", 0, ""): _company,
    ("GET", "currency", 0, ""): _currencies,
    ("GET", "taxcode", 0, ""): _tax_codes,
    ("GET", "nominal", 0, ""): _nominals,
    ("GET", "department", 0, ""): _departments,
    ("GET", "pricelist", 0, ""): lambda call: many(prices.lists(call.ledger)),
    ("GET", "pricelist", 1, ""): lambda call: one(prices.price_list(call.ledger, call.rest[0])),
    ("POST", "searchprice", 0, ""): _found("PRICE", lambda ledger: ledger.prices),
    ("GET", "customer", 0, ""): _customer,
    ("GET", "customer", 1, ""): _customer,
    ("POST", "customer", 0, ""): lambda call: one(call.ledger.post_customer(call.sent)),
    ("PATCH", "customer", 0, ""): lambda call: one(call.ledger.patch_customer(call.sent)),
    ("GET", "ageddebtors", 0, ""): lambda call: one(debts.aged(call.ledger, call.query.get("id"))),
    ("GET", "customeraddress", 2, ""): _address,
    ("POST", "customeraddress", 0, ""): lambda call: one(call.ledger.create_address(call.sent)),
    ("PATCH", "customeraddress", 0, ""): lambda call: one(call.ledger.patch_address(call.sent)),
    ("GET", "product", 1, ""): _product,
    ("GET", "product", 2, "webimage"): _image,
    ("POST", "product", 0, ""): lambda call: one(call.ledger.create_product(call.sent)),
    ("PATCH", "product", 0, ""): lambda call: one(call.ledger.patch_product(call.sent)),
    ("GET", "salesorder", 1, ""): _order,
    ("POST", "salesorder", 0, ""): lambda call: one(orders.create(call.ledger, call.sent)),
    ("PATCH", "salesorder", 0, ""): lambda call: one(orders.patch(call.ledger, call.sent)),
    ("PATCH", "salesorderitems", 0, ""): lambda call: one(orders.patch_item(call.ledger, call.sent)),
    ("POST", "salesorder", 2, "hold"): lambda call: one(orders.hold(call.ledger, call.rest[0])),
    ("DELETE", "salesorder", 1, ""): lambda call: one(orders.delete(call.ledger, call.rest[0])),
    ("POST", "searchsalesledger", 0, ""): _found("CUSTOMER", lambda ledger: ledger.customers.values()),
    ("POST", "searchcustomeraddress", 0, ""): _found("ADDRESS", lambda ledger: ledger.addresses.values()),
    ("POST", "searchproduct", 0, ""): _found("PRODUCT", lambda ledger: ledger.products.values()),
    ("POST", "searchsalesorder", 0, ""): _found("ORDER", lambda ledger: ledger.orders.values()),
    ("GET", "salesinvoice", 1, ""): _invoice,
    ("POST", "searchinvoice", 0, ""): _found("INVOICE", lambda ledger: ledger.invoices.values()),
    ("POST", "search", 1, ""): _found("AUDIT", lambda ledger: ledger.entries.values()),
    ("POST", "searchsopitem", 0, ""): _found("LINE", _lines),
}


def handler(method: str, resource: str, rest: tuple[str, ...]) -> Handler | None:
    """`rest` of two segments may end in a word (`hold`) or be two keys (an address)."""
    tail = rest[-1].lower() if len(rest) == 2 else ""
    return ROUTES.get((method, resource, len(rest), tail)) or ROUTES.get((method, resource, len(rest), ""))
