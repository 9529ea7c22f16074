"""Puts the wholesaler of the other SugarCRM demonstration into the emulated SugarCRM and Sage Accounting, and
does what the bookkeeper does afterwards."""

from collections.abc import Mapping

from local.demo.post import Advance, Plan, Row, client, post, tell
from local.demo.sugarcrm_sage_50.companies import Company, companies
from local.demo.sugarcrm_sage_50.sample import Sample, sample

Addresses = Mapping[str, str]


def prepare(addresses: Addresses) -> dict[str, dict[str, str]]:
    """Returns what Sage shows only once, its refresh token, by system."""
    with client() as opened:
        grant = tell(opened, f"{addresses['sage_accounting']}/_admin/grant", {})
    return {"sage_accounting": {"refresh_token": str(grant["refresh_token"])}}


def plan() -> Plan:
    rows = sample()
    known = [one for one in companies() if one.in_sage]
    size = len(known) + len(rows.currencies) + len(rows.accounts) + len(rows.opportunities)
    return Plan(size, lambda addresses, advance: load(rows, known, addresses, advance))


def load(rows: Sample, known: list[Company], addresses: Addresses, advance: Advance) -> None:
    sugarcrm, sage = (f"{addresses[system]}/_admin" for system in ("sugarcrm", "sage_accounting"))
    with client() as opened:
        post(opened, f"{sage}/contacts", [_customer(one) for one in known], advance)
        post(opened, f"{sugarcrm}/currencies", rows.currencies, advance)
        post(opened, f"{sugarcrm}/accounts", rows.accounts, advance)
        post(
            opened,
            f"{sugarcrm}/opportunities",
            [_opportunity(one.values) for one in rows.opportunities],
            advance,
        )


def later(addresses: Addresses) -> list[str]:
    """The bookkeeper invoices two quotations, one as a draft, and deletes a third."""
    sage = f"{addresses['sage_accounting']}/_admin"
    with client() as opened:
        first, second, third = opened.get(f"{sage}/sales_quotes").json()[:3]
        tell(opened, f"{sage}/sales_quotes/{first['id']}/invoice", {})
        tell(opened, f"{sage}/sales_quotes/{second['id']}/invoice", {"draft": True})
        opened.delete(f"{sage}/sales_quotes/{third['id']}").raise_for_status()
    return [
        f"Sage Accounting: quotation {first['displayed_as']} is invoiced, and its number goes to SugarCRM.",
        f"Sage Accounting: quotation {second['displayed_as']} is invoiced as a draft, without a number yet.",
        f"Sage Accounting: quotation {third['displayed_as']} is deleted; the nightly look will hold it.",
    ]


def _customer(one: Company) -> Row:
    """The Sage 50 customer as Sage Accounting has it."""
    known = one.customer()
    abroad = known["countryCode"] != "GB"
    return {
        "name": one.name,
        "reference": one.reference,
        "contact_type_ids": ["CUSTOMER"],
        "currency_id": "EUR" if one.kind == "euro" else "GBP",
        "default_sales_tax_rate_id": "GB_ZERO" if abroad else "GB_STANDARD",
        "main_address": {
            "address_type_id": "ACCOUNTS",
            "address_line_1": known["address1"][:50],
            "city": known["address3"],
            "region": known["address4"],
            "postal_code": known["address5"],
            "country_id": known["countryCode"],
        },
    }


def _opportunity(values: Row) -> Row:
    kept = {name: value for name, value in values.items() if name != "sales_order_no_c"}
    return {**kept, "sales_quote_no_c": values.get("sales_order_no_c")}
