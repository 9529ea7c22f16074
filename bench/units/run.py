"""What records and quiet cycles cost in DynamoDB's write units, indexes included, and in dollars.

Two installations of the shipped flows, every field filled: orders from SugarCRM to Sage 50, which go one way,
and organisations and invoices between Vtiger and Sage Accounting, which go both. Rows that a whole batch or
poll shares (gate, lane, cursor, counts, caches) are reported apart.
"""

from collections import Counter

import pytest

from bench.figures import Figures, at_most, told
from bench.installation import Installation, installation
from bench.pair import Moto, Pair, pair
from bench.units import prices
from bench.units.counter import Billed, billed
from bench.units.sample import LINES, document, filled_account, filled_customer, organisation, product
from shared.operations import warnings

OWN = ("link", "pointer", "log", "wait")
"""Rows that belong to one record."""
A_QUARTER = 7
"""Times `count` orders in a quarter of an hour: 350, as a million in a month come."""


def run(count: int = 50) -> Figures:
    """Figures by name, each of `count` records. Raises AssertionError when emulator and counter disagree."""
    with pytest.MonkeyPatch.context() as patch, billed(patch) as count_of, installation("v11") as here:
        figures = _orders(here, count_of, count)
    with pytest.MonkeyPatch.context() as patch, billed(patch) as count_of, installation("v11") as here:
        _made(here, count_of, A_QUARTER * count)
        figures |= prices.per_million(count_of, here.aws, A_QUARTER * count)
    with pytest.MonkeyPatch.context() as patch, billed(patch) as count_of, pair({}, Moto) as two:
        # Our clock is moved on here, and the vendors' answers carry the true one: no reason to warn.
        patch.setattr(warnings, "MOST_AHEAD", float("inf"))
        figures |= _two_way(two, count_of, count)
        figures |= _invoices(two, count_of)
        figures |= _quiet(two, count_of)
    return figures


def _orders(here: Installation, billed: Billed, count: int) -> Figures:
    ids = _made(here, billed, count)
    figures = _each("new one-way order", billed, count, 9) | _size("order", billed) | _shared(billed)
    here.change(ids, amount="9999.00")
    billed.clear()
    for one in ids:
        here.world.hook({"data": {"id": one}})
    here.world.drain()
    return figures | _each("order changed in the CRM after it was made", billed, count, 6)


def _made(here: Installation, billed: Billed, count: int) -> list[str]:
    """Orders of as many customers, found by one poll; ids of their opportunities."""
    here.post(here.sugar, "accounts", [filled_account(number) for number in range(count)])
    here.post(here.sage, "customers", [filled_customer(number) for number in range(count)])
    ids = here.won(count, accounts=count)
    here.forget()
    billed.clear()
    here.world.tick()
    here.world.drain()
    assert len(here.orders()) == count
    return ids


def _two_way(here: Pair, billed: Billed, count: int) -> Figures:
    here.settle()
    rows = [organisation(number) for number in range(count)]
    here.post(here.crm, "records/Accounts", rows)
    billed.clear()
    here.tick()
    here.drain()
    assert len(here.list(here.sage, "contacts")) >= count
    figures = _each("new two-way organisation, every field filled", billed, count, 10)
    figures |= _size("organisation", billed)
    here.settle()
    ids = sorted(one["id"] for one in here.list(here.crm, "records/Accounts"))[:count]
    here.pass_time()
    here.post(
        here.crm, "records/Accounts", [{"id": one, "phone": f"0113 {n:07}"} for n, one in enumerate(ids)]
    )
    billed.clear()
    here.tick()
    here.drain()
    figures |= _each("linked organisation changed", billed, count, 6)
    here.settle()
    here.pass_time()
    here.post(
        here.crm, "records/Accounts", [{"id": one, "description": f"note {n}"} for n, one in enumerate(ids)]
    )
    billed.clear()
    here.tick()
    here.drain()
    return figures | _each("edit that writes nothing", billed, count, 0)


def _invoices(here: Pair, billed: Billed) -> Figures:
    here.post(here.crm, "records/Products", [product(number) for number in range(max(LINES))])
    here.settle()
    figures: Figures = {}
    account = sorted(one["id"] for one in here.list(here.crm, "records/Accounts"))[0]
    items = sorted(one["id"] for one in here.list(here.crm, "records/Products"))
    for lines in LINES:
        here.post(here.crm, "records/Invoice", [document(account, items[:lines])])
        billed.clear()
        here.pass_time()
        here.tick()
        here.drain()
        figures |= _each(f"new two-way invoice of {lines} lines", billed, 1)
        here.settle()
        made = [one["id"] for one in here.list(here.crm, "records/Invoice")][-1]
        here.post(here.crm, "records/Invoice", [{"id": made, "customerno": "PO 2"}])
        billed.clear()
        here.pass_time()
        here.tick()
        here.drain()
        figures |= _each(f"changed two-way invoice of {lines} lines", billed, 1)
        here.settle()
    return figures


def _quiet(here: Pair, billed: Billed) -> Figures:
    for _ in range(2):
        here.pass_time()
        here.tick()
    billed.clear()
    here.forget()
    here.pass_time()
    here.tick()
    return {
        "units, quiet cycle, all five entities": told(billed.units(), "units", _words(billed.by_kind()))
    } | prices.idle_month(billed, here.aws)


def _each(name: str, billed: Billed, count: int, target: float | None = None) -> Figures:
    own = Counter({kind: units for kind, units in billed.by_kind().items() if kind in OWN})
    value, note = billed.units(*OWN) / count, _words(own, count)
    figure = told(value, "units", note) if target is None else at_most(value, target, "units", note)
    return {f"units, {name}": figure}


def _size(name: str, billed: Billed) -> Figures:
    last = [row.bytes for row in billed.rows if row.kind == "link"]
    return {f"bytes, item of {name} at rest": told(last[-1], "bytes", f"at most {max(last)} under way")}


def _shared(billed: Billed) -> Figures:
    shared = {kind: units for kind, units in billed.by_kind().items() if kind not in OWN}
    return {
        "units, rows that a batch and its poll share": told(sum(shared.values()), "units", _words(shared))
    }


def _words(counted: Counter[str] | dict[str, int], count: int = 1) -> str:
    return ", ".join(f"{number / count:g} {name}" for name, number in sorted(counted.items()))
