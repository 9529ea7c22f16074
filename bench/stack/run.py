"""What the local stack's own process needs: after its start, after so many records, for each further
thousand; and whether the last thousand takes as long as the first.

A real stack with the shipped settings and both emulated vendors, each in a process of its own. Handlers are
told apart, as many as were at work at the end.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from bench.figures import Figures, at_most, told
from bench.firms import organisation
from bench.stack.installed import Installed, installed, say

AT_ONCE = 500
STEP = 1_000
PATIENCE_SECONDS = 3_600.0
_REST_SECONDS = 8.0
"""Until it is saved, and what that took is given back."""


@dataclass(frozen=True)
class Load:
    """One flow's records. `begin` makes what all of them need; `make` makes those of these numbers in the
    CRM; `done` counts those that have arrived in the ledger."""

    flow: str
    entity: str
    words: str
    directions: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    begin: Callable[[Installed], object]
    make: Callable[[Installed, range], object]
    done: Callable[[Installed], int]


@dataclass(frozen=True)
class Reached:
    records: int
    seconds: float
    memory: Mapping[str, Any]


def run(load: Load, count: int = 10_000) -> Figures:
    """Figures by name. Megabytes are proportional: what processes share is counted once among them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        installed(Path(folder), load.flow, load.directions, load.options) as here,
    ):
        load.begin(here)
        start = here.memory()["emulator"]
        say(f"{load.words}: {start} MB after the start")
        steps = [_step(here, load, first, min(count, first + STEP)) for first in range(0, count, STEP)]
        time.sleep(_REST_SECONDS)
        end = here.memory()
    name, seconds = f"local stack, {count} {load.words}", [one.seconds for one in steps]
    return {
        f"{name}: memory after the start": told(start, "MB"),
        f"{name}: memory after them": at_most(end["emulator"], 250, "MB"),
        f"{name}: memory for each further 1,000": at_most(_slope(steps, start), 15, "MB"),
        f"{name}: its handlers together": told(end["handlers_mb"], "MB", f"{end['handlers']} of them"),
        f"{name}: seconds": told(sum(seconds), "s", ", ".join(f"{one:.0f}" for one in seconds)),
        f"{name}: the last half took, of the first half's time": at_most(_grown(seconds), 1.5, "times"),
    }


def _step(here: Installed, load: Load, first: int, last: int) -> Reached:
    """They are made in the CRM, have arrived in the ledger, and the stack has come to rest."""
    begun = time.monotonic()
    for start in range(first, last, AT_ONCE):
        load.make(here, range(start, min(last, start + AT_ONCE)))
    while (done := load.done(here)) < last:
        assert time.monotonic() < begun + PATIENCE_SECONDS, f"{done} of {last} {load.words} in an hour"
        here.cycle(load.entity, PATIENCE_SECONDS)
    assert done == last, f"{done} instead of {last} {load.words}"
    reached = Reached(last, time.monotonic() - begun, here.memory())
    say(f"{last} {load.words}: {reached.seconds:.0f} s, {reached.memory}")
    return reached


def _slope(steps: list[Reached], start: float) -> float:
    """Megabytes for a thousand, over the second half of the way: the first also loads what every stack
    needs."""
    half, end = steps[(len(steps) - 1) // 2], steps[-1]
    if half is end:
        return float(end.memory["emulator"] - start) / end.records * 1000
    return float(end.memory["emulator"] - half.memory["emulator"]) / (end.records - half.records) * 1000


def _grown(seconds: list[float]) -> float:
    half = len(seconds) // 2
    return mean(seconds[-half:]) / mean(seconds[:half]) if half else 1.0


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


def _one_customer(here: Installed) -> None:
    here.post(here.sage, "customers", [CUSTOMER])
    here.post(here.crm, "accounts", [{"id": "acc1", "name": "One", "sales_account_ref_c": "CUST1"}])


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


def _organisation(number: int) -> dict[str, str]:
    return organisation(f"Company {number} Ltd", f"info@company{number}.test", number) | {
        "phone": "0113 496 0000"
    }


_SOON = {"settle_seconds": "2"}
ORDERS = Load(
    "sugarcrm--sage_50",
    "sales_order",
    "orders",
    {},
    {"sugarcrm": _SOON, "sage_50": _SOON},
    begin=_one_customer,
    make=lambda here, numbers: here.post(here.crm, "opportunities", [_deal(one) for one in numbers]),
    done=lambda here: len(here.get(here.sage, "orders")),
)
ORGANISATIONS = Load(
    "vtiger--sage_accounting",
    "account",
    "organisations",
    {"contact": "off", "product": "off", "service": "off", "invoice": "off"},
    {"vtiger": _SOON, "sage_accounting": _SOON},
    begin=lambda _: None,
    make=lambda here, numbers: here.post(
        here.crm, "records/Accounts", [_organisation(one) for one in numbers]
    ),
    done=lambda here: sum(one["name"].startswith("Company") for one in here.get(here.sage, "contacts")),
)
