"""Puts the books of the Vtiger demonstration into the emulated Sage Accounting; the CRM starts empty."""

from collections.abc import Mapping

import httpx

from local.demo.post import Advance, Plan, client, tell
from local.demo.quoting import label, quote
from local.demo.vtiger_sage_accounting.load import into_sage
from local.demo.vtiger_sage_accounting.sample import Sample, sample

Addresses = Mapping[str, str]
POTENTIAL = "Fenwick Logistics Ltd"


def prepare(addresses: Addresses) -> dict[str, dict[str, str]]:
    """Returns what Sage shows only once, its refresh token, by system."""
    with client() as opened:
        grant = tell(opened, f"{addresses['sage_accounting']}/_admin/grant", {})
    return {"sage_accounting": {"refresh_token": str(grant["refresh_token"])}}


def plan() -> Plan:
    rows = sample()
    return Plan(_size(rows), lambda addresses, advance: load(rows, addresses, advance))


def load(rows: Sample, addresses: Addresses, advance: Advance) -> None:
    with client() as opened:
        into_sage(opened, addresses["sage_accounting"], rows, advance)


def later(addresses: Addresses) -> list[str]:
    """A salesperson meets somebody at the first customer, and makes offers there and to a potential."""
    crm = f"{addresses['sage_sales_management']}/_admin/records"
    with client() as opened:
        home = next(one for one in opened.get(f"{crm}/accounts").json() if not one.get("deleted"))
        person = {"firstName": "Sam", "lastName": "Marsh", "accountId": home["id"], "salesRepId": 52}
        tell(opened, f"{crm}/contacts", person)
        quote(opened, crm, home, _for_sale(opened, crm))
        status = label(opened, crm, "accountStatuses", "Potential")
        potential = {"name": POTENTIAL, "statusId": status}
        potential["id"] = tell(opened, f"{crm}/accounts", potential)["id"]
        quote(opened, crm, potential, _for_sale(opened, crm))
    return [
        f"Sage Sales Management: Sam Marsh is met at {home['name']}, and becomes a contact person in Sage.",
        f"Sage Sales Management: {home['name']} is quoted two products; the prices come from Sage.",
        f"Sage Sales Management: {POTENTIAL} is quoted too, but is no customer of Sage's.",
    ]


def _for_sale(opened: httpx.Client, crm: str) -> dict[str, int]:
    """Two products and their quantities."""
    codes = sorted(one["extId"] for one in opened.get(f"{crm}/products").json() if not one["notAvailable"])
    return {codes[0]: 2, codes[1]: 5}


def _size(rows: Sample) -> int:
    items = [one.in_sage("", {}) for one in (*rows.products, *rows.services)]
    listed = [*(one.person() for one in rows.people), *items, *(one.in_sage({}) for one in rows.invoices)]
    customers = sum(len(one.customers()) for one in rows.organisations if one.in_sage)
    return customers + sum(one is not None for one in listed)
