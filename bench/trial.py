"""Archived orders put through other rules: how long a million of them take, and whether a trial misses what
the real engine makes of the same records under those rules.

The archive is made as it is read, and the time for that is not counted. Unpacking, parsing, both mapping
steps and the comparison are.
"""

import gzip
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

from bench.as_a_command import as_a_command
from bench.figures import Figures, at_most, exactly, told
from bench.mapping.sample import opportunities
from shared.mapping.compile import compile_flow
from shared.operations.trial import Trial, open_trial, trial
from shared.operations.trial_archive import readings
from shared.operations.trial_compare import changes
from shared.ports import Archive
from shared.stores._archive_names import parse, text
from shared.systems.memory import MemorySystem
from tests.properties.orders import CRM, ENTITY, SAGE, customer, order_rig
from tests.properties.rig import Rig

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
SINCE = NOW - timedelta(days=2)
PER_OBJECT, TARGET, MILLION = 50, 60.0, 1_000_000
SLICE = 50_000
FLOW = "sugarcrm--sage_50"
RULES: Mapping[str, Mapping[str, str]] = {
    "the same rules": {},
    "prices are gross": {f"flows/{FLOW}.toml": '[sales_order.pricing]\nprices = "gross"\npenny = "accept"\n'},
    "the line has the customer's name": {
        "systems/sugarcrm/sales_order.toml": '[line]\ndescription = "account.name"\n'
    },
    "a shorter town, a default, a filter, no telephone": {
        "systems/sage_50/sales_order.toml": (
            '[fields]\ndelivery_town = { path = "delAddress3", max = 5 }\n'
            'contact_name = { path = "contactName", max = 30, default = "Accounts" }\n'
        ),
        "systems/sugarcrm/sales_order.toml": '[poll.where]\namount = { lt = "20000" }\n',
        f"flows/{FLOW}.toml": '[sales_order.fields]\nphone = { direction = "off" }\n',
    },
}
_CHANGED = {
    "systems/sage_50/sales_order.toml": '[fields]\ndelivery_county = { path = "delAddress4", max = 12 }\n'
}
"""The rules of the measurement: a county is cut, which a fifth of the orders show."""
_TABLES: dict[str, dict[str, Any]] = {
    CRM: {"currencies": {"-99": "GBP", "": "GBP"}},
    SAGE: {"currencies": {"1": "GBP", "": "GBP"}},
}


def run(count: int = MILLION, compared: int = 1_000) -> Figures:
    """Figures by name."""
    pace, seconds, different = _speed(count)
    missed, invented, real = _against_engine(compared)
    measured = "" if count == MILLION else f"; measured on {count:,}"
    whole = f"at the pace of the quickest {SLICE:,}; all took {seconds * MILLION / count:.0f} s{measured}"
    name = "trial, 1,000,000 archived orders of one line"
    return {
        f"{name}": at_most(pace * MILLION, TARGET, "s of a core", whole),
        f"{name}: of these differ": told(different / count * 100, "%"),
        f"trial, differences from the real engine missed, {compared} orders": exactly(missed, 0, "fields"),
        f"trial, differences told that the real engine does not make, {compared} orders": exactly(
            invented, 0, "fields"
        ),
        f"trial, differences that the real engine makes, {compared} orders": told(real, "fields"),
    }


