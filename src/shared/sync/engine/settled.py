"""Says in words what of an invoice was paid and how, whenever that changed.

The CRM has a field for money received and one for what is outstanding; that the rest was credited, discounted
or settled otherwise is told here, or nowhere.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.outcomes.paid import SETTLED, settled
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.sides import label_of
from shared.sync.seen import read_seen

_TOLD = {"received", "outstanding", "status"}
_ZERO = Decimal(0)


def tell_settlement(ctx: Context, job: Job) -> None:
    """A note where the ledger shows another settlement than when it was last seen, or one that was just
    carried over after an earlier try had not got that far."""
    ledger = ctx.flow.sage
    read = job.found.canonical.get(ledger, {})
    if any(read.get(name) is None for name in (*SETTLED, "outstanding")):
        return
    now, before = _figures(read), _figures(_before(ctx, job, ledger))
    carried = any(_TOLD & fields for fields in job.done.wrote.values()) and any(now.values())
    if now == before and not carried:
        return
    by = str(read.get("settled_by") or "")
    label = label_of(ctx, job, ledger)
    job.done.notes.append(settled(ledger, label, now, read["outstanding"], by))


def _before(ctx: Context, job: Job, system: str) -> Mapping[str, Any]:
    side = job.held.stored.sides.get(system) if job.held.stored is not None else None
    if side is None:
        return {}
    object_map = ctx.map(job.event.entity, system)
    paths = [path for name in SETTLED for path in object_map.native_paths.get(name, ())]
    return read_seen(object_map, {path: side.seen[path] for path in paths if path in side.seen}, {})


def _figures(values: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: values.get(name) or _ZERO for name in SETTLED}
