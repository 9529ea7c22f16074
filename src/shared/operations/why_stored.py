"""What is stored of a record, as causes: its link, its newest row, what is parked, who is at work on it, and
its dead letters."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from shared.bootstrap import Services
from shared.domain.causes import Cause, cause, of_outcome
from shared.domain.link import Link, LogRow
from shared.domain.outcomes.unfinished import parked
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.dead_letters import DeadLetter
from shared.operations.known_links import Name, known_links

_MOST_PARKED = 5_000
_FAR = timedelta(days=3650)
ASKED_ANEW = (Rule.WHERE, Rule.NOT_LIVE, Rule.DIRECTION, Rule.DELETED)
"""Rules of rows without a link, which say how it was then: the record itself says how it is now."""
_DONE = {"create": "created", "update": "updated", "remove": "deleted"}


def traces(services: Services, name: Name) -> tuple[Link | None, LogRow | None]:
    """The link, and the newest row that is the record's own."""
    link = known_links(services.stores, [name]).get(name)
    rows = services.stores.log.rows(record=name, limit=1)
    return link, rows[0] if rows else None


def at_work(services: Services, name: Name, link: Link | None) -> Iterator[Cause]:
    """A worker has it, or had it and nobody knows how that ended."""
    if link is None:
        return
    lease = services.stores.links.load([link.link_id])[link.link_id].lease
    if lease is None:
        return
    now = services.clock.now()
    if lease.until > now:
        yield cause("in hand", f"a function has been at work on it, until {lease.until:%H:%M:%S} UTC at most")
    elif lease.intent is not None:
        yield cause(
            "unfinished",
            f"it was being {_DONE[lease.intent.kind]} in {title(lease.intent.system)} when the work was cut "
            f"off at {lease.intent.started_at:%Y-%m-%d %H:%M} UTC",
        )


def of_stored(services: Services, name: Name, link: Link | None, row: LogRow | None) -> Iterator[Cause]:
    yield from _parked(services, name)
    if link is None:
        if row is not None and row.outcome.rule not in ASKED_ANEW:
            yield of_outcome(row.outcome)
        return
    if not link.stands_for(name[0], name[2]):
        yield cause("other link", _belongs(link, name))
        return
    if link.outcome is not None:
        one = of_outcome(link.outcome)
        yield one if one.name != "there" else cause("there", _where(link) or one.says)
    for field, reason in link.held.items():
        yield cause("frozen field", f"{words(field)} is left as it is on both sides: {reason}")
    if link.pending:
        yield cause("half written", "a part of it was not written yet")


def _parked(services: Services, name: Name) -> Iterator[Cause]:
    if not services.stores.parks.count():
        return
    for one in services.stores.parks.due(services.clock.now() + _FAR, _MOST_PARKED):
        if one.event.subject == name:
            yield cause("parked", parked(one.reason, one.wake_at).reason)
            return


def _where(link: Link) -> str:
    there = [
        f"{title(system)} {side.label or side.id}"
        for system, side in link.sides.items()
        if side.id and not side.gone
    ]
    at = f", last brought to agree on {link.updated_at:%Y-%m-%d %H:%M} UTC" if link.updated_at else ""
    return f"it is in both systems: {' and '.join(there)}{at}" if len(there) > 1 else ""


def _belongs(link: Link, name: Name) -> str:
    own = link.sides[name[0]]
    other = next(
        (
            f" and {title(system)} {side.label or side.id}"
            for system, side in link.sides.items()
            if system != name[0]
        ),
        "",
    )
    return (
        f"its place is taken by {title(name[0])} {own.label or own.id}{other}, which stand for the same thing"
    )


def of_letters(name: Name, letters: Sequence[DeadLetter], told: Sequence[Cause]) -> Iterator[Cause]:
    for one in letters:
        if one.event is not None and one.event.subject == name:
            if one.failed and any(known.name == "failed: unexpected" for known in told):
                return
            yield cause(
                "dead letter" if one.failed else "left over letter", f"it has a dead letter: {one.cause}"
            )
            return
