"""The emulated Sage 50 and Sage Sales Management with what is sold: products, invoices, orders."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
