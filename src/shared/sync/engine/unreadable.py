"""Fields that cannot be read, or have no place in the other system: left as they are there, and told.

An unreadable field is neither an edit nor a deletion. The link goes on knowing what the side showed before
(`SideReading.uncompared`), so whatever becomes readable is compared with that. Until then its side does not
get the other's value either: what a person entered there would be overwritten unseen.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from shared.domain.link import Base, Outcome
from shared.domain.outcomes import fields
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.mapping.faults import shown
from shared.mapping.maps import Tables
from shared.mapping.readable import Unreadable, needed_of, read_readable, write_writable
from shared.mapping.rules import Reference
from shared.ports import Values
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.parts import LeftOut

Made = TypeVar("Made")


def read_record(ctx: Context, job: Job, system: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical view of a reading; what cannot be read goes to `unreadable` of `found`. Raises
    FieldUnreadable for what the record cannot do without."""
    object_map = ctx.map(job.event.entity, system)
    entity, others = job.event.entity, (other for other in job.flow.maps if other != system)
    without = frozenset[str]().union(*(ctx.needed(entity, other) for other in others))
    view, unreadable = _with_fresh_tables(
        ctx, system, lambda tables: read_readable(object_map, values, tables, without)
    )
    used = {name: fault for name, fault in unreadable.items() if name in job.flow.fields}
    job.found.unreadable[system] = used
    return view


def read_reference(ctx: Context, job: Job, reference: Reference, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a record that this one refers to: only what is asked of it must be readable."""
    object_map, without = ctx.map(reference.entity, reference.system), needed_of(job.flow, reference)
    return _with_fresh_tables(
        ctx, reference.system, lambda tables: read_readable(object_map, values, tables, without)
    )[0]


def written_form(ctx: Context, job: Job, system: str, view: Mapping[str, Any], creating: bool) -> Values:
    """The native values of the view; what has no form there goes to `left_out` of `plan`."""
    object_map, side = ctx.map(job.event.entity, system), job.link.sides.get(system)
    now, notes = dict(side.seen) if side else {}, list[str]()

    def write(tables: Tables) -> tuple[Values, Unreadable]:
        def once(fields: Mapping[str, Any]) -> Values:
            notes.clear()  # what a try without one field more says, it says anew
            return object_map.write(fields, {**tables, "now": now}, notes, creating=creating)

        return write_writable(once, view, ctx.needed(job.event.entity, system))

    native, unwritten = _with_fresh_tables(ctx, system, write)
    job.done.notes += notes
    for name, fault in unwritten.items():
        leave_out(job, system, name, view[name], str(fault))
    return native


def _with_fresh_tables(
    ctx: Context, system: str, work: Callable[[Tables], tuple[Made, Unreadable]]
) -> tuple[Made, Unreadable]:
    """`work`, and once more with fresh tables where only an id that is not in them was left out."""
    made, left = ctx.looking_up(system, work)
    if any(fault.listed for fault in left.values()) and ctx.tables.refresh(system):
        return ctx.looking_up(system, work)
    return made, left


def leave_out(job: Job, system: str, name: str, value: Any, why: str) -> None:
    job.plan.left_out.setdefault(system, {})[name] = LeftOut(value, why)


def left_out(job: Job, system: str) -> set[str]:
    """Fields that are not written to this side, though they are due there."""
    return set(job.plan.left_out.get(system, ()))


def without_unreadable(ctx: Context, job: Job, due: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """`due` without what would overwrite a value that nobody could read. A field that the side only receives
    is written, and what stood there is kept in the log."""
    policies, kept = policies_of(ctx, job), dict[str, dict[str, Any]]()
    for system, lacking in due.items():
        unreadable = job.found.unreadable.get(system, {})
        stays = {name for name in lacking.keys() & unreadable.keys() if system in policies[name].sources}
        for name in sorted(lacking.keys() & unreadable.keys() - stays):
            row = {"field": name, "system": system, "lost": unreadable[name].value}
            job.done.changes += [] if row in job.done.changes else [row]
        kept[system] = {name: value for name, value in lacking.items() if name not in stays}
    return {system: lacking for system, lacking in kept.items() if lacking}


def agreed_blank(ctx: Context, job: Job) -> dict[str, None]:
    """A record was just made without what could not be read at its source: nothing is agreed of those fields,
    and what the new record shows of them (Sage fills in its own country) is nobody's entry, so that it does
    not win over the correction. Returns these fields."""
    policies = policies_of(ctx, job)
    blank = {
        name: Base(None, 0, job.source)
        for name in job.found.unreadable.get(job.source, {})
        if name not in job.link.base and job.source in policies[name].sources
    }
    if blank:
        job.held.change(base={**job.link.base, **blank})
    return dict.fromkeys(blank)


def told(job: Job) -> list[str]:
    """A sentence for each field that could not be read, or was not written."""
    found = []
    for system, unreadable in job.found.unreadable.items():
        other = next(one for one in job.flow.maps if one != system)
        for name, fault in unreadable.items():
            new = other in job.done.created or other not in job.link.sides
            there = None if new else shown(job.found.canonical.get(other, {}).get(name))
            found.append(fields.unreadable(str(fault), name, system, other, there))
    for system, names in job.plan.left_out.items():
        made = system in job.done.created or not job.link.sides.get(system)
        found += [fields.left_out(one.why, name, system, made) for name, one in names.items()]
    return found


def naming(job: Job, outcome: Outcome) -> Outcome:
    """The outcome with the fields that were left alone: in its reason where the record went without them, and
    with rule, field and value where nothing else decided; else behind it."""
    named = {name: fault.value for faults in job.found.unreadable.values() for name, fault in faults.items()}
    named |= {name: shown(one.value) for names in job.plan.left_out.values() for name, one in names.items()}
    sentences = told(job)
    if outcome.kind not in ("created", "updated", "unchanged"):
        return replace(outcome, notes=(*outcome.notes, *sentences)) if sentences else outcome
    if not named:
        return outcome
    outcome = replace(outcome, reason="; ".join([outcome.reason, *sentences]))
    if outcome.rule:
        return outcome
    return replace(outcome, rule=Rule.UNREADABLE, field=", ".join(named), value="; ".join(named.values()))
