"""10,000 archived customers as JSON lines, and systems that answer from them: made up, always the same.

A line holds what both systems had when it was archived: {"number", "source", "vtiger", "sage_accounting"}; a
side is null where the record did not exist. Half of the customers are linked and were edited since, the other
half is new on one side.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from shared.errors import SyncError
from shared.ports import (
    Capabilities,
    Clock,
    FieldInfo,
    Finding,
    Gone,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Values,
)
from shared.systems._connector import Connector

CRM, SAGE = "vtiger", "sage_accounting"
Row = dict[str, Any]
_STREETS = (
    "High Street",
    "Station Road",
    "Church Lane",
    "Mill Lane",
    "Victoria Road",
    "The Green",
    "Kings Way",
)
_TOWNS = (
    ("Leeds", "West Yorkshire", "LS1"),
    ("Bristol", "Avon", "BS1"),
    ("Dundee", "", "DD1"),
    ("Newry", "County Down", "BT34"),
)
_TRADES = (
    "Pumps & Valves",
    "Café Fit-out",
    "Logistics",
    "O'Hara Joinery",
    "Precision Tools",
    "Catering",
    "Marine",
    "Print",
)
_EDITS = ("phone", "email1", "bill_street", "bill_city", "accountname", "ship_code")
_SAGE_EDITS = ("main_contact_person/telephone", "main_address/city", "tax_number", "name")


class ArchivedSystem(Connector):
    """Answers `read` and `find` from archived native values; takes what is written, as a vendor would."""

    settle_seconds = 60.0
    capabilities = Capabilities(key_search=True, batch_update=50)

    def __init__(self, name: str, clock: Clock) -> None:
        self.name, self.clock = name, clock
        self.rows: dict[str, Row] = {}
        self._found: dict[str, dict[str, list[str]]] = {}
        self._put: dict[str, int] = {}
        self._puts = 0
        """How many rows were put so far; `_put`: record id -> the how manieth it was when last put."""

    def put(self, row: Row) -> None:
        record_id, old = row["id"], self.rows.get(row["id"])
        for path, index in self._found.items():
            if old is not None:
                index[str(old.get(path))].remove(record_id)
            index.setdefault(str(row.get(path)), []).append(record_id)
        self.rows[record_id] = row
        self._puts += 1
        self._put[record_id] = self._puts

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        at = self.clock.now()
        return {one: self._snapshot(one, at) if one in self.rows else Gone(one, at) for one in ids}

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        at, index = self.clock.now(), self._index(path)
        return {value: [self._snapshot(one, at) for one in index.get(value, ())] for value in values}

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        return [{"id": "GBP", "iso": "GBP", "rate": "1", "base": "1"}] if name == "currencies" else []

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        for patch in patches:
            self.put({**self.rows[patch.id], **patch.values})
        return [self._snapshot(patch.id, self.clock.now()) for patch in patches]

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        raise AssertionError(f"a preview was about to make {key}")

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        """One page of what was put since the cursor, in the order of the archive."""
        now, since = self.clock.now(), (cursor or {}).get("put", 0)
        changed = [one for one, place in self._put.items() if place > since]
        yield Page(tuple(self._snapshot(one, now) for one in changed), {"put": self._puts}, last=True)

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return []

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return None

    def _snapshot(self, record_id: str, at: datetime) -> Snapshot:
        return Snapshot(record_id, dict(self.rows[record_id]), at)

    def _index(self, path: str) -> dict[str, list[str]]:
        if path not in self._found:
            made: dict[str, list[str]] = {}
            for record_id, row in self.rows.items():
                made.setdefault(str(row.get(path)), []).append(record_id)
            self._found[path] = made
        return self._found[path]


def customers(count: int, to_sage: Callable[[Row], Row]) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """(how a linked pair was before, or None; the archived line). `to_sage` spells a Vtiger row as Sage
    does."""
    dice = random.Random(10_000)
    for number in range(count):
        here = organisation(dice, number)
        there = {**to_sage(here), "id": f"{number:032x}", "contact_type_id": "CUSTOMER", "currency_id": "GBP"}
        linked = number % 2 == 0
        source = CRM if dice.random() < 0.75 else SAGE
        before = {CRM: here, SAGE: there} if linked else None
        if linked:
            here, there = _edited(dice, source, here, there)
        elif dice.random() < 0.1:
            here = {**here, "phone": "", "bill_city": "Elsewhere"}  # the same customer, entered on both sides
        line = {"number": number, "source": source, CRM: here, SAGE: there}
        if not linked and here["bill_city"] != "Elsewhere":
            line[SAGE if source == CRM else CRM] = None
        yield before, json.dumps(line)


def _edited(dice: random.Random, source: str, here: Row, there: Row) -> tuple[Row, Row]:
    """One to three fields on the side that the event comes from; now and then the other side too."""
    for name in dice.sample(_EDITS, dice.randint(1, 3)) if source == CRM or dice.random() < 0.1 else ():
        here = {**here, name: _another(here[name])}
    for name in dice.sample(_SAGE_EDITS, dice.randint(1, 3)) if source == SAGE or dice.random() < 0.1 else ():
        there = {**there, name: _another(there[name])}
    return here, there


def _another(value: str) -> str:
    return f"new.{value}" if "@" in value else f"{value} 2"


def organisation(dice: random.Random, number: int) -> Row:
    town, county, code = dice.choice(_TOWNS)
    street = f"{dice.randint(1, 240)} {dice.choice(_STREETS)}"
    return {
        "id": f"11x{number + 1}",
        "modifiedtime": "2026-11-21 23:04:06",
        "accountname": f"{dice.choice(_TRADES)} {number} Limited",
        "email1": f"office{number}@customer{number}.example",
        "phone": f"0113 {dice.randint(100, 999)} {number:04d}",
        "@VAT number": f"GB{100_000_000 + number}",
        "@Sage reference": f"C{number:05d}" if dice.random() < 0.7 else "",
        "bill_street": street,
        "bill_city": town,
        "bill_state": county,
        "bill_code": f"{code} {number % 9}AA",
        "bill_country": "United Kingdom",
        "ship_street": f"Dock {dice.randint(1, 9)}\n{street}",
        "ship_city": town,
        "ship_state": county,
        "ship_code": f"{code} {number % 9}AB",
        "ship_country": "United Kingdom",
    }
