"""What a vendor's fault means for the jobs that met it, and for the connection as a whole.

A rate limit, an outage or a dead password closes the gate once; every later job of the batch is put off
without a call.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from shared.domain.outcomes.written import not_allowed, rejected
from shared.domain.titles import title
from shared.errors import (
    BadCredentials,
    Busy,
    Halt,
    Hold,
    LaneTaken,
    LinkContended,
    NotAllowed,
    NoTurn,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    Retry,
    StaleVersion,
    SyncError,
    Unavailable,
)
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job

PAUSED = timedelta(days=1)
LONGEST_COOLING = 900.0
_NEW_SECRET = timedelta(seconds=5)
_OF_THE_CONNECTION = (Halt, RateLimited, Unavailable)
_SOON = {LaneTaken: 20.0, Busy: 20.0, LinkContended: 5.0, StaleVersion: 2.0}


@contextmanager
def calling(ctx: Context, system: str, jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """The jobs that may call `system` now; a fault inside the block ends them all, and only them."""
    ready = [job for job in jobs if job.open and not put_off(ctx, system, job)]
    try:
        yield ready
        if ready:
            ctx.called.add(system)
    except SyncError as fault:
        for job in ready:
            vendor_fault(ctx, system, job, fault)
    except Exception as fault:  # a surprise fails these records, not the others of the batch
        for job in ready:
            job.fail(fault)


def put_off(ctx: Context, system: str, job: Job) -> bool:
    """Defers the job when the connection is closed. True when it did."""
    if system not in ctx.closed and system not in ctx.no_turn:
        return False
    until, why = ctx.closed.get(system) or ctx.no_turn[system]
    job.defer(max(1.0, (until - ctx.now()).total_seconds()), why, started=system in ctx.closed)
    return True


def vendor_fault(ctx: Context, system: str, job: Job, fault: SyncError) -> None:
    """Ends one job with what this fault means."""
    if isinstance(fault, _OF_THE_CONNECTION):
        system = fault.system or system
        close(ctx, system, fault)
        put_off(ctx, system, job)
    elif isinstance(fault, OutcomeUnknown):
        job.defer(ctx.systems[system].settle_seconds, f"{fault}; looking before anything is written again")
    elif isinstance(fault, Retry):
        if isinstance(fault, NoTurn):
            until = ctx.now() + timedelta(seconds=fault.after or 1.0)
            ctx.no_turn[fault.system or system] = (until, str(fault))
        job.defer(fault.after or _SOON.get(type(fault), 30.0), str(fault))
    elif isinstance(fault, NotAllowed):
        job.end(not_allowed(str(fault)))
    elif isinstance(fault, Hold):
        job.end(rejected(str(fault), fault.reasons if isinstance(fault, RecordRejected) else ()))
    else:
        job.fail(fault)


def in_passing(fault: SyncError) -> bool:
    """Whether only the moment was wrong: we ourselves, or somebody there, were at the same thing, and nothing
    was executed. What met it is done later, and nobody needs to hear an alarm."""
    return isinstance(fault, Busy | LaneTaken | LinkContended | NoTurn | StaleVersion)


def new_secret(ctx: Context, system: str, fault: SyncError) -> str:
    """What to say when the credentials that were refused are not the stored ones any more; else ""."""
    if not isinstance(fault, BadCredentials) or not ctx.stores.secrets.renewed(system):
        return ""
    return f"the credentials for {title(system)} were changed a moment ago: trying again with the new ones"


def close(ctx: Context, system: str, fault: SyncError) -> None:
    """Closes the gate of this connection, or of the one that the fault names, once per batch, for what the
    whole connection is affected by: a lane that we hold ourselves, or one record that is refused, is no
    outage."""
    system = fault.system or system
    if system in ctx.closed or not isinstance(fault, _OF_THE_CONNECTION):
        return
    if why := new_secret(ctx, system, fault):
        ctx.closed[system] = (ctx.now() + _NEW_SECRET, why)
        return
    if isinstance(fault, Halt):
        ctx.stores.gate.pause(system, str(fault))
        ctx.closed[system] = (ctx.now() + PAUSED, f"the connection to {title(system)} is paused: {fault}")
        return
    after = fault.after if isinstance(fault, Retry) else None
    seconds = after or min(LONGEST_COOLING, 30.0 * 2 ** ctx.strikes.get(system, 0))
    until = ctx.now() + timedelta(seconds=seconds)
    ctx.stores.gate.cool(system, until, str(fault))
    ctx.closed[system] = (until, str(fault))
