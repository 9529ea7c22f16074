"""A document that came to another total than its lines stays open until both sides show one total.

Lines that the target answered otherwise count as its own form of what was written, so nothing is due for them
any more: without this the next look would say that both sides agree.
"""

from decimal import Decimal

from shared.domain.link import Outcome
from shared.domain.outcomes import written
from shared.domain.rules import Rule
from shared.mapping.figures import pence
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.seen import read_seen


def still_apart(ctx: Context, job: Job) -> Outcome | None:
    """What was last said of it, as long as it holds."""
    before, figures = job.held.before, job.flow.figures
    if before is None or figures is None:
        return None
    if (before.kind, before.rule, before.field) != ("held", Rule.TOTALS, figures.total):
        return None
    shown = {system: _total(ctx, job, system, figures.total) for system in job.flow.maps}
    ledger, other = shown.pop(ctx.flow.sage), next(iter(shown.values()))
    if ledger is None or other is None or before.value in (str(ledger), str(other)):
        return None if ledger is not None and ledger == other else before
    return None if ledger == other else written.other_total(ctx.flow.sage, figures.total, ledger, other)


def _total(ctx: Context, job: Job, system: str, field: str) -> Decimal | None:
    """As it was read in this pass, else as it was last seen."""
    found = job.found.canonical.get(system, {}).get(field)
    side = job.link.sides.get(system)
    if found is None and side is not None:
        seen = side.seen if side.shown is None else side.shown
        found = read_seen(ctx.map(job.event.entity, system), seen, ctx.tables_of(system)).get(field)
    return pence(found) if isinstance(found, Decimal) else None