class _Made:
    """`Archive`, as far as a trial reads it. `spent`: seconds that went into making it; `marks`: seconds of
    everything else until each object was asked for."""

    def __init__(self, count: int) -> None:
        self._count, self._records = count, opportunities(min(count, 10_000))
        self.spent = 0.0
        self.marks: list[float] = []

    def objects(self) -> Iterator[str]:
        for start in range(0, self._count, PER_OBJECT):
            yield f"archive/main/2026/11/22/20261122T101500Z-{start:08x}/{start:012d}-x.jsonl.gz"

    def lines(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        began = time.process_time()
        self.marks.append(began - self.spent)
        start = int(name.rpartition("/")[2].partition("-")[0])
        packed = gzip.compress(text(self._some(start, min(self._count, start + PER_OBJECT))))
        self.spent += time.process_time() - began
        return parse(gzip.decompress(packed), kind)

    def _some(self, start: int, end: int) -> list[dict[str, Any]]:
        own = [self._records[number % len(self._records)] for number in range(start, end)]
        answered = {"kind": "exchange", "at": NOW.isoformat(), "response": {"records": own}}
        return [
            answered,
            *(_line(number, values) for number, values in zip(range(start, end), own, strict=True)),
        ]


def _line(number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    record_id = f"opp-{number:08d}"
    return {
        "kind": "read",
        "at": NOW.isoformat(),
        "run_id": "20261122T101500Z-a1b2",
        "link_id": f"L{number:023d}",
        "system": CRM,
        "entity": ENTITY,
        "id": record_id,
        "label": values["name"],
        "values": {**values, "id": record_id},
        "absent": ["date_entered"],
        "references": {"customer": {"reference": "CUS0001", "currency": "GBP", "tax_code": "T1"}},
    }


def _speed(count: int) -> tuple[float, float, int]:
    """Seconds of processor time for a record at the quickest, for all of them, and how many differ. What else
    the machine's host does makes a core half as quick for seconds on end, and never quicker."""
    archive = _Made(count)
    old, new = (compile_flow(FLOW, rules) for rules in (RULES["the same rules"], _CHANGED))
    tables = {**_TABLES, SAGE: {**_TABLES[SAGE], "tax_codes": {"T1": 20}}}
    for _ in Trial(old, new, tables).run(readings(cast(Archive, _Made(PER_OBJECT)), SINCE)):
        pass  # what is loaded once is no part of the time for each
    tried = Trial(old, new, tables)
    with as_a_command():
        began = time.process_time()
        different = sum(1 for _ in tried.run(readings(cast(Archive, archive), SINCE)))
        seconds = time.process_time() - began - archive.spent
    (way,) = tried.ways
    assert way.tried == count and not way.undecided, f"{way.tried} of {count} were tried"
    slices = [after - before for before, after in pairwise(archive.marks[:: SLICE // PER_OBJECT])]
    return min([one / SLICE for one in slices] or [seconds / count]), seconds, different


def _against_engine(count: int) -> tuple[int, int, int]:
    """Fields missed, fields told for nothing, and fields that really differ, over all sets of rules."""
    missed = invented = real = 0
    before = _synced(count, {})
    was = _orders(before)
    for rules in RULES.values():
        after = _synced(count, rules)
        theirs, ours = _really(was, _orders(after)), _told(before, after)
        missed, invented, real = (
            missed + len(theirs - ours),
            invented + len(ours - theirs),
            real + len(theirs),
        )
    return missed, invented, real


def _synced(count: int, rules: Mapping[str, str]) -> Rig:
    """Two systems in memory between which the real engine has made all that these rules ask for."""
    rig = order_rig()
    rig.flow = compile_flow(FLOW, dict(rules))
    for number in range(900):
        customer(rig, f"CUS{number:04d}")
    crm: MemorySystem = rig.systems[CRM]
    for record in opportunities(count):
        crm.put("Opportunities", record["id"], {**record, "date_entered": "2026-11-20"})
    for _ in range(3):
        rig.clock.advance(900)
        rig.poll()
        rig.drain()
    return rig


def _orders(rig: Rig) -> dict[str, Mapping[str, Any]]:
    """Opportunity -> the order that was made for it."""
    made = rig.systems[SAGE].objects.get("salesOrder", {})
    return {one.sides[CRM].id: made[one.sides[SAGE].id] for one in rig.links() if SAGE in one.sides}


Fields = set[tuple[str, ...]]


def _really(was: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> Fields:
    found: Fields = {(deal, "made") for deal in was.keys() ^ now.keys()}
    nowhere = (frozenset[str](), frozenset[str]())
    for deal in was.keys() & now.keys():
        differ = changes(was[deal], now[deal], nowhere)
        found |= {(deal, *map(str, one)) for one in differ if one[0] != "orderNumber"}
    return found


def _told(before: Rig, after: Rig) -> Fields:
    services = cast(Any, SimpleNamespace(**vars(before.services())))
    tried = open_trial(services, after.flow)
    found: Fields = set()
    for one in trial(services, tried, before.clock.now() - timedelta(days=30)):
        found |= {(one.record_id, *map(str, field)) for field in one.fields}
        if ("sent" in (one.before, one.after)) and one.before != one.after:
            found.add((one.record_id, "made"))
    return found
