"""Rows of the log as people ask for them: what became of each record, of which entity, by which rule and
when."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.domain.link import LogRow
from shared.domain.outcomes.fields import says_nothing
from shared.domain.record import record
from shared.operations.known_links import Name


@record
class Wanted:
    """Empty, or None: whatever it is. A time counts from `since` on, and up to `until`."""

    outcomes: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def a_period(self) -> bool:
        return self.since is not None or self.until is not None

    def then(self, row: LogRow) -> bool:
        """Whether the row is of the period asked for."""
        return (self.since is None or row.at >= self.since) and (self.until is None or row.at <= self.until)

    def so(self, row: LogRow) -> bool:
        """Whether it is what is asked for, whenever it was."""
        return all(
            not asked or has.casefold() in asked
            for asked, has in (
                (self.outcomes, row.outcome.kind),
                (self.entities, row.entity),
                (self.rules, str(row.outcome.rule)),
            )
        )


def chosen(rows: Sequence[LogRow], wanted: Wanted) -> list[LogRow]:
    """`rows` newest first. What became of each record in that period, where it is what is asked for."""
    return [row for row in latest(list(filter(wanted.then, rows))) if wanted.so(row)]


def latest(rows: Sequence[LogRow]) -> list[LogRow]:
    """What became of each record: its newest row that says more than "unchanged". `rows` are newest first.
    Two linked records count as one: what the older of them waited for earlier is no longer shown."""
    found, places = list[LogRow](), dict[Name, int]()
    for row in rows:
        names = names_of(row)
        place = min((places[name] for name in names if name in places), default=len(found))
        if place == len(found):
            found.append(row)
        elif says_nothing(found[place].outcome) and not says_nothing(row.outcome):
            found[place] = row
        places |= {name: place for name in names if name not in places}
    return found


def names_of(row: LogRow) -> set[Name]:
    """(system, entity, id) of each record that the row is about."""
    linked = {(system, row.entity, known[0]) for system, known in row.records.items() if known[0]}
    return {(row.system, row.entity, row.record_id), *linked}


def same_names(rows: Iterable[LogRow]) -> set[tuple[str, str]]:
    """(entity, name) that more than one of these records has: an id has to tell them apart."""
    seen, twice = set[tuple[str, str]](), set[tuple[str, str]]()
    for row in rows:
        name = row.entity, row.label.casefold()
        (twice if name in seen else seen).add(name)
    return twice
