"""Three-way merge of one field over any number of sides.

Promises: a value that a person entered wins, or is named as a loser; a stale copy nobody touched is never a
contender; every loser is left behind, so that it is overwritten only after it was logged.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.domain.link import Base
from shared.domain.record import record, replace
from shared.domain.titles import title
from shared.sync.detect import FieldState
from shared.sync.told import quoted

SKEW = timedelta(seconds=120)
"""Clocks of two systems closer than this do not decide; the order of systems does."""

Form = Callable[[str, Any], Any]
"""(system, value) -> the form that value takes on that system."""
Contender = tuple[str, Any]
Tell = Callable[[Sequence[Any]], Sequence[str]]
"""How each of these values is told to people beside the others."""


def plainly(values: Sequence[Any]) -> Sequence[str]:
    """Where nothing refers to another record."""
    return quoted(values, {}, nothing="nothing")


@record
class FieldPolicy:
    """The merge rule of one field. `sources`: the systems whose value may become base. `order`: the winner
    first. `keeps`: a value that vanished on one side, with no other in its place, stays on the others.
    `made_from`: the system whose value a new record is made with; from then on only `sources` count."""

    sources: frozenset[str]
    order: tuple[str, ...]
    conflict: str = "winner"
    drift: str = "revert"
    once: bool = False
    keeps: bool = False
    made_from: str = ""


@record
class Merged:
    """`base` is None while no side has the field. `reverted`: sides to be overwritten although base did not
    change. `emptied`: sides where the value vanished, which counts for nothing."""

    base: Base | None
    losers: tuple[Contender, ...] = ()
    reverted: frozenset[str] = frozenset()
    held: str = ""
    emptied: frozenset[str] = frozenset()

    def __init__(
        self,
        base: Base | None,
        losers: tuple[Contender, ...] = (),
        reverted: frozenset[str] = frozenset(),
        held: str = "",
        emptied: frozenset[str] = frozenset(),
    ) -> None:
        own = self.__dict__
        own["base"], own["losers"], own["reverted"], own["held"] = base, losers, reverted, held
        own["emptied"] = emptied


def merge_field(
    base: Base | None,
    states: Mapping[str, FieldState],
    policy: FieldPolicy,
    form: Form,
    times: Mapping[str, datetime],
    tell: Tell = plainly,
) -> Merged:
    """`states` is system -> FieldState; `times` is system -> when its record was last modified, for
    `newest`."""
    if policy.once:
        return Merged(base or _first(states, policy))
    if policy.keeps and (emptied := _emptied(base, states, policy)):
        left = {system: field for system, field in states.items() if system not in emptied}
        return replace(merge_field(base, left, policy, form, times, tell), emptied=emptied)
    return _at_rest(base, states, policy) or _contested(base, states, policy, form, times, tell)


def let_stand(base: Base, states: Mapping[str, FieldState], form: Form) -> Merged:
    """A person said that `base` is the value from now on: whatever else a side shows is overwritten, and kept
    in the log before."""
    others = [
        (system, field.value)
        for system, field in sorted(states.items())
        if field.value not in (base.value, form(system, base.value))
    ]
    losers = tuple(one for one in others if one[1] is not None)
    return Merged(base, losers, frozenset(system for system, _ in others))


def _at_rest(base: Base | None, states: Mapping[str, FieldState], policy: FieldPolicy) -> Merged | None:
    """The usual field, settled at once: nobody entered anything, or a new record is seen on its one source.
    None: there is more to it."""
    if base is not None:
        return None if any(field.state in ("changed", "first") for field in states.values()) else Merged(base)
    if len(states) != 1:
        return None
    ((system, field),) = states.items()
    return Merged(Base(field.value, 0, system)) if system in policy.sources else None


def _contested(
    base: Base | None,
    states: Mapping[str, FieldState],
    policy: FieldPolicy,
    form: Form,
    times: Mapping[str, datetime],
    tell: Tell = plainly,
) -> Merged:
    contenders = _contenders(base, states, policy)
    if base is not None and not contenders and (blank := _blank(base, states, policy)):
        return _settled(blank, [], states, policy, form)
    if not contenders:
        return _without_contenders(base, states, policy, form)
    if base is not None and not _only_made_with(base, policy) and _base_competes(base, states, contenders):
        contenders = [*contenders, (base.origin, base.value)]
    chosen = _agreed(contenders, form)
    if chosen is None and policy.conflict == "hold":
        return Merged(base, held=_held(contenders, tell))
    chosen = chosen or _winner(contenders, policy, times)
    return _settled(_next(base, chosen), contenders, states, policy, form)


def _emptied(base: Base | None, states: Mapping[str, FieldState], policy: FieldPolicy) -> frozenset[str]:
    """Sides on which the agreed value was taken away. Where every side has nothing now, that is agreed."""
    if base is None or base.value is None:
        return frozenset()
    if all(system in states and states[system].value is None for system in policy.sources):
        return frozenset()
    return frozenset(
        system
        for system, field in states.items()
        if field.state == "changed" and field.value is None and system in policy.sources
    )


def _first(states: Mapping[str, FieldState], policy: FieldPolicy) -> Base | None:
    """A value that is only handed over once: the first that a side has, in the order of systems."""
    found = [
        (system, field.value)
        for system, field in states.items()
        if system in policy.sources and field.value is not None
    ]
    chosen = min(
        found, key=lambda one: policy.order.index(one[0]) if one[0] in policy.order else 99, default=None
    )
    return Base(chosen[1], 0, chosen[0]) if chosen else None


def _blank(base: Base, states: Mapping[str, FieldState], policy: FieldPolicy) -> Base | None:
    """A record that took another one's place shows nothing of a field that comes from its side alone: then
    there is nothing. One that was there all along is not behind: a field that is read from another place now
    clears nobody's values."""
    found = [
        system
        for system in policy.sources
        if system in states and states[system].state == "first" and states[system].behind
    ]
    return (
        Base(None, base.rev + 1, found[0])
        if len(policy.sources) == 1 and found and base.value is not None
        else None
    )


