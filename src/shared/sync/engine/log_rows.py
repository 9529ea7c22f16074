"""The rows of the log: the one of a job, and the one that keeps what lost a conflict before it is
overwritten."""

from collections.abc import Mapping
from typing import Any

from shared.domain.link import Link, LogRow, Outcome
from shared.domain.outcomes.written import lost_a_conflict, put_back
from shared.domain.record import replace
from shared.ports import Loaded, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.sides import side_of
from shared.sync.shown_number import number_of


def log_row(ctx: Context, job: Job, outcome: Outcome) -> LogRow:
    event, label, records = job.event, label_of_source(ctx, job), records_of(ctx, job)
    return LogRow(
        ctx.now(),
        event.run_id,
        event.system,
        event.entity,
        event.record_id,
        event.cause,
        outcome,
        job.link.link_id,
        label,
        records,
        ctx.flow.version,
        tuple(job.done.changes),
        event.attempt,
        number=_number(job, label, records),
    )


def _number(job: Job, label: str, records: Mapping[str, tuple[str, str, str]]) -> str:
    """Only where it is not there already."""
    number = number_of(job.flow, job.link)
    said = (label, job.event.record_id, *(text for one in records.values() for text in one[:2]))
    return "" if any(number in text for text in said) else number


def label_of_source(ctx: Context, job: Job) -> str:
    """What people call the record on the side the event came from."""
    reading = job.found.readings.get(job.source)
    if not isinstance(reading, Snapshot):
        return job.link.sides.get(job.source, side_of(job, job.source)).label
    return (
        ctx.map(job.event.entity, job.source).spec.label(reading.values)
        if job.source in job.flow.maps
        else ""
    )


def records_of(ctx: Context, job: Job) -> dict[str, tuple[str, str, str]]:
    found = {}
    for system, object_map in job.flow.maps.items():
        side = job.link.sides.get(system)
        record_id = side.id if side else job.event.record_id if system == job.source else ""
        if record_id:
            found[system] = (
                record_id,
                side.label if side else "",
                ctx.address(system, object_map.spec.object, record_id),
            )
    return found


def losses(ctx: Context, job: Job) -> LogRow | None:
    """A row for the values that lost and are not in the log yet, to be saved with the next commit of the
    link; None when nothing lost. Call `losses_logged` once it is saved."""
    lost = tuple(row for row in job.done.changes if "lost" in row)
    if not lost:
        return None
    return replace(log_row(ctx, job, _kept(ctx, job, lost)), changes=lost)


def _kept(ctx: Context, job: Job, lost: tuple[Mapping[str, Any], ...]) -> Outcome:
    policies = policies_of(ctx, job)
    fields = list(dict.fromkeys(str(row["field"]) for row in lost))
    if any(row["system"] in policies[row["field"]].sources for row in lost):
        return lost_a_conflict(fields)
    return put_back(fields, list(dict.fromkeys(row["system"] for row in lost)))


def in_the_log(ctx: Context, loaded: dict[str, Loaded]) -> dict[str, Loaded]:
    """The links without the rows that were saved with them: whoever saved may have died before the log had
    them, so it is made sure here that it has. For every link that is going to be saved or erased."""
    rows = [one.link.row for one in loaded.values() if one.link is not None and one.link.row is not None]
    if rows:
        ctx.stores.log.ensure(rows)
    return {
        link_id: replace(one, link=replace(one.link, row=None)) if one.link is not None else one
        for link_id, one in loaded.items()
    }


def with_row(link: Link, row: LogRow | None, job: Job) -> tuple[Link, LogRow | None]:
    """The link with the row that is saved with it, and the row under the name by which both know it: that of
    the save. What the link held before is in the log by now (`in_the_log`)."""
    name = f"{job.held.saved + 1:06d}-{link.link_id[:8]}"
    named = replace(row, seq=name) if row is not None else None
    return replace(link, row=named), named


def losses_logged(job: Job) -> None:
    """The losers are in the log: the record's final row need not name them again."""
    job.done.changes = [row for row in job.done.changes if "lost" not in row]
