"""What a person may say of a record on its page: whose value of a field stands, and which value that lost is
put back. The page offers it, and the form that comes back is asked again by the same rule."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.bootstrap import Services
from shared.console.values import Field, views_of
from shared.domain.answer import Answer
from shared.domain.link import Link, LogRow
from shared.domain.record import record, replace
from shared.sync.engine import accepting

_MARK = "~"
Views = Mapping[str, Mapping[str, Any]]
_FEW = 20
"""Values that lost, of one record: the newest of each field and side."""


@record
class Choice:
    """A button. `stamp` says what the page showed, so that nothing else is written over."""

    field: str
    system: str
    stamp: str
    value: Any = None
    at: str = ""
    """When the value lost, and `seq` the row of the log that has it: "" for one that a side shows."""
    seq: str = ""


def sides_to_accept(
    services: Services, link: Link, fields: Iterable[Field], views: Views
) -> dict[tuple[str, str], Choice]:
    """(field, system) -> button, for fields in which the sides differ. `views`: see `views_of`."""
    flow = services.flow.entities.get(link.entity)
    if flow is None:
        return {}
    found = dict[tuple[str, str], Choice]()
    for one in fields:
        for system in one.values if one.differs or one.held else ():
            if not accepting.why_not(flow, link, one.name, system, views):
                found[one.name, system] = Choice(one.name, system, stamp(services, link, one.name))
    return found


def lost_values(
    services: Services, link: Link, rows: Sequence[LogRow], views: Views
) -> dict[str, tuple[Choice, ...]]:
    """Row (its time and number) -> what may be put back of it: the newest loss of a field on a side, while
    neither side shows that value."""
    flow = services.flow.entities.get(link.entity)
    if flow is None or len(link.sides) < 2:
        return {}
    told, found = set[tuple[str, str]](), dict[str, list[Choice]]()
    offered = dict[str, list[Any]]()
    for row in rows:
        for name, system, value in _losses(row):
            if (name, system) in told or len(told) >= _FEW:
                continue
            told.add((name, system))
            shown = [view.get(name) for view in views.values()]
            if value in (None, *shown, *offered.get(name, ())) or accepting.why_not(
                flow, link, name, system, views, lost=True
            ):
                continue
            offered.setdefault(name, []).append(value)
            made = Choice(name, system, stamp(services, link, name), value, row.at.isoformat(), row.seq)
            found.setdefault(place(row), []).append(made)
    return {where: tuple(made) for where, made in found.items()}


def place(row: LogRow) -> str:
    return f"{row.at.isoformat()} {row.seq}"


def stamp(services: Services, link: Link, name: str) -> str:
    """What the link shows of the field at this moment."""
    flow = services.flow.entities[link.entity]
    shown = accepting.shown_by(flow, link, name)
    return _MARK.join(
        [str(accepting.revision(link, name)), *(f"{one}:{shown[one]}" for one in sorted(shown))]
    )


def answer_of(field: str, system: str, stamped: str, by: str, now: datetime) -> Answer | None:
    """What the form says; None for what is no stamp of ours."""
    rev, *sides = stamped.split(_MARK)
    pairs = [one.partition(":") for one in sides]
    if not rev.removeprefix("-").isdecimal() or len(rev) > 9 or len(pairs) != 2:
        return None
    shown = {name: digest for name, _, digest in pairs}
    return Answer("accept", by, now, field, system, int(rev), shown)


def lost_value(answer: Answer, rows: Sequence[LogRow], at: str, seq: str) -> Answer | None:
    """The answer with the value that the log has; None where it has none of that kind there."""
    for row in rows:
        if (row.at.isoformat(), row.seq) == (at, seq):
            for name, system, value in _losses(row):
                if (name, system) == (answer.field, answer.system) and value is not None:
                    return replace(answer, lost=True, value=value)
    return None


def why_not(services: Services, link: Link, field: str, system: str, *, lost: bool = False) -> str:
    flow = services.flow.entities[link.entity]
    return accepting.why_not(flow, link, field, system, views_of(services, link), lost=lost)


def _losses(row: LogRow) -> list[tuple[str, str, Any]]:
    changes: Iterable[Mapping[str, Any]] = row.changes
    return [(str(one["field"]), str(one["system"]), one["lost"]) for one in changes if "lost" in one]