def _without_contenders(
    base: Base | None, states: Mapping[str, FieldState], policy: FieldPolicy, form: Form
) -> Merged:
    return Merged(None) if base is None else _settled(base, [], states, policy, form)


def _settled(
    base: Base,
    contenders: Sequence[Contender],
    states: Mapping[str, FieldState],
    policy: FieldPolicy,
    form: Form,
) -> Merged:
    drift = [
        (system, field.value)
        for system, field in sorted(states.items())
        if system not in policy.sources and entered(field)
    ]
    losers = tuple(
        (system, value)
        for system, value in [*contenders, *drift]
        if value != base.value and value != form(system, base.value)
    )
    lost = {system for system, _ in contenders} | (
        {system for system, _ in drift} if policy.drift == "revert" else set()
    )
    return Merged(
        base, losers, frozenset(system for system, _ in losers if system in lost and system in states)
    )


def entered(field: FieldState) -> bool:
    """Whether a person put this value there, as far as anybody can tell."""
    return field.state == "changed" or (field.state == "first" and field.value is not None)


def _contenders(base: Base | None, states: Mapping[str, FieldState], policy: FieldPolicy) -> list[Contender]:
    """Non-empty beats empty where nothing was agreed yet; later an explicit clearing is an edit like any
    other."""
    sources = [(system, field) for system, field in sorted(states.items()) if system in policy.sources]
    found = [(system, field.value) for system, field in sources if entered(field)]
    if base is None and not found:
        return [(system, field.value) for system, field in sources][:1]
    return found


def _base_competes(base: Base, states: Mapping[str, FieldState], contenders: Sequence[Contender]) -> bool:
    """Somebody who edits a value that was already replaced elsewhere never saw the replacement."""
    return any(states[system].behind or states[system].state == "first" for system, _ in contenders) and (
        base.value is not None or any(states[system].state == "changed" for system, _ in contenders)
    )


def _only_made_with(base: Base, policy: FieldPolicy) -> bool:
    """Whether the agreed value is just what the record was made with: what it became there is no conflict."""
    return base.origin == policy.made_from and policy.made_from not in policy.sources


def _agreed(contenders: Sequence[Contender], form: Form) -> Contender | None:
    """The contender that all others equal in their own form: a lossy copy of a value does not conflict with
    it."""
    for chosen in contenders:
        if all(value == chosen[1] or value == form(system, chosen[1]) for system, value in contenders):
            return chosen
    return None


def _next(base: Base | None, chosen: Contender) -> Base:
    if base is not None and base.value == chosen[1]:
        return base
    return Base(chosen[1], base.rev + 1 if base else 0, chosen[0])


def _winner(contenders: Sequence[Contender], policy: FieldPolicy, times: Mapping[str, datetime]) -> Contender:
    def rank(contender: Contender) -> int:
        return policy.order.index(contender[0]) if contender[0] in policy.order else len(policy.order)

    if policy.conflict != "newest" or any(system not in times for system, _ in contenders):
        return min(contenders, key=rank)
    newest = max(times[system] for system, _ in contenders)
    return min((one for one in contenders if newest - times[one[0]] <= SKEW), key=rank)


def _held(contenders: Sequence[Contender], tell: Tell) -> str:
    told = tell([value for _, value in contenders])
    return "; ".join(
        f"{title(system)} has {text}" for (system, _), text in zip(contenders, told, strict=True)
    )
