"""Quotations as a salesperson makes them in the emulated Sage Sales Management: products and quantities, no
prices."""

from collections.abc import Mapping

import httpx

from local.demo.post import Row, tell


def quote(opened: httpx.Client, crm: str, account: Row, wanted: Mapping[str, int]) -> None:
    """`crm` is the address of the emulator's records; `wanted` is product code -> quantity.

    Raises RuntimeError with the emulator's reason if it refuses.
    """
    products = {row["extId"]: row["id"] for row in opened.get(f"{crm}/products").json()}
    header = {
        "reference": f"Offer to {account['name']}",
        "accountId": account["id"],
        "salesRepId": 53,
        "statusId": label(opened, crm, "salesorderStatuses", "Draft"),
    }
    made = tell(opened, f"{crm}/salesorders", header)["id"]
    lines = [
        {
            "salesOrderId": made,
            "productId": products[code],
            "quantity": quantity,
            "price": 0,
            "order": order,
        }
        for order, (code, quantity) in enumerate(wanted.items(), 1)
    ]
    tell(opened, f"{crm}/salesordersLines", lines)


def label(opened: httpx.Client, crm: str, resource: str, text: str) -> int:
    """The tenant's id of a label."""
    rows = opened.get(f"{crm}/{resource}").json()
    return next(int(row["id"]) for row in rows if row["descriptionEN"] == text)
