"""What people do after the first cycle: quotations in the CRM, a payment in Sage."""

from collections.abc import Mapping

from local.demo.post import client, tell
from local.demo.quoting import label, quote
from local.demo.sage_sales_management_sage_50 import customers, goods, people


def later(addresses: Mapping[str, str]) -> list[str]:
    """Returns a sentence for each action."""
    crm, sage = f"{addresses['sage_sales_management']}/_admin/records", f"{addresses['sage_50']}/_admin"
    with client() as opened:
        accounts = {row["extId"] or row["name"]: row for row in opened.get(f"{crm}/accounts").json()}
        listed, plain = accounts[goods.LISTED], accounts[goods.PLAIN]
        potential, promoted = (accounts[name] for name in people.POTENTIALS[:2])
        on_hold = accounts[next(one["accountRef"] for one in customers.customers() if one["onHold"])]
        quote(opened, crm, plain, {goods.code(1): 2, goods.code(6): 3})
        quote(opened, crm, listed, {goods.code(2): 2})
        quote(opened, crm, potential, {goods.code(1): 1})
        quote(opened, crm, on_hold, {goods.code(1): 1})
        quote(opened, crm, plain, {goods.code(goods.INACTIVE): 1})
        tell(
            opened,
            f"{crm}/accounts",
            {"id": promoted["id"], "statusId": label(opened, crm, "accountStatuses", "Client")},
        )
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
