"""Undoes a run: the values it replaced are put back from the archive, by the same engine and with the same
guards as any other write.

Records that the run created are not removed, those that it deleted for good do not come back, and a field
edited since then is left alone; all are listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.bootstrap import Services
from shared.domain.decision import Decision
from shared.domain.link import ChangeEvent
from shared.domain.outcomes.gone import not_restored
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.domain.titles import title
from shared.domain.wording import fault_text
from shared.errors import SyncError
from shared.operations.decide import take_back
from shared.operations.missing import undoubt
from shared.ports import Missing
from shared.sync.engine import Ended, Engine, Result
from shared.sync.engine.context import Context, Restore
from shared.sync.engine.references import learn_native
from shared.sync.engine.result import Failed
from shared.sync.seen import read_seen

BATCH = 50


@record
class Undone:
    """What became of one record. `kind` is restored, held, made (created by the run and left there), removed
    (deleted for good by the run), unchanged, later or failed."""

    entity: str
    system: str
    record_id: str
    label: str
    kind: str
    reason: str


@dataclass
class _Change:
    """What the run did to one record on one side: native values before its first write and after its last."""

    entity: str
    system: str
    record_id: str
    link_id: str
    created: bool
    before: Mapping[str, Any] | None
    after: dict[str, Any] = field(default_factory=dict)


def undo(services: Services, run_id: str) -> Iterator[Undone]:
    """Undoes it record by record. Raises KeyError when the archive holds nothing from the run."""
    decided = take_back(services, run_id)
    yield from (_unsaid(was, now) for was, now in decided)
    changes, removed = _changes(services, run_id), _removed(services, run_id)
    yield from removed
    if not changes and (decided or removed):
        return
    if not changes:
        raise KeyError(
            f"The archive holds no record that run {run_id} changed; `tieout log` lists the runs there are."
        )
    made = [one for one in changes if one.created or one.before is None]
    yield from (_left(one) for one in made)
    todo = [one for one in changes if one not in made]
    own = new_run_id(services.clock.now())
    for start in range(0, len(todo), BATCH):
        yield from _batch(services, todo[start : start + BATCH], run_id, own)
    services.keep_exchanges(own)


def _changes(services: Services, run_id: str) -> list[_Change]:
    found: dict[tuple[str, str], _Change] = {}
    for line in services.stores.archive.read(run_id):
        if line.get("kind") != "record":
            continue
        key = (line["link_id"], line["system"])
        change = found.setdefault(
            key,
            _Change(
                line["entity"], line["system"], line["id"], line["link_id"], line["created"], line["before"]
            ),
        )
        change.after = line["after"]
    return list(found.values())


def _removed(services: Services, run_id: str) -> list[Undone]:
    return [
        Undone(
            line["entity"], line["system"], line["id"], line["label"], "removed", not_restored(line["system"])
        )
        for line in services.stores.archive.read(run_id)
        if line.get("kind") == "removed"
    ]


def _left(one: _Change) -> Undone:
    return Undone(
        one.entity,
        one.system,
        one.record_id,
        "",
        "made",
        f"created by this run in {title(one.system)} and not removed: delete it there if you do not want it",
    )


def _unsaid(was: Decision, now: Decision | None) -> Undone:
    (system, record_id), (other, other_id) = was.one, was.other
    what = f"{title(system)} {record_id} and {title(other)} {other_id}"
    if now is not None and now.run_id == was.run_id:
        stays = f"{what} stay {was.verdict}, as decided since: undo that run, too, to take it back"
        return Undone(was.entity, system, record_id, "", "unchanged", stays)
    reason = (
        f"{what} are {now.verdict} again, as decided before"
        if now
        else f"nothing is decided of {what} any more"
    )
    return Undone(
        was.entity, system, record_id, "", "restored", f"{reason}; a pair that was joined since stays one"
    )


def _batch(services: Services, changes: list[_Change], run_id: str, own: str) -> Iterator[Undone]:
    _not_gone(services, changes)
    ctx = services.context()
    grouped: dict[tuple[str, str], list[_Change]] = {}
    for one in changes:
        grouped.setdefault((one.entity, one.link_id), []).append(one)
    for entity in dict.fromkeys(one.entity for one in changes):
        links = [(link, many) for (name, link), many in grouped.items() if name == entity]
        events = [_event(services, many[0], own) for _, many in links]
        for link, many in links:
            ctx.restores[link] = _restore(ctx, many, run_id)
        known = services.stores.links.load([link for link, _ in links])
        for (link, many), result in zip(links, Engine(ctx).handle(events), strict=True):
            stored = known[link].link
            side = stored.sides.get(many[0].system) if stored else None
            yield _undone(many[0], side.label if side else "", result)


def _not_gone(services: Services, changes: list[_Change]) -> None:
    """What the run put out of use comes back, and the deletion on the other side is believed no longer."""
    found = services.stores.links.load(sorted({one.link_id for one in changes}))
    for link in (loaded.link for loaded in found.values() if loaded.link and loaded.link.retired):
        for system, side in link.sides.items():
            if side.gone:
                undoubt(services, system, link.entity, [Missing(side.id, services.clock.now(), side.label)])


def _restore(ctx: Context, changes: list[_Change], run_id: str) -> Restore:
    before, after = dict[str, Any](), dict[str, Any]()
    for one in changes:
        old, new = _view(ctx, one, one.before or {}), _view(ctx, one, one.after)
        changed = {name for name in old.keys() & new.keys() if old[name] != new[name]}
        before |= {name: old[name] for name in changed if name not in before}
        after |= {name: new[name] for name in changed if name not in after}
    return Restore(changes[0].system, before, after, run_id)


def _view(ctx: Context, one: _Change, values: Mapping[str, Any]) -> dict[str, Any]:
    object_map = ctx.map(one.entity, one.system)
    learn_native(ctx, one.system, object_map, [values])
    return read_seen(object_map, values, ctx.tables_of(one.system))


def _event(services: Services, one: _Change, run_id: str) -> ChangeEvent:
    return ChangeEvent(
        services.integration.name,
        one.system,
        one.entity,
        one.record_id,
        "manual",
        run_id,
        services.clock.now(),
    )


def _undone(one: _Change, label: str, result: Result) -> Undone:
    base = Undone(one.entity, one.system, one.record_id, label, "later", "")
    if isinstance(result, Ended):
        outcome = result.outcome
        kind = {"updated": "restored"}.get(outcome.kind, outcome.kind)
        return replace(base, kind=kind, reason=outcome.reason)
    if isinstance(result, Failed):
        return replace(base, kind="failed", reason=fault_text(result.error, SyncError))
    return replace(base, reason=result.reason)
