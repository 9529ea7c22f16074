"""Makes the missing record: intent and lease first, then the vendor's call, then what came of it.

After a crash anywhere in here the next worker finds the intent and looks before it writes. Fills `done`;
changes the link of `held` and saves it under a lease.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.keys import target_key
from shared.domain.link import Intent, Lease, Link, Side
from shared.domain.outcomes import written
from shared.domain.record import replace
from shared.errors import LinkContended, NameTaken, OutcomeUnknown, RecordRejected, SyncError
from shared.mapping.figures import pence
from shared.ports import Snapshot
from shared.sync.engine import taken_names
from shared.sync.engine.context import Context
from shared.sync.engine.faults import put_off, vendor_fault
from shared.sync.engine.in_flight import mark, unmark
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.leasing import save_under_lease
from shared.sync.engine.numbering import claim, give_back, number, without_code
from shared.sync.engine.offers import disagreement, expect
from shared.sync.engine.owners import is_linked_elsewhere
from shared.sync.engine.references import learn_native, without_late
from shared.sync.engine.refused import TRIES, without_refused
from shared.sync.engine.sides import norm_of, target_of
from shared.sync.engine.unreadable import agreed_blank, left_out
from shared.sync.engine.who import directory
from shared.sync.observe import SideReading, delivered, due_from, observe, rests_on
from shared.sync.seen import read_seen, seen_values


def create(ctx: Context, job: Job) -> None:
    """One create, guarded. On success the link knows the new record and what the source still has to get."""
    target = target_of(ctx, job)
    if not prepare(ctx, job):
        return
    made = _call(ctx, job, target, TRIES)
    if made is not None:
        take(ctx, job, target, made)
    elif job.held.unknown is None:
        unmark(ctx, job, target)


def prepare(ctx: Context, job: Job) -> bool:
    """Everything before the vendor's call: the intent is saved. False where the job ended instead."""
    target = target_of(ctx, job)
    if not job.open or put_off(ctx, target, job):
        return False
    if ctx.hurried():
        job.defer(1, "no time left in this run; sent again", started=False)
        return False
    number(ctx, job, target)
    if not job.open:
        return False
    begin(ctx, job, target)
    mark(ctx, job, target)
    return True


def take(ctx: Context, job: Job, target: str, made: Snapshot) -> None:
    """The vendor's answer to a create, saved at once."""
    ctx.called.add(target)
    _made(ctx, job, target, made)
    if job.held.unknown is None:
        unmark(ctx, job, target)


def _made(ctx: Context, job: Job, target: str, made: Snapshot) -> None:
    """A vendor that knows its creates by a key may name a record that was joined with another one since."""
    changes = job.done.changes
    try:
        record_made(ctx, job, target, made)
    except LinkContended:
        job.drop_unsaved()
        job.done.changes = changes
        if not is_linked_elsewhere(ctx, job, target, made.id):
            raise
        return
    job.done.created.append(target)
    job.held.unknown = None
    taken_names.said(ctx, job, target, replace(made, values={**job.plan.payload, **made.values}))
    if job.flow.matching != "keys":
        directory(ctx, job.event.entity, target).put(
            replace(made, values={**job.plan.payload, **made.values})
        )


def _call(ctx: Context, job: Job, target: str, tries: int) -> Snapshot | None:
    """Until a definite answer is in, and saved, the outcome counts as unknown. A field that was refused by
    name is left out of another try, which has an intent of its own and, where the vendor keeps answers by
    key, a key of its own: nothing was made under the first."""
    assert job.held.lease is not None
    repeated = job.held.unknown is not None
    job.held.unknown = job.held.lease.intent
    key = target_key(job.link.link_id, job.link.generation)
    try:
        return ctx.systems[target].create(ctx.map(job.event.entity, target).spec, job.plan.payload, key)
    except NameTaken as fault:
        job.held.unknown = None
        return _called_otherwise(ctx, job, target, fault, tries)
    except OutcomeUnknown as fault:
        vendor_fault(ctx, target, job, fault)
    except RecordRejected as fault:
        job.held.unknown = None
        if not repeated:
            _refused(ctx, job, target)
            left = without_refused(ctx, job, target, fault, job.plan.payload) if tries > 1 else None
            if left is not None and not ctx.hurried():
                job.plan.payload = left
                begin(ctx, job, target)
                return _call(ctx, job, target, tries - 1)
        if not repeated:
            give_back(job, target)
        job.end(written.rejected(str(fault), fault.reasons))
    except SyncError as fault:
        job.held.unknown = None
        vendor_fault(ctx, target, job, fault)
    return None


