"""The emulated Sage 50 and Sage Sales Management with what is sold: products, invoices, orders."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.e2e.sales_world import SalesWorld, sales_world

PNG = b"\x89PNG\r\n\x1a\n picture"


@contextmanager
def goods_world(**switches: Any) -> Iterator[SalesWorld]:
    """No message may have failed at the end."""
    with sales_world(**switches) as made:
        yield made
        assert made.failed == [], made.tell()


def picture(here: SalesWorld, code: str, name: str, content: bytes = PNG) -> None:
    body = {"stockCode": code, "name": name, "content": base64.b64encode(content).decode()}
    here.sage.ask("POST", "pictures", body)


def pictures(here: SalesWorld) -> list[tuple[str, int | None]]:
    """(name, bytes) of all pictures in the CRM."""
    return [(one["name"], one["content"]) for one in here.crm.ask("GET", "pictures")]


def told(here: SalesWorld, record: str) -> list[str]:
    """What the log says of a record, the newest first."""
    rows = here.stores.log.rows(limit=1000)
    return [f"{row.outcome.kind}: {row.outcome.reason}" for row in rows if row.record_id == record]


def line(code: str, quantity: int = 2, price: float = 50, **values: Any) -> dict[str, Any]:
    """At 20 % tax."""
    return {
        "stockCode": code,
        "description": "A thing",
        "quantity": quantity,
        "unitPrice": price,
        "taxCode": 1,
        "taxRate": 20,
        "discount": 0,
        "departmentNumber": 0,
        **values,
    }


def invoice(here: SalesWorld, *lines: dict[str, Any], **values: Any) -> str:
    """Entered and posted, unless `posted` says otherwise; for an `invoiceNumber` that exists, changed."""
    new = {"customerAccountRef": "ACME01", "invoiceDate": "21/11/2026", "posted": True}
    body = {**({} if "invoiceNumber" in values else new), **values}
    if lines:
        body["invoiceItems"] = list(lines)
    return str(here.sage.ask("POST", "invoices", body)[0])


def order(here: SalesWorld, *lines: dict[str, Any], method: str = "POST", **values: Any) -> str:
    """Made (or changed, by PATCH) in Sage by somebody else."""
    body = {"customerAccountRef": "ACME01", **values}
    if lines:
        body["invoiceItems"] = list(lines)
    answer = httpx.request(
        method, f"{here.sage.url}/api/salesOrder", json=body, headers={"AuthToken": "demo-token"}
    ).json()
    assert answer["success"], answer
    return str(answer["response"])


def lines(here: SalesWorld, number: str) -> list[tuple[str, Any, Any, Any]]:
    """(product, quantity, price, total) of the CRM order of this number."""
    own = here.rows("salesorders")[number]["id"]
    found = here.crm.ask("GET", "records/salesordersLines")
    rows = sorted((row for row in found if row["salesorderId"]["id"] == own), key=lambda row: row["order"])
    return [(row["productId"]["value"], row["quantity"], row["price"], row["total"]) for row in rows]
