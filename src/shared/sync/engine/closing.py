"""The write that closes a record for good, such as the release of an invoice: nobody can take it back, so it
goes last, and only once nothing else of the record is open.

While a field is held, or one side shows what the other cannot hold, the two sides differ, and nobody approved
what the ledger would then post. The value stays due: it goes by itself as soon as the rest is settled.
"""

from collections.abc import Sequence

from shared.domain.link import Outcome
from shared.domain.outcomes import written
from shared.domain.record import replace
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.result import Ended
from shared.sync.engine.sides import label_of


def closes(job: Job) -> bool:
    """Whether what is due would close a record that exists."""
    lock = job.flow.lock
    if lock is None or lock.system not in job.link.sides:
        return False
    due = job.plan.due.get(lock.system, {})
    return lock.field in due and due[lock.field] not in lock.open


def leave_open(job: Job) -> None:
    """Takes the closing value out of what is due while something else of the record is open."""
    lock = job.flow.lock
    if lock is None or not closes(job) or not (job.link.held or job.plan.refusal):
        return
    due = job.plan.due
    left = {name: value for name, value in due.pop(lock.system).items() if name != lock.field}
    due |= {lock.system: left} if left else {}
    job.plan.unclosed = True


def apart(jobs: Sequence[Job]) -> tuple[list[Job], list[Job]]:
    """Those whose record is closed only after the other side took what it still has to get, behind all
    others."""
    last = [job for job in jobs if job.open and closes(job) and len(job.plan.due) > 1]
    return [job for job in jobs if job not in last], last


def in_turn(jobs: Sequence[Job], systems: set[str]) -> list[str]:
    """The systems in the order in which they are written, the one that is closed last."""
    closed = {job.flow.lock.system for job in jobs if job.flow.lock is not None and closes(job)}
    return sorted(systems, key=lambda system: (system in closed, system))


def not_closed(ctx: Context, job: Job) -> None:
    """Says so of a job that ended before its record was closed, because the other side did not take the
    rest."""
    if isinstance(job.result, Ended) and closes(job):
        job.plan.unclosed = True
        job.result = Ended(told(ctx, job, job.result.outcome))


def told(ctx: Context, job: Job, outcome: Outcome) -> Outcome:
    """The outcome, with a sentence behind it where the record stays open for now."""
    lock = job.flow.lock
    if lock is None or not job.plan.unclosed:
        return outcome
    state = job.found.canonical.get(lock.system, {}).get(lock.field)
    stays = written.stays_open(lock.system, label_of(ctx, job, lock.system), state)
    return replace(outcome, notes=(*outcome.notes, stays))
