"""Puts the sample into the emulated vendors, as people at their screens would have."""

from collections.abc import Callable, Sequence

import httpx

from local.demo.sample import Row, Sample

_PAGE = 50
_ONE_SECOND = "2026-11-20T09:30:00+00:00"
Advance = Callable[[int], None]


def load(sample: Sample, sugarcrm: str, sage: str, advance: Advance = lambda _: None) -> None:
    """`advance` hears how many records each call added. Raises RuntimeError with what an emulator refused."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        _post(client, f"{sage}/_admin/customers", sample.customers, advance)
        _post(client, f"{sugarcrm}/_admin/currencies", sample.currencies, advance)
        _post(client, f"{sugarcrm}/_admin/accounts", sample.accounts, advance)
        together = [one.values for one in sample.opportunities if one.state == "same_second"]
        apart = [one.values for one in sample.opportunities if one.state != "same_second"]
        _post(client, f"{sugarcrm}/_admin/opportunities", apart, advance)
        _tell(client, f"{sugarcrm}/_admin/clock", {"freeze": _ONE_SECOND})
        _post(client, f"{sugarcrm}/_admin/opportunities", together, advance)
        _tell(client, f"{sugarcrm}/_admin/clock", {"freeze": False})


def send_hooks(crm: str) -> int:
    """Runs the emulated CRM's cron now; how many webhooks it sent. Hooks of our own write-backs come in a later round."""
    with httpx.Client(trust_env=False, timeout=300) as client:
        return int(client.post(f"{crm}/_admin/cron").json()["sent"])


def size(sample: Sample) -> int:
    return len(sample.customers) + len(sample.currencies) + len(sample.accounts) + len(sample.opportunities)


def _post(client: httpx.Client, url: str, rows: Sequence[Row], advance: Advance) -> None:
    for start in range(0, len(rows), _PAGE):
        page = list(rows[start:start + _PAGE])
        _tell(client, url, page)
        advance(len(page))


def _tell(client: httpx.Client, url: str, body: object) -> None:
    answer = client.post(url, json=body)
    if answer.status_code != 200:
        raise RuntimeError(f"The emulated vendor at {url} refused the sample data: {answer.text[:300]}")
