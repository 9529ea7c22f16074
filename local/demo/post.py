"""Sends rows to the admin API of an emulated vendor, as people at their screens would have typed them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from local.vendors._guard import HEADER

_PAGE = 50
ADMIN_TOKEN = secrets.token_urlsafe(12)
"""For the pages of the vendors that this demonstration starts."""
Row = dict[str, Any]
Advance = Callable[[int], None]
"""Called with the number of records that each call added."""


@dataclass(frozen=True)
class Plan:
    """`size` records, which `load` puts into the emulators, given their addresses by system.

    Raises RuntimeError with the emulator's reason if it refuses.
    """

    size: int
    load: Callable[[Mapping[str, str], Advance], None]


def client() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=300, headers={HEADER: ADMIN_TOKEN})


def post(opened: httpx.Client, url: str, rows: Sequence[Row], advance: Advance) -> None:
    for start in range(0, len(rows), _PAGE):
        page = list(rows[start : start + _PAGE])
        tell(opened, url, page)
        advance(len(page))


def tell(opened: httpx.Client, url: str, body: object) -> Any:
    """Returns the answer. Raises RuntimeError with the emulator's reason if it refuses."""
    answer = opened.post(url, json=body)
    if answer.status_code != 200:
        raise RuntimeError(f"The emulated vendor at {url} refused the sample data: {answer.text[:300]}")
    return answer.json()


def send_hooks(crm: str) -> int:
    """Runs the emulated CRM's cron now and returns how many webhooks it sent. Hooks caused by our own writes
    come in a later round."""
    with client() as opened:
        return int(opened.post(f"{crm}/_admin/cron").json()["sent"])