def _called_otherwise(ctx: Context, job: Job, target: str, fault: NameTaken, tries: int) -> Snapshot | None:
    """Made under a name of its own, where the flow has a rule for that; a definite no is no unknown
    outcome."""
    others = job.plan.others = job.plan.others or taken_names.otherwise(ctx, job, target, job.plan.payload)
    payload = next(others, None)
    if payload is None:
        job.end(written.rejected(str(fault), fault.reasons))
        return None
    job.plan.payload = payload
    begin(ctx, job, target)
    return _call(ctx, job, target, tries)


def _refused(ctx: Context, job: Job, target: str) -> None:
    """Whoever answers a known key with its first result may answer with a refusal for days, whatever was
    corrected meanwhile. Nothing was made under it for certain, so the next try has a key of its own."""
    if ctx.systems[target].capabilities.idempotent_create:
        job.renew_key()


def begin(ctx: Context, job: Job, target: str) -> None:
    """Saves the intent under a lease that ends with this invocation."""
    key = target_key(job.link.link_id, job.link.generation)
    intent = Intent(target, "create", key, ctx.now(), values=job.plan.payload)
    lease = Lease(ctx.owner, ctx.deadline, intent)
    alone = (*claim(job, target), *_origin(job))
    save_under_lease(ctx, job, _begun(ctx, job), lease, (), alone=alone)


def _begun(ctx: Context, job: Job) -> Link:
    """What was said of the record before does not hold any more."""
    return replace(job.link, pending=True, updated_at=ctx.now(), outcome=None, rules_version=ctx.flow.version)


def adopt(ctx: Context, job: Job, target: str, found: Snapshot) -> None:
    """An earlier try made it: take it as this record's target, with what people changed there since."""
    intent = job.held.unknown
    owed = due_from(job.link, target, policies_of(ctx, job))
    if job.flow.create_once:
        _know(ctx, job, target, found, sent=owed)
    elif intent is not None:
        says = expect(ctx, job, target, intent.values)
        owed = {name: value for name, value in owed.items() if name not in says}
        _know(ctx, job, target, found, sent=owed, seen=without_code(job, target, dict(intent.values)))
        disagreement(ctx, job, target, found.values)
    else:
        _know(ctx, job, target, found, sent={}, seen={})
    job.held.unknown = None
    job.done.adopted.append(target)
    unmark(ctx, job, target)


def record_made(ctx: Context, job: Job, target: str, made: Snapshot) -> None:
    """The target has just been made from `job.plan.payload`."""
    answer = replace(made, values={**job.plan.payload, **made.values})
    sent = job.plan.due.get(target, {})
    says = expect(ctx, job, target, job.plan.payload)
    sent = {name: value for name, value in sent.items() if name not in says}
    wrong = _otherwise(ctx, job, target, sent, made.values) | (job.plan.late & sent.keys())
    wrong -= {name for system, name in job.plan.added if system == target}
    wrong -= left_out(job, target) - job.plan.late
    _know(ctx, job, target, answer, sent=sent, undelivered=frozenset(wrong))
    disagreement(ctx, job, target, made.values)
    check_total(ctx, job, target, made.values)


def _otherwise(
    ctx: Context, job: Job, target: str, sent: Mapping[str, Any], answer: Mapping[str, Any]
) -> set[str]:
    """Fields of which the answer shows something else than was wanted: that of an earlier create with the
    same key, perhaps."""
    object_map, tables = ctx.map(job.event.entity, target), ctx.tables_of(target)
    paths = {name: object_map.native_paths.get(name, ()) for name in sent}
    answered = {name for name, own in paths.items() if own and all(path in answer for path in own)}
    now = read_seen(object_map, {path: answer[path] for name in answered for path in paths[name]}, tables)
    norm = norm_of(object_map, tables)
    return {name for name in answered & now.keys() if now[name] != norm(name, job.link.base[name].value)}


