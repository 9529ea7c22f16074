"""What differs between two sides: every field of a record, and records without a counterpart, each with the
reason. Calls nothing but for the tables that values are read with."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from shared.domain.link import Link, Side
from shared.domain.record import record
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.mapping.readable import read_readable
from shared.ports import Gone, Reading, Snapshot
from shared.sync.engine.called import texts_of
from shared.sync.engine.context import Context
from shared.sync.engine.joined import is_joined
from shared.sync.engine.references import learn_links, learn_native
from shared.sync.engine.sides import norm_of
from shared.sync.engine.taken_names import addition
from shared.sync.seen import read_seen

BATCH = 50
Compared = Counter[tuple[str, str]]
"""(entity, system) -> how many of its records were compared; (entity, "") -> how many were not, because a
person left them out for good, each counted in every system that lists it."""


@record
class Item:
    """A record of a list with its link. `reading` is None where the list only named the record and it was not
    read."""

    system: str
    entity: str
    record_id: str
    reading: Reading | None
    link: Link | None


@record
class Difference:
    """One field of one record that is not as agreed, or one record without a counterpart (`field` is "")."""

    entity: str
    label: str
    system: str
    record_id: str
    field: str
    shown: str
    agreed: str
    reason: str


def differences(ctx: Context, item: Item) -> list[Difference]:
    link, flow = item.link, ctx.flow.entities[item.entity]
    if link is not None and link.left_out is not None:
        return []
    if isinstance(item.reading, Gone) or (
        link is not None and any(side.gone for side in link.sides.values())
    ):
        where = [system for system, side in link.sides.items() if side.gone] if link else []
        return [_alone(item, f"deleted in {' and '.join(map(title, where or [item.system]))}{_story(link)}")]
    if link is None or len(link.sides) < 2:
        if flow.direction not in ("both", f"from {item.system}"):
            return []
        return [] if _set_aside(link) else [_alone(item, _why_alone(link))]
    return _fields(ctx, item, link) if isinstance(item.reading, Snapshot) else []


def batches(items: Any, size: int = BATCH) -> Iterator[list[Any]]:
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some


def _fields(ctx: Context, item: Item, link: Link) -> list[Difference]:
    assert isinstance(item.reading, Snapshot)
    object_map, side = ctx.map(item.entity, item.system), link.sides[item.system]
    learn_native(ctx, item.system, object_map, [item.reading.values, side.seen])
    learn_links(ctx, object_map, [{name: base.value for name, base in link.base.items()}])
    tables = ctx.tables_of(item.system)
    try:
        view, unreadable = read_readable(object_map, item.reading.values, tables, frozenset())
    except (FieldUnreadable, LinkMissing) as fault:
        return [_told(item, side, fault.field, "", "", str(fault))]
    used = {name: fault for name, fault in unreadable.items() if name in ctx.policy(item.entity)}
    found = [_told(item, side, name, fault.value, "", str(fault)) for name, fault in used.items()]
    seen, norm = read_seen(object_map, side.seen, tables), norm_of(object_map, tables)
    joined = is_joined(ctx.flow.entities[item.entity], link)
    for name, policy in ctx.policy(item.entity, joined).items():
        if name not in view or name not in link.base or policy.once:
            continue
        wanted = norm(name, link.base[name].value)
        if view[name] != wanted and not _added_by_us(ctx, item, link, name, view[name]):
            reason = _reason(
                item, link, name, name in seen and view[name] != seen[name], item.system in policy.sources
            )
            found_there, agreed = texts_of(ctx, ctx.flow.entities[item.entity], name, [view[name], wanted])
            found.append(_told(item, side, name, found_there, agreed, reason))
    return found


def _added_by_us(ctx: Context, item: Item, link: Link, name: str, value: Any) -> bool:
    """Whether it differs only in what was put behind a name that the system takes only once."""
    unique = ctx.flow.entities[item.entity].unique
    if unique is None or (unique.system, unique.field) != (item.system, name):
        return False
    added = addition(ctx, link, unique)
    return bool(added) and value == f"{link.base[name].value}{added}"


def _told(item: Item, side: Side, field: str, found: str, agreed: str, reason: str) -> Difference:
    return Difference(item.entity, side.label, item.system, item.record_id, field, found, agreed, reason)


def _left_alone(link: Link) -> list[str]:
    return link.outcome.field.split(", ") if link.outcome else []


def _reason(item: Item, link: Link, name: str, edited: bool, source: bool) -> str:
    if name in link.held:
        return f"held: {link.held[name]}"
    if link.outcome is not None and link.outcome.rule == Rule.UNREADABLE and name in _left_alone(link):
        return f"left alone: {link.outcome.reason}"
    if edited:
        return f"changed in {title(item.system)} and not carried over yet"
    if link.outcome is not None and link.outcome.kind in ("skipped", "held", "waiting", "parked", "failed"):
        return f"{link.outcome.kind}: {link.outcome.reason}"
    return (
        "not written there yet"
        if link.pending or source
        else "changed there against the direction of the field"
    )


def _why_alone(link: Link | None) -> str:
    if link is None or link.outcome is None:
        return "not processed yet"
    return f"{link.outcome.kind}: {link.outcome.reason}"


def _set_aside(link: Link | None) -> bool:
    """Records that the flow leaves out do not count as differences."""
    return (
        link is not None
        and link.outcome is not None
        and link.outcome.rule in (Rule.WHERE, Rule.DIRECTION, Rule.DELETED, Rule.TURNED)
    )


def _story(link: Link | None) -> str:
    return f"; {link.outcome.kind}: {link.outcome.reason}" if link and link.outcome else ""


def _alone(item: Item, reason: str) -> Difference:
    side = item.link.sides.get(item.system) if item.link else None
    return Difference(
        item.entity, side.label if side else "", item.system, item.record_id, "", "", "", reason
    )
