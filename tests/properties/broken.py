"""Engines with one thing wrong each, made by swapping one step of the real one: the invariants must catch
every one of them.

Each entry says what is swapped: (module, name of the step, the broken step). Reading one side only is caught
at a vendor without guarded writes; where writes are guarded, the guard itself saves the other side's edit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from shared.domain.link import Outcome, Wait
from shared.domain.outcomes import waiting
from shared.mapping import line_identity
from shared.operations import left_off
from shared.operations.brake import Brake
from shared.sync import detect, lines, merge, observe
from shared.sync.detect import FieldState
from shared.sync.engine import (
    believe,
    compose,
    deletions,
    doubted,
    engine,
    lookup,
    references,
    restore,
)
from shared.sync.engine.steps import conclude, create, decide, match, read, recover, require, save, update

_BELIEVE = believe.believe


def _believe_of_its_own_side(ctx: Any, jobs: list[Any]) -> None:
    """What the event told of is counted; what is not found on the other side is not."""
    elsewhere = [(job, job.found.readings) for job in jobs]
    for job, readings in elsewhere:
        job.found.readings = {name: one for name, one in readings.items() if name == job.source}
    _BELIEVE(ctx, jobs)
    for job, readings in elsewhere:
        doubted = job.found.doubted
        job.found.readings = {name: one for name, one in readings.items() if name not in doubted}


Swap = tuple[ModuleType | type, str, Callable[..., Any]]


@dataclass(frozen=True)
class Broken:
    """`why` names the invariant that must fail."""

    why: str
    swaps: tuple[Swap, ...]


def _only_the_notified_side(ctx: Any, job: Any) -> list[tuple[str, str]]:
    return [one for one in _TO_READ(ctx, job) if one[0] == job.event.system]


def _unguarded(ctx: Any, job: Any, system: str) -> Any:
    patch = _PREPARE(ctx, job, system)
    return patch and replace(patch, version=None)


def _against_base(side: Any, name: str, value: Any, seen: Any, base: Any, norm: Any) -> FieldState:
    field = _FIELD_STATE(side, name, value, seen, base, norm)
    return replace(field, state="changed") if field.state == "same" else field


def _losers_not_behind(*given: Any) -> Any:
    return replace(merge.merge_field(*given), reverted=frozenset())


def _no_second_look(ctx: Any, reference: Any, jobs: list[Any]) -> None:
    first = lookup._find(ctx, reference, [job for job in jobs if job.open])
    for job in jobs:
        if job.open and job.found.references.get(reference.name) is None:
            key = lookup.key_of(job, reference)
            lookup._register(ctx, job, reference)
            assert key not in first
            outcome = waiting.for_name(reference.name, (reference.system, reference.entity, key))
            lookup._wait(ctx, job, outcome)


def _no_losers(link: Any, merged: Any) -> tuple[Any, ...]:
    return tuple(row for row in _CHANGES(link, merged) if "lost" not in row)


def _forgets_what_is_gone(ctx: Any, job: Any) -> None:
    _MARK_GONE(ctx, job)
    alive = {system: side for system, side in job.link.sides.items() if not side.gone}
    job.held.change(sides=alive or job.link.sides)


def _waits_in_name_only(ctx: Any, job: Any, system: str, missing: Any) -> None:
    on: Any = references._awaited(ctx, job, system, missing)
    references._parent_first(ctx, job, on)
    job.end(Outcome("waiting", "it is not there", waits_for=on))


def _registers_too_late(ctx: Any, job: Any, system: str, missing: Any) -> None:
    on = references._awaited(ctx, job, system, missing)
    if on is not None and not references._linked(ctx, job, *on):
        ctx.stores.waits.add(Wait(*on, job.event))
        job.end(Outcome("waiting", "it is not there", waits_for=on))


def _without_late_unnoted(ctx: Any, job: Any, system: str, view: Any) -> Any:
    left = _WITH_LATE(ctx, job, system, view)
    job.plan.late.clear()
    return left


def _again_without_a_trace(ctx: Any, target: str, job: Any) -> None:
    job.held.unknown, job.held.looked = None, True


def _once_like_any(*given: Any) -> Any:
    base, states, policy, *rest = given
    return _MERGE(base, states, replace(policy, once=False), *rest)


def _due_once_too(ctx: Any, job: Any, systems: list[str]) -> Any:
    return {
        system: lacking
        for system in systems
        if (side := job.link.sides.get(system)) is None or not side.gone
        if (
            lacking := observe.behind(
                job.link, system, ctx.map(job.event.entity, system).writable, ctx.policy(job.event.entity)
            )
        )
    }


def _by_position(known: Any, now: Any) -> line_identity.Alignment:
    return line_identity.Alignment(tuple(at if at < len(known) else None for at in range(len(now))), {})


_LEFT_OFF = left_off._left_off


def _unless_begun(services: Any, link: Any) -> Any:
    return _LEFT_OFF(services, replace(link, pending=False))


_MARK_GONE, _WITH_LATE, _MERGE = deletions.mark_gone, compose._with_late, merge.merge_field
_TO_READ, _PREPARE, _FIELD_STATE, _CHANGES = (
    read._to_read,
    update._prepare,
    detect._field_state,
    observe._changes,
)

BROKEN: dict[str, Broken] = {
    "reads only the notified side": Broken(
        "S3", ((read, "_to_read", _only_the_notified_side), (update, "_prepare", _unguarded))
    ),
    "drops the version guard": Broken("S3", ((update, "_prepare", _unguarded),)),
    "creates without key and without looking": Broken(
        "S6",
        (
            (create, "target_key", lambda link, generation: ""),
            (engine, "recover_unknown", lambda ctx, jobs: None),
        ),
    ),
    "trusts a miss before settle": Broken(
        "S6", ((recover, "_ready_at", lambda ctx, job, settle: ctx.now()),)
    ),
    "compares with base instead of seen": Broken("S4", ((detect, "_field_state", _against_base),)),
    "does not mark losers behind": Broken("S1", ((observe, "merge_field", _losers_not_behind),)),
    "drops the intent when put off": Broken(
        "S6", ((save, "_ended", lambda ctx, job: "release" if job.held.leased else None),)
    ),
    "waits without a second look": Broken("S1", ((require, "resolve", _no_second_look),)),
    "changes an order that was made": Broken(
        "S10",
        (
            (decide, "_already", decide._merge),
            (compose, "_mandatory", lambda *given: None),
            (
                decide,
                "due_sides",
                lambda ctx, job, systems: {
                    system: observe.behind(
                        job.link,
                        system,
                        ctx.map(job.event.entity, system).writable,
                        ctx.policy(job.event.entity),
                    )
                    for system in systems
                },
            ),
        ),
    ),
    "keeps no losing values": Broken("S3", ((observe, "_changes", _no_losers),)),
    "keeps no note of creates under way": Broken(
        "S6",
        (
            (create, "mark", lambda *given: None),
            (engine, "made_by_us", lambda *given: False),
            (engine, "hold_orphan", lambda *given: None),
        ),
    ),
    "puts out of use what was edited": Broken("S11", ((deletions, "_edited", lambda *given: ""),)),
    "puts out of use what was not delivered": Broken(
        "S11", ((deletions, "_undelivered", lambda *given: []),)
    ),
    "makes again what was deleted": Broken("S11", ((decide, "mark_gone", _forgets_what_is_gone),)),
    "waits in name only": Broken(
        "S1",
        (
            (read, "await_link", _waits_in_name_only),
            (require, "await_link", _waits_in_name_only),
            (lookup, "await_link", _waits_in_name_only),
        ),
    ),
    "registers its wait after the look": Broken(
        "S1",
        (
            (read, "await_link", _registers_too_late),
            (require, "await_link", _registers_too_late),
            (lookup, "await_link", _registers_too_late),
        ),
    ),
    "wakes nobody": Broken("S1", ((engine, "wake_waiting", lambda *given: None),)),
    "never looks at a twin again": Broken("S12", ((save, "watched", lambda job: []),)),
    "calls a record by its old name": Broken("S2", ((decide, "_call_as_read", lambda *given: None),)),
    "takes a record for its successor": Broken("S6", ((read, "also_to_read", lambda *given: []),)),
    "forgets begun writes": Broken("S1", ((left_off, "_left_off", _unless_begun),)),
    "takes a record from another link": Broken(
        "S2", ((recover, "is_linked_elsewhere", lambda *given: False),)
    ),
    "forgets late references": Broken(
        "S1", ((compose, "_with_late", _without_late_unnoted), (create, "_otherwise", lambda *given: set()))
    ),
    "undoes over a later edit": Broken("S3", ((restore, "_edited", lambda *given: False),)),
    "does not brake": Broken("S11", ((Brake, "why", lambda *given: ""),)),
    "believes whatever is not found": Broken("S11", ((engine, "believe", lambda *given: None),)),
    "counts what the lists tell alone": Broken("S11", ((engine, "believe", _believe_of_its_own_side),)),
    "forgets what it put out of use": Broken("S11", ((doubted, "out_of_use", lambda *given: False),)),
    "writes to what is released": Broken("S10", ((decide, "_lock", lambda *given: None),)),
    "joins a link that is whole": Broken("S2|S6|S12|S3", ((match, "_taken", lambda *given: False),)),
    "takes any answer for its own": Broken("S1", ((create, "_otherwise", lambda *given: set()),)),
    "makes again what somebody changed": Broken("S6", ((recover, "_doubtful", lambda *given: None),)),
    "looks for no traces": Broken("S6", ((recover, "_trace", _again_without_a_trace),)),
    "does not wait for a record's origin": Broken("S6", ((recover, "_orphan", lambda *given: "no"),)),
    "forgets which value a write replaced": Broken(
        "Approved", ((update, "remembered", lambda *given: None),)
    ),
    "does not say how an invoice was settled": Broken(
        "credited", ((conclude, "tell_settlement", lambda *given: None),)
    ),
    "aligns lines by position": Broken("S13", ((lines, "align", _by_position),)),
    "writes lines anew": Broken("S13", ((compose, "carried", lambda ctx, job, system: []),)),
    "guesses between lines": Broken("S13", ((line_identity._Work, "_differ", lambda *given: False),)),
    "patches what is given once": Broken(
        "S10",
        (
            (observe, "merge_field", _once_like_any),
            (engine, "due_sides", _due_once_too),
            (decide, "due_sides", _due_once_too),
        ),
    ),
}
