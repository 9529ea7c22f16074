"""Puts organisations into the emulated Vtiger, customers and products into the emulated Sage 50, and enters
orders once both sides know each other."""

from collections.abc import Mapping

from local.demo.post import Advance, Plan, Row, client, post, tell
from local.demo.sugarcrm_sage_50.companies import companies
from local.demo.vtiger_sage_accounting.organisations import organisations

FIELDS = {
    "Accounts": [["cf_854", "VAT number", "string"], ["cf_856", "Sage reference", "string"]],
    "SalesOrder": [["cf_860", "Sage number", "string"]],
}
"""The custom fields that this pair needs."""
_GOODS = ("Office chair", "Desk", "Shelving bay", "Filing cabinet", "Safety boots", "Children's boots")
Addresses = Mapping[str, str]


def prepare(addresses: Addresses) -> dict[str, dict[str, str]]:
    """The last version that can write the lines of a document, with the custom fields."""
    with client() as opened:
        options = {"version": "8.1.0", "custom_fields": FIELDS, "server_module": True}
        tell(opened, f"{addresses['vtiger']}/_admin/options", options)
    return {}


def listen(addresses: Addresses, hooks: Mapping[str, str]) -> None:
    webhooks = [{"module": module, "url": url} for module, url in hooks.items()]
    with client() as opened:
        tell(opened, f"{addresses['vtiger']}/_admin/options", {"webhooks": webhooks})


def plan() -> Plan:
    return Plan(len(_customers()) + len(_accounts()) + len(_GOODS), load)


def load(addresses: Addresses, advance: Advance) -> None:
    sage, vtiger = f"{addresses['sage_50']}/_admin", f"{addresses['vtiger']}/_admin"
    with client() as opened:
        post(opened, f"{sage}/customers", _customers(), advance)
        post(opened, f"{sage}/products", [_product(place) for place in range(len(_GOODS))], advance)
        advance(len(tell(opened, f"{vtiger}/records/Accounts", _accounts())["ids"]))


def later(addresses: Addresses) -> list[str]:
    """The sales office enters an order, and one with an overall discount."""
    records = f"{addresses['vtiger']}/_admin/records"
    with client() as opened:
        home = next(row for row in opened.get(f"{records}/Accounts").json() if row["cf_856"])
        item = opened.get(f"{records}/Products").json()[0]
        line = {"productid": item["id"], "quantity": "4", "listprice": "25.00"}
        order = {
            "account_id": home["id"],
            "sostatus": "Approved",
            "bill_street": "1 Mill Lane",
            "ship_street": "1 Mill Lane",
            "invoicestatus": "Created",
            "hdnTaxType": "individual",
            "LineItems": [line],
        }
        tell(opened, f"{records}/SalesOrder", {**order, "subject": "Refit"})
        tell(
            opened, f"{records}/SalesOrder", {**order, "subject": "Refit, less 10", "hdnDiscountAmount": "10"}
        )
    return [
        f"Vtiger: an order of {home['accountname']} is approved, and becomes one in Sage 50.",
        "Vtiger: another one has an overall discount, which Sage cannot hold.",
    ]


def _customers() -> list[Row]:
    return [one.customer() for one in companies() if one.in_sage and one.kind != "euro"]


def _accounts() -> list[Row]:
    return [one.account() for one in organisations() if one.in_vtiger and one.kind != "euro"]


def _product(place: int) -> Row:
    return {
        "stockCode": f"GOODS-{place + 1}",
        "description": _GOODS[place],
        "salesPrice": 10 + place * 7.5,
        "taxCode": 0 if "Children" in _GOODS[place] else 1,
        "nominalCode": "4000",
    }
