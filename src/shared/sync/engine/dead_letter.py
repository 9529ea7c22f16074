"""Notes on the link that a record ended in the dead-letter queue, so that it is found and queued again
without SQS."""

from shared.domain.link import ChangeEvent, LogRow
from shared.domain.outcomes.unfinished import unexpected
from shared.domain.record import replace
from shared.errors import SyncError
from shared.ports import Commit
from shared.sync.engine.context import Context
from shared.sync.engine.log_rows import with_row
from shared.sync.engine.steps.identify import identify


def note_failure(ctx: Context, event: ChangeEvent, error: Exception) -> None:
    """Never raises a SyncError: the message goes to the dead-letter queue either way. Intents are left
    alone."""
    outcome = unexpected(error)
    job = identify(ctx, [event])[0]
    row = LogRow(
        ctx.now(),
        event.run_id,
        event.system,
        event.entity,
        event.record_id,
        event.cause,
        outcome,
        job.link.link_id,
        rules_version=ctx.flow.version,
        attempt=event.attempt,
    )
    link = replace(job.link, outcome=outcome, rules_version=ctx.flow.version, updated_at=ctx.now())
    link, named = with_row(link, row, job)
    try:
        ctx.stores.links.commit(Commit(link, job.held.saved, ctx.owner), ctx.now())
    except SyncError:
        named = row
    if named is not None:
        ctx.stores.log.append([named])
