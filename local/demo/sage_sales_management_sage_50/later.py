"""What people do after the first cycle: quotations in the CRM, a payment in Sage."""

from collections.abc import Mapping
from typing import Any

import httpx

from local.demo.post import Row, client, tell
from local.demo.sage_sales_management_sage_50 import customers, goods, people


def later(addresses: Mapping[str, str]) -> list[str]:
    """Returns a sentence for each action."""
    crm, sage = f"{addresses['sage_sales_management']}/_admin/records", f"{addresses['sage_50']}/_admin"
    with client() as opened:
        accounts = {row["extId"] or row["name"]: row for row in opened.get(f"{crm}/accounts").json()}
        listed, plain = accounts[goods.LISTED], accounts[goods.PLAIN]
        potential, promoted = (accounts[name] for name in people.POTENTIALS[:2])
        on_hold = accounts[next(one["accountRef"] for one in customers.customers() if one["onHold"])]
        _quote(opened, crm, plain, {1: 2, 6: 3})
        _quote(opened, crm, listed, {2: 2})
        _quote(opened, crm, potential, {1: 1})
        _quote(opened, crm, on_hold, {1: 1})
        _quote(opened, crm, plain, {goods.INACTIVE: 1})
        tell(opened, f"{crm}/accounts", {"id": promoted["id"], "statusId": _label(opened, crm, "Client")})
        paid = goods.invoices()[2]
        gross = goods.postings()[-2]["amount"]
        tell(opened, f"{sage}/invoices", {"invoiceNumber": 3, "paid": gross})
        receipt = {"accountRef": paid["customerAccountRef"], "type": "SR", "amount": gross}
        tell(opened, f"{sage}/postings", receipt)
    return [
        f"Sage Sales Management: {plain['name']} is quoted chairs and fitting; the prices come from Sage.",
        f"Sage Sales Management: {listed['name']} is quoted desks, at the trade price of its list.",
        f"Sage Sales Management: {potential['name']} is quoted too, but is no customer yet.",
        f"Sage Sales Management: {on_hold['name']} is quoted, but its account is on hold.",
        f"Sage Sales Management: {plain['name']} is quoted a lamp, which is no longer sold.",
        f"Sage Sales Management: the potential {promoted['name']} becomes a client.",
        f"Sage 50: invoice 3 of {accounts[paid['customerAccountRef']]['name']} is paid.",
    ]


def _quote(opened: httpx.Client, crm: str, account: Row, wanted: Mapping[int, int]) -> None:
    """As a salesperson makes it: products and quantities, no prices."""
    products = {row["extId"]: row["id"] for row in opened.get(f"{crm}/products").json()}
    made = tell(
        opened,
        f"{crm}/salesorders",
        {
            "reference": f"Offer to {account['name']}",
            "accountId": account["id"],
            "salesRepId": 53,
            "statusId": _label(opened, crm, "Draft", "salesorderStatuses"),
        },
    )
    lines: list[dict[str, Any]] = [
        {
            "salesOrderId": made["id"],
            "productId": products[goods.code(place)],
            "quantity": quantity,
            "price": 0,
            "order": order,
        }
        for order, (place, quantity) in enumerate(wanted.items(), 1)
    ]
    tell(opened, f"{crm}/salesordersLines", lines)


def _label(opened: httpx.Client, crm: str, label: str, resource: str = "accountStatuses") -> int:
    rows = opened.get(f"{crm}/{resource}").json()
    return next(int(row["id"]) for row in rows if row["descriptionEN"] == label)
