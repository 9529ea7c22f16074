"""Puts the sample into the emulated Vtiger and Sage, as people at their screens would have done.

Vtiger assigns its own ids, so references are filled in once the record they refer to exists; Sage's ids are
ours.
"""

from collections.abc import Iterable, Mapping, Sequence

import httpx

from local.demo.post import Advance, Plan, Row, client, post, tell
from local.demo.vtiger_sage_accounting.catalogue import TAXES, Item
from local.demo.vtiger_sage_accounting.invoices import EURO_RATE
from local.demo.vtiger_sage_accounting.sample import Sample, sample

_POUNDS, _EUROS = [1, "United Kingdom, Pounds", "GBP", "£", "1.00000"], [2, "Euro", "EUR", "€", EURO_RATE]
Addresses = Mapping[str, str]


def prepare(addresses: Addresses) -> dict[str, dict[str, str]]:
    """Sets both up as an administrator would. Returns what is shown only once, Sage's refresh token, by
    system."""
    with client() as opened:
        # The last version that can write the lines of an invoice; see the page on connecting Vtiger.
        tell(
            opened,
            f"{addresses['vtiger']}/_admin/options",
            {"version": "8.1.0", "taxes": TAXES, "currencies": [_POUNDS, _EUROS], "server_module": True},
        )
        grant = tell(opened, f"{addresses['sage_accounting']}/_admin/grant", {})
    return {"sage_accounting": {"refresh_token": str(grant["refresh_token"])}}


def listen(addresses: Addresses, hooks: Mapping[str, str]) -> None:
    """Webhooks by module: on one's own server they are sent by a PHP module of the customer's."""
    with client() as opened:
        tell(
            opened,
            f"{addresses['vtiger']}/_admin/options",
            {"webhooks": [{"module": module, "url": url} for module, url in hooks.items()]},
        )


def plan() -> Plan:
    rows = sample()
    return Plan(sum(1 for _ in _everything(rows)), lambda addresses, advance: load(rows, addresses, advance))


def load(rows: Sample, addresses: Addresses, advance: Advance) -> None:
    with client() as opened:
        into_sage(opened, addresses["sage_accounting"], rows, advance)
        into_vtiger(opened, addresses["vtiger"], rows, advance)


def _everything(rows: Sample) -> Iterable[Row]:
    """One row for each record that is loaded, to be counted."""
    items = (*rows.products, *rows.services)
    yield from (one.account() for one in rows.organisations if one.in_vtiger)
    yield from (customer for one in rows.organisations if one.in_sage for customer in one.customers())
    listed = [
        *(one.contact() for one in rows.people),
        *(one.person() for one in rows.people),
        *(one.in_crm() for one in items),
        *(one.in_sage("", {}) for one in items),
        *(one.in_vtiger() for one in rows.invoices),
        *(one.in_sage({}) for one in rows.invoices),
    ]
    yield from (one for one in listed if one is not None)


# ---------------------------------------------------------------- Sage


def into_sage(opened: httpx.Client, sage: str, rows: Sample, advance: Advance) -> None:
    admin = f"{sage}/_admin"
    post(
        opened,
        f"{admin}/contacts",
        [row for one in rows.organisations if one.in_sage for row in one.customers()],
        advance,
    )
    addresses = {one["id"]: one["main_address"]["id"] for one in _listed(opened, f"{admin}/contacts")}
    people = [row for one in rows.people if (row := one.person())]
    post(
        opened,
        f"{admin}/contact_persons",
        [{**row, "address_id": addresses[row.pop("contact_id")]} for row in people],
        advance,
    )
    _items(opened, admin, rows, advance)
    sales = _account(opened, admin, 4000)
    post(
        opened,
        f"{admin}/sales_invoices",
        [row for one in rows.invoices if (row := one.in_sage({"ledger_account_id": sales}))],
        advance,
    )
    for one in rows.invoices:
        if (amount := one.paid()) is not None:
            tell(
                opened, f"{admin}/sales_invoices/{one.sage_id}/pay", {"amount": amount, "date": "2026-11-20"}
            )


def _items(opened: httpx.Client, admin: str, rows: Sample, advance: Advance) -> None:
    bought = _account(opened, admin, 5000)
    price = _listed(opened, f"{admin}/product_sales_price_types")[0]["id"]
    rate = _listed(opened, f"{admin}/service_rate_types")[0]["id"]
    goods = {"sales_ledger_account_id": _account(opened, admin, 4000), "purchase_ledger_account_id": bought}
    made = [(one, row) for one in rows.products if (row := one.in_sage(price, goods))]
    post(opened, f"{admin}/products", [row for one, row in made if one.kind != "in_stock"], advance)
    post(opened, f"{admin}/stock_items", [row for one, row in made if one.kind == "in_stock"], advance)
    jobs = {"sales_ledger_account_id": _account(opened, admin, 4010)}
    post(
        opened,
        f"{admin}/services",
        [row for one in rows.services if (row := one.in_sage(rate, jobs))],
        advance,
    )
    tell(
        opened,
        f"{admin}/stock_movements",
        [
            {
                "stock_item_id": one.sage_id,
                "date": "2026-11-02",
                "quantity": str(10 + one.number),
                "cost_price": "1.00",
                "details": "Opening stock",
            }
            for one, _ in made
            if one.kind == "in_stock"
        ],
    )


def _account(opened: httpx.Client, admin: str, code: int) -> str:
    return str(
        next(one["id"] for one in _listed(opened, f"{admin}/ledger_accounts") if one["nominal_code"] == code)
    )


# ---------------------------------------------------------------- Vtiger


def into_vtiger(opened: httpx.Client, vtiger: str, rows: Sample, advance: Advance) -> None:
    admin = f"{vtiger}/_admin/records"
    known = [one for one in rows.organisations if one.in_vtiger]
    accounts = dict(
        zip(
            (one.number for one in known),
            _save(opened, f"{admin}/Accounts", [one.account() for one in known], advance),
            strict=True,
        )
    )
    people = [row for one in rows.people if (row := one.contact())]
    _save(opened, f"{admin}/Contacts", [_pointed(row, accounts) for row in people], advance)
    items: dict[Item, str] = {}
    for module, listed in (("Products", rows.products), ("Services", rows.services)):
        made = [(one, row) for one in listed if (row := one.in_crm())]
        ids = _save(opened, f"{admin}/{module}", [row for _, row in made], advance)
        items |= dict(zip((one for one, _ in made), ids, strict=True))
    invoices = [row for one in rows.invoices if (row := one.in_vtiger())]
    _save(
        opened, f"{admin}/Invoice", [_pointed(_with_items(row, items), accounts) for row in invoices], advance
    )


def _pointed(row: Row, accounts: Mapping[int, str]) -> Row:
    return {**row, "account_id": accounts[row["account_id"]]} if "account_id" in row else row


def _with_items(row: Row, items: Mapping[Item, str]) -> Row:
    currency = {"currency_id": f"21x{row['currency_id']}"} if "currency_id" in row else {}
    return {
        **row,
        **currency,
        "LineItems": [{**line, "productid": items[line["productid"]]} for line in row["LineItems"]],
    }


def _save(opened: httpx.Client, url: str, rows: Sequence[Row], advance: Advance) -> list[str]:
    ids = list(tell(opened, url, list(rows))["ids"])
    advance(len(ids))
    return ids


def _listed(opened: httpx.Client, url: str) -> list[Row]:
    return list(opened.get(url).json())
