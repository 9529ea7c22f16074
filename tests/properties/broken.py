"""Engines with one thing wrong each, made by swapping one step of the real one: the invariants must catch every one of them.

Each entry says what is swapped: (module, name of the step, the broken step). Reading one side only is caught at a vendor
without guarded writes; where writes are guarded, the guard itself saves the other side's edit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from shared.sync import detect, merge, observe
from shared.sync.detect import Sight
from shared.sync.engine import batch, compose, create, decide, finish, look, recover, require, write

Swap = tuple[ModuleType, str, Callable[..., Any]]


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


def _against_base(side: Any, name: str, value: Any, seen: Any, base: Any, norm: Any) -> Sight:
    sight = _SIGHT(side, name, value, seen, base, norm)
    return replace(sight, state="changed") if sight.state == "same" else sight


def _losers_not_behind(*given: Any) -> Any:
    return replace(merge.merge_field(*given), reverted=frozenset())


def _no_second_look(ctx: Any, reference: Any, jobs: list[Any]) -> None:
    first = require._find(ctx, reference, [job for job in jobs if job.open])
    for job in jobs:
        if job.open and job.references.get(reference.name) is None:
            key = require._key(job, reference)
            require._register(ctx, job, reference)
            require._wait(ctx, job, (reference.system, reference.entity, key), f"{key} is not among {sorted(first)}")


def _no_losers(link: Any, merged: Any) -> tuple[Any, ...]:
    return tuple(row for row in _CHANGES(link, merged) if "lost" not in row)


_TO_READ, _PREPARE, _SIGHT, _CHANGES = look._to_read, write._prepare, detect._sight, observe._changes

BROKEN: dict[str, Broken] = {
    "reads only the notified side": Broken("S3", (
        (look, "_to_read", _only_the_notified_side), (write, "_prepare", _unguarded))),
    "drops the version guard": Broken("S3", ((write, "_prepare", _unguarded),)),
    "creates without key and without looking": Broken("S6", (
        (create, "target_key", lambda link, generation: ""), (batch, "recover_unknown", lambda ctx, jobs: None))),
    "trusts a miss before settle": Broken("S6", ((recover, "_ready_at", lambda ctx, job, settle: ctx.now()),)),
    "compares with base instead of seen": Broken("S4", ((detect, "_sight", _against_base),)),
    "does not mark losers behind": Broken("S1", ((observe, "merge_field", _losers_not_behind),)),
    "drops the intent when put off": Broken("S6", (
        (finish, "_ended", lambda ctx, job: "release" if job.holding else None),)),
    "waits without a second look": Broken("S1", ((require, "_resolve", _no_second_look),)),
    "changes an order that was made": Broken("S10", (
        (decide, "_already", decide._merge), (compose, "_mandatory", lambda *given: None),
        (decide, "due_sides", lambda ctx, job, systems: {
            system: observe.behind(job.link, system, ctx.map(job.event.entity, system).writable,
                                   ctx.policy(job.event.entity)) for system in systems}))),
    "keeps no losing values": Broken("S3", ((observe, "_changes", _no_losers),)),
}
