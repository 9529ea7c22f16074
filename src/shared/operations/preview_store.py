"""Previews that were made for the console: of each list the newest few, with their counts and totals, and
their records in parts. They are kept for a fortnight among the small things that `erase` looks through."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from shared.domain.record import record, replace
from shared.ports import Cache

KEPT = 5
"""Previews of one list; an older one goes when its time is over."""
PART = 50
"""Records of a part: one row of the table."""
_KIND, _DAYS = "preview", timedelta(days=14)


@record
class Field:
    """One value that would be written. `before` is "" where there was none."""

    system: str
    name: str
    before: str
    after: str


@record
class Planned:
    """What would become of one record. `would` is a word of `Forecast`."""

    system: str
    id: str
    label: str
    would: str
    reason: str
    notes: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    fields: tuple[Field, ...] = ()
    lost: tuple[Field, ...] = ()
    """Values of a side that would be overwritten, although somebody entered them there."""


@record
class Made:
    """A preview of one list. `counts`: would -> records; `totals`: would -> currency -> sum of the documents
    that have an amount. `stopped`: why there is no more of it; `more`: there are more records than were
    looked at."""

    entity: str
    run_id: str
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    state: Literal["running", "done", "stopped"] = "running"
    read: int = 0
    parts: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    stopped: str = ""
    more: bool = False


class Previews:
    """Of one integration."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def of(self, entities: Sequence[str], now: datetime) -> dict[str, list[Made]]:
        """Entity -> its previews, newest first. 1 request for 100 entities."""
        rows = self._cache.get(_KIND, list(entities), now)
        return {entity: [_made(one) for one in rows.get(entity, {}).get("made", [])] for entity in entities}

    def note(self, made: Made, now: datetime) -> None:
        """The preview as it is by now. 2 requests."""
        others = [one for one in self.of([made.entity], now)[made.entity] if one.run_id != made.run_id]
        rows = {made.entity: {"made": [asdict(one) for one in (made, *others)[:KEPT]]}}
        self._cache.put(_KIND, rows, now + _DAYS)

    def add(self, made: Made, planned: Sequence[Planned], now: datetime) -> Made:
        """One part more, of at most `PART` records. 1 request."""
        rows = {_part(made.run_id, made.parts): {"planned": [asdict(one) for one in planned]}}
        self._cache.put(_KIND, rows, now + _DAYS)
        return replace(made, parts=made.parts + 1)

    def records(self, made: Made, now: datetime) -> list[Planned]:
        """All of them; without those of a person that was erased since, and of others that stood beside it.
        1 request for 100 parts."""
        names = [_part(made.run_id, number) for number in range(made.parts)]
        rows = self._cache.get(_KIND, names, now)
        return [_planned(one) for name in names if name in rows for one in rows[name]["planned"]]


def _part(run_id: str, number: int) -> str:
    return f"{run_id}.{number:03d}"


def _made(row: Mapping[str, Any]) -> Made:
    return Made(**{**row, "notes": tuple(row["notes"])})


def _planned(row: Mapping[str, Any]) -> Planned:
    fields, lost = (tuple(Field(**one) for one in row[name]) for name in ("fields", "lost"))
    return Planned(**{**row, "notes": tuple(row["notes"]), "fields": fields, "lost": lost})
