"""A dry run: the same steps as a real batch, up to the moment before anything would be written.

The context it is given must hold stores that forget (see `bootstrap.preview_context`): the steps register
waits as they go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from shared.domain.link import ChangeEvent
from shared.domain.outcomes.gone import put_out_of_use
from shared.domain.outcomes.missing import in_use_again
from shared.domain.outcomes.written import AGREED
from shared.domain.record import record, replace
from shared.domain.titles import title
from shared.domain.wording import fault_text, words
from shared.errors import SyncError
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.ports import Snapshot
from shared.sync.engine.called import called
from shared.sync.engine.compose import compose
from shared.sync.engine.context import Context
from shared.sync.engine.engine import Engine
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import label_of_source
from shared.sync.engine.removal import lost_sides
from shared.sync.engine.result import Deferred, Ended, Failed
from shared.sync.engine.sides import label_of, target_of
from shared.sync.engine.unreadable import told
from shared.sync.told import named


@record
class Forecast:
    """`would`: create, update, link, nothing, skip, wait, hold, later or fail. `writes` is system -> native
    values."""

    record_id: str
    label: str
    would: str
    reason: str
    writes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    joined: tuple[str, str] | None = None
    """(system, record id) of the record that it would be joined with, or is linked with and would be updated
    or left alone together with: a forecast for that one would say the same again."""
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """system -> native values that would be replaced."""
    amount: Decimal | None = None
    """What the document comes to in the system that it is from; None for what is no document."""
    currency: str = ""
    system: str = ""
    """Where the record is listed."""


_DOCUMENTS = ("sales_order", "quotation", "invoice")
_WOULD = {"skipped": "skip", "waiting": "wait", "held": "hold", "unchanged": "nothing"}


def preview(ctx: Context, events: Sequence[ChangeEvent]) -> list[Forecast]:
    """What handling these events would do, record by record."""
    jobs = Engine(ctx).plan(events)
    return [replace(_forecast(ctx, job), system=job.source) for job in jobs]


def _forecast(ctx: Context, job: Job) -> Forecast:
    result = job.result
    if isinstance(result, Ended):
        outcome = result.outcome
        return _forecast_of(ctx, job, _WOULD.get(outcome.kind, outcome.kind), outcome.reason)
    if isinstance(result, Deferred):
        return Forecast(job.event.record_id, label_of_source(ctx, job), "later", result.reason)
    if isinstance(result, Failed):
        return Forecast(
            job.event.record_id, label_of_source(ctx, job), "fail", fault_text(result.error, SyncError)
        )
    return _writes(ctx, job)


def _writes(ctx: Context, job: Job) -> Forecast:
    target, plan, entity = target_of(ctx, job), job.plan, job.event.entity
    if plan.payload:
        made = f"a new {words(entity)} in {title(target)}"
        return _forecast_of(ctx, job, "create", made, {target: plan.payload})
    writes = {}
    for system in dict.fromkeys((*plan.due, *plan.native)):
        if system in job.link.sides:
            try:
                composed = compose(ctx, job, system, plan.due.get(system, {}), creating=False)
            except (RuleRefused, FieldUnreadable, LinkMissing) as no:
                return _forecast_of(ctx, job, "skip", str(no))
            writes[system] = {**composed, **plan.native.get(system, {})}
    if job.done.adopted and not plan.refusal:
        same = f"is the same as {title(target)} {label_of(ctx, job, target)}"
        then = _changes(job, sorted(writes)) if writes else AGREED
        linked = _forecast_of(ctx, job, "link", f"{same}; {then}", writes)
        return replace(linked, joined=(target, job.link.sides[target].id))
    if writes:
        return _of_both(ctx, job, "update", _changes(job, sorted(writes)), writes)
    if plan.refusal:
        return _forecast_of(ctx, job, "skip", plan.refusal.reason)
    return _of_both(ctx, job, "nothing", AGREED)


def _of_both(
    ctx: Context, job: Job, would: str, reason: str, writes: Mapping[str, Mapping[str, Any]] | None = None
) -> Forecast:
    other = job.link.sides.get(target_of(ctx, job))
    joined = (target_of(ctx, job), other.id) if other is not None else None
    return replace(_forecast_of(ctx, job, would, reason, writes), joined=joined)


def _changes(job: Job, systems: list[str]) -> str:
    changed = [system for system in systems if system in job.plan.due]
    return "; ".join(
        [
            *([f"changes in {', '.join(map(title, changed))}"] if changed else []),
            *(_use(job, system) for system in systems if system in job.plan.native),
        ]
    )


def _use(job: Job, system: str) -> str:
    if system not in job.plan.back:
        return put_out_of_use(system, lost_sides(job))
    return in_use_again(system, [name for name in job.link.sides if name != system])


def _forecast_of(
    ctx: Context, job: Job, would: str, reason: str, writes: Mapping[str, Mapping[str, Any]] | None = None
) -> Forecast:
    done = job.done
    label = label_of_source(ctx, job)
    notes = (*done.notes, *told(job))
    changes = tuple(_named(ctx, job, one) for one in done.changes)
    made = Forecast(job.event.record_id, label, would, reason, writes or {}, changes, notes)
    amount, currency = _worth(job)
    return replace(made, before=_before(job, writes or {}), amount=amount, currency=currency)


def _named(ctx: Context, job: Job, change: Mapping[str, Any]) -> Mapping[str, Any]:
    """What would be overwritten, as people call it."""
    if "lost" not in change:
        return change
    names = called(ctx, job.flow, [{change["field"]: change["lost"]}])
    return {**change, "lost": named(change["lost"], names)}


def _before(job: Job, writes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """As just read, else as last seen; nothing of a record that is yet to be made."""
    found = {}
    for system, values in writes.items():
        reading, side = job.found.readings.get(system), job.link.sides.get(system)
        now = reading.values if isinstance(reading, Snapshot) else side.seen if side is not None else {}
        found[system] = {path: now.get(path) for path in values} if now else {}
    return found


def _worth(job: Job) -> tuple[Decimal | None, str]:
    """As lists show it, so that a preview adds up what a person sees."""
    shown = job.found.canonical.get(job.source, {})
    if job.event.entity not in _DOCUMENTS:
        return None, ""
    amount = next((one for name in ("amount", "net") if (one := shown.get(name)) is not None), None)
    return (amount if isinstance(amount, Decimal) else None), str(shown.get("currency") or "")
