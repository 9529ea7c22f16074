"""One pass of observation over a link: detect, merge every field, and put down what each side now has.

Pure: readings in, new link and a list of changes out. What is left to write is derived by `behind`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from shared.domain.link import Base, Link, Side
from shared.domain.record import record, replace
from shared.sync.detect import FieldState, field_states
from shared.sync.merge import FieldPolicy, Merged, let_stand, merge_field, plainly

States = Mapping[str, Mapping[str, FieldState]]
TellField = Callable[[str, Sequence[Any]], Sequence[str]]
"""(field, values) -> how each of them is told to people beside the others."""


@record
class SideReading:
    """One side as read just now. `values` is canonical, `native` the mapped native values; `seen` what it
    showed before, read under the present rules; `paths` the native paths of each field; `norm` its form of a
    value."""

    side: Side
    values: Mapping[str, Any]
    native: Mapping[str, Any]
    seen: Mapping[str, Any]
    paths: Mapping[str, tuple[str, ...]]
    norm: Callable[[str, Any], Any]
    modified_at: datetime | None = None
    uncompared: frozenset[str] = frozenset()
    """Native paths that `values` says nothing of: a reference to a record that is not linked yet, or a value
    that cannot be read."""


@record
class Observation:
    """`changes`: {field, system, before, after} for what was taken over, {field, system, lost} for what lost,
    {field, held} for what a person must decide, and for a value that vanished there and is kept
    elsewhere {field, system, before, after, emptied}."""

    link: Link
    changes: tuple[Mapping[str, Any], ...]


def observe(
    link: Link,
    readings: Mapping[str, SideReading],
    policies: Mapping[str, FieldPolicy],
    rules_version: str,
    frozen: Mapping[str, str] | None = None,
    chosen: Mapping[str, Base] | None = None,
    tell: TellField | None = None,
) -> Observation:
    """The link after these readings. Sides that were not read keep what is stored of them. `frozen`: field ->
    why it is held, whatever the sides show of it. `chosen`: field -> the value that a person lets stand.
    `tell`: for fields that refer to other records."""
    states = {
        system: field_states(one.side, one.values, one.seen, link.base, one.norm)
        for system, one in readings.items()
    }
    merged = _merge(link, readings, states, policies, tell)
    merged |= {name: Merged(link.base.get(name), held=why) for name, why in (frozen or {}).items()}
    if chosen:
        norms = {system: one.norm for system, one in readings.items()}
        for name, stands in chosen.items():
            by_system = {system: fields[name] for system, fields in states.items() if name in fields}
            merged[name] = let_stand(stands, by_system, _form(norms, name))
    base = {**link.base, **{name: result.base for name, result in merged.items() if result.base is not None}}
    sides = {
        **link.sides,
        **{
            system: _side(system, one, states[system], link.base, merged, rules_version)
            for system, one in readings.items()
        },
    }
    held = {name: result.held for name, result in merged.items() if result.held}
    return Observation(replace(link, base=base, sides=sides, held=held), _changes(link, merged))


def behind(
    link: Link, system: str, writable: frozenset[str], policies: Mapping[str, FieldPolicy]
) -> dict[str, Any]:
    """Field -> base value for everything this side still has to get. A side that does not exist lacks
    everything."""
    side = link.sides.get(system)
    rev = side.rev if side is not None else {}
    lacking = {
        name
        for name, agreed in link.base.items()
        if name in writable and rev.get(name, -1) < agreed.rev and name not in link.held
    }
    return (
        {name: value for name, value in due_from(link, system, policies).items() if name in lacking}
        if lacking
        else {}
    )


def due_from(link: Link, system: str, policies: Mapping[str, FieldPolicy]) -> dict[str, Any]:
    """Field -> base value for everything that does not come from this system alone."""
    return {
        name: agreed.value
        for name, agreed in link.base.items()
        if name in policies
        and (policies[name].sources != frozenset({system}) or _makes(link, system, policies[name]))
    }


def delivered(side: Side, fields: Mapping[str, Any], base: Mapping[str, Base]) -> Side:
    """The side after `fields` were written to it."""
    return replace(side, rev={**side.rev, **{name: base[name].rev for name in fields if name in base}})


def rests_on(policy: FieldPolicy, system: str) -> bool:
    """Whether the record is made there with a value, and what it then shows is what counts."""
    return bool(policy.made_from) and policy.made_from != system and system in policy.sources


def _makes(link: Link, system: str, policy: FieldPolicy) -> bool:
    """Whether a record that does not exist there yet is made with it."""
    return bool(policy.made_from) and policy.made_from != system and system not in link.sides


def _merge(
    link: Link,
    readings: Mapping[str, SideReading],
    states: States,
    policies: Mapping[str, FieldPolicy],
    tell: TellField | None,
) -> dict[str, Merged]:
    times = {system: one.modified_at for system, one in readings.items() if one.modified_at}
    merged, joined = {}, len(link.sides.keys() | readings.keys()) > 1
    norms = {system: one.norm for system, one in readings.items()}
    for name, policy in policies.items():
        agreed = link.base.get(name)
        if agreed is not None and _rests(states, name):
            merged[name] = Merged(agreed)
            continue
        if policy.once and not joined:
            policy = replace(policy, once=False)  # not handed over yet
        if policy.made_from:
            policy = replace(policy, sources=_sources_now(link, name, policy, joined))
        by_system = {system: fields[name] for system, fields in states.items() if name in fields}
        merged[name] = merge_field(
            agreed, by_system, policy, _form(norms, name), times, partial(tell, name) if tell else plainly
        )
    return merged


def _rests(states: States, name: str) -> bool:
    """Whether nobody entered anything: then no rule can make another of what is agreed. The usual field, told
    at once."""
    for fields in states.values():
        field = fields.get(name)
        if field is not None and field.state in ("changed", "first"):
            return False
    return True


def _sources_now(link: Link, name: str, policy: FieldPolicy, joined: bool) -> frozenset[str]:
    """Whose value counts, for one that a new record is made with and that comes back from there. Until it has
    come back, whoever changes it where it was made does not know what it has become: both sides count
    then."""
    agreed, first = link.base.get(name), frozenset({policy.made_from})
    if not joined:
        return first
    side = link.sides.get(policy.made_from)
    waits = agreed is not None and side is not None and side.rev.get(name, -1) < agreed.rev
    return first | policy.sources if waits else policy.sources


def _form(norms: Mapping[str, Callable[[str, Any], Any]], name: str) -> Callable[[str, Any], Any]:
    return lambda system, value: norms[system](name, value) if system in norms else value


def _side(
    system: str,
    one: SideReading,
    states: Mapping[str, FieldState],
    base: Mapping[str, Base],
    merged: Mapping[str, Merged],
    rules_version: str,
) -> Side:
    rev, kept = dict(one.side.rev), {}
    for name, field in states.items():
        result = merged.get(name)
        if result is None:
            continue
        if result.held:
            kept.update(
                {path: one.side.seen[path] for path in one.paths.get(name, ()) if path in one.side.seen}
            )
        elif result.base is not None and _shows(one, name, field, base.get(name), result.base):
            rev[name] = result.base.rev
        elif result.base is not None and (system in result.reverted or field.state == "first"):
            rev[name] = min(rev.get(name, -1), result.base.rev - 1)
    seen = _kept_blank(one, merged, {**one.native, **kept})
    return replace(
        one.side,
        seen=seen,
        rev=rev,
        rules_version=rules_version,
        shown=dict(one.native) if seen != one.native else None,
    )


def _shows(one: SideReading, name: str, field: FieldState, before: Base | None, now: Base) -> bool:
    """Whether the side shows what is agreed now, as `_field_state` found it of what was agreed before."""
    if now is before:
        return field.state == "has"
    return bool(field.value == now.value or field.value == one.norm(name, now.value))


def _kept_blank(one: SideReading, merged: Mapping[str, Merged], seen: dict[str, Any]) -> dict[str, Any]:
    """A held field of a record that was never compared stays uncompared, so that the conflict is found
    again."""
    for name, result in merged.items():
        if result.held:
            for path in one.paths.get(name, ()):
                if path not in one.side.seen:
                    seen.pop(path, None)
    for path in one.uncompared:
        seen.pop(path, None)
        seen.update({path: one.side.seen[path]} if path in one.side.seen else {})
    return seen


def _changes(link: Link, merged: Mapping[str, Merged]) -> tuple[Mapping[str, Any], ...]:
    rows: list[Mapping[str, Any]] = []
    for name, result in merged.items():
        before = link.base.get(name)
        if result.base is before and not (result.losers or result.emptied or result.held):
            continue
        if result.base is not None and (
            before is None or (result.base.rev != before.rev and result.base.value != before.value)
        ):
            rows.append(
                {
                    "field": name,
                    "system": result.base.origin,
                    "before": before.value if before else None,
                    "after": result.base.value,
                }
            )
        rows += [{"field": name, "system": system, "lost": value} for system, value in result.losers]
        rows += [
            {
                "field": name,
                "system": system,
                "before": before and before.value,
                "after": None,
                "emptied": True,
            }
            for system in sorted(result.emptied)
        ]
        if result.held:
            rows.append({"field": name, "held": result.held})
    return tuple(rows)
