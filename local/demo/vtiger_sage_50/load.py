"""Puts organisations and people into the emulated Vtiger, customers, people, goods and invoices into the
emulated Sage 50, and enters orders once both sides know each other."""

from collections.abc import Mapping

from local.demo.post import Advance, Plan, Row, client, post, tell
from local.demo.sugarcrm_sage_50.companies import companies
from local.demo.vtiger_sage_accounting.organisations import organisations
from local.vendors.vtiger.options import CREDIT_FIELDS

FIELDS = {
    "Accounts": [
        ["cf_854", "VAT number", "string"],
        ["cf_856", "Sage reference", "string"],
        *map(list, CREDIT_FIELDS),
    ],
    "SalesOrder": [["cf_860", "Sage number", "string"]],
    "Invoice": [["cf_862", "Sage number", "string"], ["cf_864", "Paid in Sage", "double"]],
    "Contacts": [["cf_866", "Status in Sage", "string"]],
}
"""The custom fields that this pair needs."""
_GOODS = (
    "Office chair",
    "Desk",
    "Shelving bay",
    "Filing cabinet",
    "Safety boots",
    "Children's boots",
    "Fitting",
)
_PEOPLE = ("Ann Example", "Ben Carter", "Cara Singh")
Addresses = Mapping[str, str]


def prepare(addresses: Addresses) -> dict[str, dict[str, str]]:
    """The last version that can write the lines of a document, with the custom fields; a Sage that keeps the
    type of a contact, and an account for cash sales at which the check finds that out."""
    with client() as opened:
        options = {"version": "8.1.0", "custom_fields": FIELDS, "server_module": True}
        tell(opened, f"{addresses['vtiger']}/_admin/options", options)
        tell(opened, f"{addresses['sage_50']}/_admin/options", {"keeps_contact_type": True})
        cash = {"accountRef": "CASH01", "name": "Cash Sales"}
        tell(opened, f"{addresses['sage_50']}/_admin/customers", [cash])
    return {}


def listen(addresses: Addresses, hooks: Mapping[str, str]) -> None:
    webhooks = [{"module": module, "url": url} for module, url in hooks.items()]
    with client() as opened:
        tell(opened, f"{addresses['vtiger']}/_admin/options", {"webhooks": webhooks})


def plan() -> Plan:
    rows = (_customers(), _accounts(), _GOODS, _contacts(), _invoices(), _PEOPLE)
    return Plan(sum(map(len, rows)), load)


def load(addresses: Addresses, advance: Advance) -> None:
    sage, vtiger = f"{addresses['sage_50']}/_admin", f"{addresses['vtiger']}/_admin"
    with client() as opened:
        post(opened, f"{sage}/customers", _customers(), advance)
        post(opened, f"{sage}/products", [_product(place) for place in range(len(_GOODS))], advance)
        post(opened, f"{sage}/addresses", _contacts(), advance)
        post(opened, f"{sage}/invoices", _invoices(), advance)
        ids = tell(opened, f"{vtiger}/records/Accounts", _accounts())["ids"]
        advance(len(ids))
        people = [
            {"firstname": "Grace", "lastname": f"Client {place}", "account_id": one}
            for place, one in enumerate(ids[: len(_PEOPLE)], 1)
        ]
        advance(len(tell(opened, f"{vtiger}/records/Contacts", people)["ids"]))


def later(addresses: Addresses) -> list[str]:
    """The sales office enters an order, and one with an overall discount; an invoice is paid."""
    records, sage = f"{addresses['vtiger']}/_admin/records", f"{addresses['sage_50']}/_admin"
    with client() as opened:
        home = next(row for row in opened.get(f"{records}/Accounts").json() if row["cf_856"])
        item = opened.get(f"{records}/Products").json()[0]
        fitting = opened.get(f"{records}/Services").json()[0]
        lines = [
            {"productid": item["id"], "quantity": "4", "listprice": "25.00"},
            {"productid": fitting["id"], "quantity": "2", "listprice": "55.00"},
        ]
        order = {
            "account_id": home["id"],
            "sostatus": "Approved",
            "bill_street": "1 Mill Lane",
            "ship_street": "1 Mill Lane",
            "invoicestatus": "Created",
            "hdnTaxType": "individual",
            "LineItems": lines,
        }
        tell(opened, f"{records}/SalesOrder", {**order, "subject": "Refit"})
        tell(
            opened, f"{records}/SalesOrder", {**order, "subject": "Refit, less 10", "hdnDiscountAmount": "10"}
        )
        tell(opened, f"{sage}/invoices", {"invoiceNumber": 2, "paid": 30})
    return [
        f"Vtiger: an order of {home['accountname']}, goods and fitting, becomes one in Sage 50.",
        "Vtiger: another one has an overall discount, which Sage cannot hold.",
        f"Sage 50: 30.00 is paid of invoice 2 of {_customers()[1]['name']}.",
    ]


def _customers() -> list[Row]:
    return [one.customer() for one in companies() if one.in_sage and one.kind != "euro"]


def _accounts() -> list[Row]:
    return [one.account() for one in organisations() if one.in_vtiger and one.kind != "euro"]


def _contacts() -> list[Row]:
    """A person of each of the first customers."""
    return [
        {
            "accountRef": one["accountRef"],
            "addressType": 1,
            "contact": name,
            "email": f"{name[:3].lower()}@example.test",
        }
        for one, name in zip(_customers(), _PEOPLE, strict=False)
    ]


def _invoices() -> list[Row]:
    """Posted: one is paid, one is not, and one has a line that Vtiger cannot hold."""
    sold = ((_item(1, 2), True), (_item(7, 3), False), ({**_item(1, 1), "stockCode": "S1"}, False))
    return [
        {
            "customerAccountRef": customer["accountRef"],
            "invoiceDate": "02/11/2026",
            "posted": True,
            "paid": 1.2 * line["quantity"] * line["unitPrice"] if paid else 0,
            "invoiceItems": [line],
        }
        for customer, (line, paid) in zip(_customers(), sold, strict=False)
    ]


def _item(place: int, quantity: int) -> Row:
    """At 20 % tax."""
    made = _product(place - 1)
    given = {
        "stockCode": made["stockCode"],
        "description": made["description"],
        "unitPrice": made["salesPrice"],
    }
    return {**given, "quantity": quantity, "taxCode": 1, "taxRate": 20, "discount": 0, "departmentNumber": 0}


def _product(place: int) -> Row:
    return {
        "stockCode": f"GOODS-{place + 1}",
        "description": _GOODS[place],
        "salesPrice": 10 + place * 7.5,
        "itemType": 2 if _GOODS[place] == "Fitting" else 0,
        "taxCode": 0 if "Children" in _GOODS[place] else 1,
        "nominalCode": "4000",
    }