def check_total(ctx: Context, job: Job, system: str, answer: Mapping[str, Any]) -> None:
    """A document that came to another total than was worked out is a person's to look at, with both
    figures."""
    wanted = job.plan.totals.get(system)
    if wanted is None or job.flow.figures is None:
        return
    made = read_seen(ctx.map(job.event.entity, system), answer, ctx.tables_of(system)).get(
        job.flow.figures.total
    )
    if made is not None and pence(made) != wanted:
        job.end(written.other_total(system, job.flow.figures.total, pence(made), wanted))


def _know(
    ctx: Context,
    job: Job,
    target: str,
    found: Snapshot,
    *,
    sent: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    undelivered: frozenset[str] = frozenset(),
) -> None:
    """Puts the target's side into the link, takes over what only the target knows (its number), and saves.

    `sent` was delivered by us, but for `undelivered`, which the answer shows otherwise. Without `seen` the
    answer is taken as its vendor's form of it; with `seen`, the native values that were written long ago,
    whatever differs from them is what a person entered.
    """
    entity, object_map = job.event.entity, ctx.map(job.event.entity, target)
    spec = object_map.spec
    sent = {**sent, **agreed_blank(ctx, job)}
    native = seen_values(object_map, found.values)
    learn_native(ctx, target, object_map, [native, seen or {}])
    tables = ctx.tables_of(target)
    values = read_seen(object_map, without_late(ctx, job, target, native), tables)
    label = str(found.values.get(spec.number_path or "") or spec.label(found.values) or found.id)
    side = delivered(
        Side(found.id, found.version, {}, {}, ctx.flow.version, found.observed_at, ctx.now(), label),
        {name: value for name, value in sent.items() if name not in undelivered},
        job.link.base,
    )
    answered = {
        name: value
        for name, value in values.items()
        if (seen is not None or name not in sent) and name not in job.plan.awaits
    }  # a reference that has to wait: what the new record shows of it, nothing, is nobody's edit
    reading = SideReading(
        side,
        answered,
        native,
        _without_answers(ctx, entity, target, read_seen(object_map, seen, tables)) if seen else {},
        object_map.native_paths,
        norm_of(object_map, tables),
    )
    passed = observe(job.link, {target: reading}, policies_of(ctx, job, target), ctx.flow.version)
    replaced = _replaced(job.link, passed.link, target) if seen is not None else []
    job.take_over(replace(passed, changes=(*passed.changes, *replaced)))
    _save_known(ctx, job, (target, entity, found.id))


def _without_answers(ctx: Context, entity: str, target: str, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, but for what the target's answer is to say."""
    policies = ctx.policy(entity)
    return {
        name: value
        for name, value in seen.items()
        if name not in policies or not rests_on(policies[name], target)
    }


def _replaced(before: Link, after: Link, target: str) -> list[Mapping[str, Any]]:
    """What was sent and is not there: a person's edit since, or the vendor's own doing, and nobody can tell.
    It is taken over, so what it replaces goes into the log."""
    return [
        {"field": name, "system": agreed.origin, "lost": agreed.value}
        for name, agreed in before.base.items()
        if agreed.value is not None and agreed.origin != target and after.base[name].value != agreed.value
    ]


def _save_known(ctx: Context, job: Job, claim: tuple[str, str, str]) -> None:
    """Right after the create, before anything else can fail. The lease stays, the intent is done with."""
    lease = Lease(ctx.owner, ctx.deadline)
    others = tuple(one for one in _origin(job) if one != claim)
    save_under_lease(ctx, job, _begun(ctx, job), lease, others, alone=(claim,))


def _origin(job: Job) -> tuple[tuple[str, str, str], ...]:
    """The origin's record is claimed too, so that two first notices meet in one link and others can refer to
    it."""
    if job.flow.create_once:
        return ()
    return tuple(
        (system, job.event.entity, side.id) for system, side in job.link.sides.items() if side.id
    ) or ((job.link.origin_system, job.event.entity, job.link.origin_id),)
