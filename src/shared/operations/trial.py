"""Archived records put through other rules: which would come out differently, field by field and in money.

Nothing is written, and nothing is read from the systems but their reference tables (currencies, tax codes)
and, where that is asked for, some of the records whose fields are not in the archive.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.model import Flow
from shared.operations.trial_archive import readings
from shared.operations.trial_compare import SENT, Changes, Difference, alike, changes, places, said
from shared.operations.trial_fields import Asked, carried
from shared.operations.trial_quick import Quick
from shared.operations.trial_same import Otherwise, made_alike, written_otherwise
from shared.operations.trial_step import NOTHING, Came, Step
from shared.ports import ObjectSpec, Reading, Snapshot
from shared.sync.engine.archived import asked_paths
from shared.sync.engine.reference_tables import Tables, tables_needed

Line = Mapping[str, Any]
ReadNow = Callable[[str, ObjectSpec, Sequence[str]], Mapping[str, Reading]]
"""(system, spec, ids) -> what each shows now."""


@dataclass
class Way:
    """The count of one entity on its way from `source` to `target`. `fields`: native field of the target ->
    records in which it differs. `not_archived`: field -> records that were not asked for it then;
    `undecided`: those of them of which it cannot be told what becomes of them. `money`: currency -> [sum
    before, sum after] of the totals."""

    entity: str
    source: str
    target: str
    tried: int = 0
    different: int = 0
    undecided: int = 0
    live: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    not_archived: Counter[str] = field(default_factory=Counter)
    money: dict[str, list[Decimal]] = field(default_factory=dict)


class Trial:
    """`old` and `new`: the flow as it is and as it would be. `tables`: system -> its reference tables.
    `live`: how many records with a field that is not in the archive are read now."""

    def __init__(
        self,
        old: Flow,
        new: Flow,
        tables: Mapping[str, Mapping[str, Any]],
        read_now: ReadNow | None = None,
        live: int = 0,
    ) -> None:
        self._flows, self._tables, self._read_now = (old, new), tables, read_now
        self._live = live if read_now else 0
        self._ways: dict[tuple[str, str], _Pair | None] = {}

    @property
    def ways(self) -> list[Way]:
        return [pair.way for pair in self._ways.values() if pair is not None]

    def notes(self) -> list[str]:
        """What of the rules differs and is no part of a trial, because it rests on look-ups."""
        return [note for pair in self._ways.values() if pair is not None for note in pair.notes()]

    def run(self, lines: Iterator[Line]) -> Iterator[Difference]:
        """The records that would come out differently, as they are found."""
        for line in lines:
            pair = self._pair(line)
            if pair is None:
                continue
            unknown = pair.unfetched(line)
            if unknown and self._live > 0:
                self._live -= 1
                now = self._now(pair, line)
                line, unknown = (now, NOTHING) if now is not None else (line, unknown)
            found = pair.tried(line, unknown)
            if found is not None:
                yield found

    def _now(self, pair: "_Pair", line: Line) -> Line | None:
        """The record as it is now, asked for by the new rules and the old ones; None where it is gone."""
        assert self._read_now is not None
        values: dict[str, Any] = {}
        absent: set[str] = set()
        for step in pair.steps:
            if step.flow is None:
                continue
            found = self._read_now(line["system"], step.reader.spec, [line["id"]]).get(line["id"])
            if not isinstance(found, Snapshot):
                return None
            values = {**values, **found.values}
            absent |= {*asked_paths(step.reader)}
        return {**line, "values": values, "absent": [*absent - values.keys()], "live": True}

    def _pair(self, line: Line) -> "_Pair | None":
        key = (line["entity"], line["system"])
        if key not in self._ways:
            self._ways[key] = _pair(self._flows, *key, self._tables)
        return self._ways[key]


class _Pair:
    """One way under both flows."""

    def __init__(self, way: Way, before: Step, after: Step) -> None:
        self.way, self.steps = way, (before, after)
        self._alike_to_here, otherwise = made_alike(before, after), written_otherwise(before, after)
        self._otherwise = None if otherwise is None else Otherwise(before, after, otherwise)
        quick = Quick(before, self._otherwise) if self._alike_to_here and self._otherwise else None
        self._quick = quick if quick is not None and quick.able else None
        once = (before,) if self._alike_to_here else self.steps
        self._asked = [
            Asked(step.flow, way.source, carried(step.flow, way.source, way.target))
            for step in once
            if step.flow is not None
        ]

    def unfetched(self, line: Line) -> frozenset[str]:
        found = self._asked[0].unfetched(line)
        for one in self._asked[1:]:
            found |= one.unfetched(line)
        return found

    def tried(self, line: Line, unknown: frozenset[str]) -> Difference | None:
        way, (before, after) = self.way, self.steps
        way.tried += 1
        way.live += 1 if "live" in line else 0
        told = self._quick.told(line) if self._quick is not None and not unknown else None
        if told is not None:
            worth, currency, fields = told
            self._add_alike(worth, currency)
            return self._differs(line, SENT, fields, (worth, worth), currency) if fields else None
        if unknown:
            way.not_archived.update(_told(name) for name in unknown)
        if unknown and not unknown.isdisjoint(before.decides | after.decides):
            way.undecided += 1
            return None
        was, now = self._both(line, unknown)
        if unknown and was.kind != now.kind:
            way.undecided += 1
            return None
        self._sum(was, now)
        return None if alike(was, now) else self._difference(line, was, now, unknown)

    def _difference(self, line: Line, was: Came, now: Came, unknown: frozenset[str]) -> Difference | None:
        left_out = places(self.steps, unknown)
        fields = tuple(changes(was.values, now.values, left_out)) if was.kind == now.kind else ()
        become = said(was), said(now)
        if not fields and become[0] == become[1]:
            return None
        return self._differs(line, become, fields, (was.total, now.total), now.currency or was.currency)

    def _differs(
        self,
        line: Line,
        become: tuple[str, str],
        fields: Changes,
        totals: tuple[Decimal | None, Decimal | None],
        currency: str,
    ) -> Difference:
        way = self.way
        way.different += 1
        for name in {_without_number(one[0]): None for one in fields}:
            way.fields[name] += 1
        return Difference(
            way.entity,
            way.source,
            way.target,
            line["id"],
            line.get("label", ""),
            *become,
            fields,
            *totals,
            currency,
            "live" in line,
        )

    def _both(self, line: Line, unknown: frozenset[str]) -> tuple[Came, Came]:
        """What differs nowhere in the rules is worked out once."""
        before, after = self.steps
        if not self._alike_to_here:
            was = before.came(line, unknown)
            return was, after.came(line, unknown, was.view)
        made = before.made(line, unknown)
        if isinstance(made, Came):
            return made, made
        came = self._otherwise.came(made) if self._otherwise is not None and not unknown else None
        return came or (before.sent(made), after.sent(made))

    def _sum(self, was: Came, now: Came) -> None:
        for place, came in enumerate((was, now)):
            if came.total is not None:
                self._sums(came.currency)[place] += came.total

    def _add_alike(self, worth: Decimal | None, currency: str) -> None:
        if worth is not None:
            sums = self._sums(currency)
            sums[0] += worth
            sums[1] += worth

    def _sums(self, currency: str) -> list[Decimal]:
        found = self.way.money.get(currency)
        if found is None:
            found = self.way.money[currency] = [Decimal(0), Decimal(0)]
        return found

    def notes(self) -> list[str]:
        old, new = (step.flow for step in self.steps)
        if old is None or new is None:
            return []
        said = []
        what, where = words(self.way.entity), title(self.way.target)
        if old.figures and new.figures and _coding(old.figures) != _coding(new.figures):
            said.append(f"{what}: which of the tax codes of {where} a line gets is looked up, and not tried")
        if new.pricing and new.pricing.by != "document":
            said.append(f"{what}: the prices of {where} are looked up, and not tried")
        return said


def _coding(figures: Any) -> tuple[Any, ...]:
    return (figures.codes, figures.tax_codes)


def _told(name: str) -> str:
    return name.removeprefix("where ")


def _without_number(path: str) -> str:
    """A field of a line, whichever line it is."""
    if " " not in path:
        return path
    return " ".join(part for part in path.split(" ") if not part.isdigit())


def _pair(
    flows: tuple[Flow, Flow], entity: str, source: str, tables: Mapping[str, Mapping[str, Any]]
) -> _Pair | None:
    """None for what neither flow carries this way."""
    target = flows[0].sage if source == flows[0].crm else flows[0].crm
    before, after = (Step(flow, entity, source, target, tables) for flow in flows)
    if before.flow is None and after.flow is None:
        return None
    return _Pair(Way(entity, source, target), before, after)


def open_trial(services: Services, new: Flow, live: int = 0) -> Trial:
    """The flow that is stored against `new`. Raises the SyncErrors of the systems whose tables must be
    read."""
    flows, stores = (services.flow, new), services.stores
    needs: dict[str, frozenset[str]] = {}
    for flow in flows:
        for system, names in tables_needed(flow).items():
            needs[system] = needs.get(system, frozenset()) | names
    tables = Tables(services.systems, needs, stores.cache, services.clock.now)
    made = {system: tables.of(system) for system in (new.crm, new.sage)}
    return Trial(services.flow, new, made, lambda system, *asked: services.systems[system].read(*asked), live)


def trial(
    services: Services, tried: Trial, since: datetime, entity: str | None = None
) -> Iterator[Difference]:
    """Puts the archived records since then through it; its `ways` count as it goes."""
    return tried.run(readings(services.stores.archive, since, entity))
