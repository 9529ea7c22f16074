"""A job whose record, or whose counterpart, is missing together with too many others: nothing is done about
it, and what was done while its deletion was still believed is taken back.

Puts into use again what we put out of use, here and where a deleted record shows itself again.
"""

from shared.domain.outcomes import missing
from shared.ports import Snapshot, Verdict
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.seen import same_as_seen


def hold_back(ctx: Context, job: Job) -> None:
    """Ends the job, or leaves in `native` what takes the other record back into use."""
    doubted = job.found.doubted
    if job.found.regained:
        if back := take_back(ctx, job):
            job.plan.verdict = missing.taken_back(back, doubted)
        else:
            job.end(missing.believed_no_more(doubted))
    elif _edited(ctx, job):
        asked = any(_verdict(ctx, job, system) == "asked" for system in doubted)
        tell = missing.counterpart_missing if asked else missing.counterpart_kept
        job.end(tell(job.source, doubted))
    else:
        job.done.quiet = True
        job.end(missing.kept_back(doubted))


def take_back(ctx: Context, job: Job) -> list[str]:
    """The systems whose record we put out of use, and that nobody has put into use since: `native` and `back`
    of the plan say what they get."""
    found = []
    for system, before in job.link.retired.items():
        side = job.link.sides.get(system)
        if side is None or side.gone or not out_of_use(ctx, job, system):
            forget_retired(job, system)
            continue
        job.plan.native[system] = dict(before)
        job.plan.back.add(system)
        found.append(system)
    return found


def forget_retired(job: Job, system: str) -> None:
    left = {name: before for name, before in job.link.retired.items() if name != system}
    job.held.change(retired=left)


def out_of_use(ctx: Context, job: Job, system: str) -> bool:
    """Whether the record there shows what puts it out of use."""
    archive, now = ctx.map(job.event.entity, system).spec.archive, shown(job, system)
    return bool(archive) and all(now.get(path) == value for path, value in archive.items())


def shown(job: Job, system: str) -> dict[str, object]:
    """What the record shows, as read in this pass, else as last seen."""
    reading = job.found.readings.get(system)
    return {**job.link.sides[system].seen, **(reading.values if isinstance(reading, Snapshot) else {})}


def _verdict(ctx: Context, job: Job, system: str) -> Verdict | None:
    return ctx.judged.get((system, job.event.entity, job.link.sides[system].id))


def _edited(ctx: Context, job: Job) -> bool:
    """Whether the record of the event is there, and shows something new."""
    reading = job.found.readings.get(job.source)
    return isinstance(reading, Snapshot) and not same_as_seen(
        ctx.map(job.event.entity, job.source), job.link, job.source, reading.values
    )


def let_all_back(ctx: Context, job: Job) -> None:
    """Where no side is gone any more, what was put out of use because of it comes back."""
    if job.link.retired and not any(side.gone for side in job.link.sides.values()):
        take_back(ctx, job)
