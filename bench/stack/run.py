"""What the local stack's own process needs: after its start, after so many orders, for each further thousand.

A real stack with the shipped settings and both emulated vendors, each in a process of its own. Handlers are
told apart, as many as were at work at the end.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.figures import Figures, at_most, told
from local.cli._poll import queue_polls, wait_for
from local.settings_file import Settings, parse
from local.stack.process import down, status, up
from local.stack.stack import Stack

ROOT = Path(__file__).parents[1]
AT_ONCE = 500
PATIENCE_SECONDS = 3600.0
SETTINGS = """\
[integration.main]
flow = "sugarcrm--sage_50"
live = true
[integration.main.sugarcrm]
url = "{sugarcrm}"
user = "sync"
password = "sync-password"
base_currency = "GBP"
settle_seconds = 2
[integration.main.sage_50]
url = "{hyperaccounts}"
token = "demo-token"
settle_seconds = 2
"""
CUSTOMER = {
    "accountRef": "CUST1",
    "name": "One",
    "address1": "1 Lane",
    "countryCode": "GB",
    "currency": 1,
    "defTaxCode": 1,
    "onHold": False,
    "inactiveAccount": False,
    "creditLimit": 5000,
}


def run(orders: int = 10_000) -> Figures:
    """Figures by name. Megabytes are proportional: what processes share is counted once among them."""
    with (
        _vendor("sugarcrm") as crm,
        _vendor("hyperaccounts") as ledger,
        tempfile.TemporaryDirectory() as folder,
    ):
        _post(ledger, "customers", [CUSTOMER])
        _post(crm, "accounts", [{"id": "acc1", "name": "One", "sales_account_ref_c": "CUST1"}])
        root, text = Path(folder) / "state", SETTINGS.format(sugarcrm=crm, hyperaccounts=ledger)
        stack = up(_settings(text), root)
        try:
            start, begun = _memory(root), time.monotonic()
            half = _after(stack, crm, ledger, 0, orders // 2)
            full = _after(stack, crm, ledger, orders // 2, orders)
            seconds = time.monotonic() - begun
            made = _made(ledger)
        finally:
            down(root)
    assert made == orders, f"{made} of {orders} orders"
    more = (full["emulator"] - half["emulator"]) / (orders - orders // 2) * 1000
    return {
        "local stack, memory after the start": told(start["emulator"], "MB"),
        f"local stack, memory after {orders} orders": at_most(full["emulator"], 250, "MB"),
        "local stack, memory for each further 1,000 orders": at_most(more, 15, "MB"),
        "local stack, its handlers together": told(full["handlers_mb"], "MB", f"{full['handlers']} of them"),
        f"local stack, {orders} orders made": told(seconds, "s"),
    }


def _settings(text: str) -> Settings:
    return parse(text, Path("settings.toml"), {})


def _after(stack: Stack, crm: str, ledger: str, first: int, last: int) -> dict[str, Any]:
    """Opportunities are won, orders made of them, and the stack has come to rest."""
    for start in range(first, last, AT_ONCE):
        _post(crm, "opportunities", [_deal(number) for number in range(start, min(last, start + AT_ONCE))])
    while _made(ledger) < last:
        runs = queue_polls(stack.target, "main", "sales_order")
        wait_for(stack.target, "main", runs, lambda _: None, PATIENCE_SECONDS)
    time.sleep(8)  # until it is saved, and what that took is given back
    return _memory(stack.home.root)


def _memory(root: Path) -> dict[str, Any]:
    while not (found := dict(status(root).memory)):  # it was too busy to answer
        time.sleep(1)
    return found


def _deal(number: int) -> dict[str, Any]:
    return {
        "id": f"0pp-{number:05d}",
        "name": f"Deal {number}",
        "sales_stage": "Closed Won",
        "amount": f"{100 + number}.00",
        "currency_id": "-99",
        "date_closed": "2026-11-20",
        "account_id": "acc1",
        "sales_order_no_c": None,
    }


def _made(ledger: str) -> int:
    return len(httpx.get(f"{ledger}/_admin/orders", trust_env=False, timeout=300).json())


def _post(address: str, path: str, body: object) -> None:
    answer = httpx.post(f"{address}/_admin/{path}", json=body, trust_env=False, timeout=300)
    assert answer.status_code == 200, answer.text[:300]


@contextmanager
def _vendor(name: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "local.vendors", name, "--watch"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(30)
