"""The one row of the log that speaks of all missing records of a list."""

from shared.domain.link import LIST, LogRow
from shared.domain.outcomes.missing import asked
from shared.domain.wording import counted
from shared.sync.engine.context import Context


def tell(ctx: Context, system: str, entity: str, run_id: str, of: int) -> None:
    """Writes the row, or the same row with all that went missing since. It stands at the moment at which the
    question was asked."""
    rows = [one for one in ctx.stores.missing.listed(system, entity) if one.verdict == "asked"]
    if not rows:
        return
    since = min(one.at for one in rows)
    names = [one.label or one.id for one in rows]
    outcome = asked(system, entity, names, of)
    label = counted(len(rows), "missing record")
    ctx.stores.log.append(
        [LogRow(since, run_id, system, entity, LIST, "poll", outcome, label=label, seq=f"missing {system}")]
    )
