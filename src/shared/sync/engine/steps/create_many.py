"""Makes missing records together, where a system takes many in one call.

Each record keeps what a create of its own has: it was looked for first, its intent is saved before the call,
and its answer is its own. Whatever may have been made is looked up one by one by the next worker, who then
makes alone what is not found: a bad record can spoil one call and no second. Records that one could be taken
for another of never share a call, because the second is to be compared with what became of the first.
"""

from collections.abc import Callable
from typing import cast

from shared.domain.keys import target_key
from shared.errors import OutcomeUnknown, RecordRejected, SyncError
from shared.ports import MakesMany, Snapshot
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import put_off, vendor_fault
from shared.sync.engine.in_flight import unmark
from shared.sync.engine.job import Job
from shared.sync.engine.sides import target_of
from shared.sync.engine.steps.create import create, prepare, take
from shared.sync.matching.keys import company_name

Alone = Callable[[Job, Callable[[Job], None]], None]
Sign = tuple[tuple[str, ...], tuple[str, ...]]
_TELLING = (("name",), ("full_name",), ("vat_number",), ("reference",))


class Together:
    """Records with their intent saved, until they are sent. `alone` runs a step of one job, so that its
    surprise does not touch the others."""

    def __init__(self, ctx: Context, alone: Alone) -> None:
        self._ctx, self._alone = ctx, alone
        self._ready: list[Job] = []
        self._signs: set[Sign] = set()

    def _takes(self, job: Job) -> bool:
        """Whether this record may share a call: one that may have been made by an earlier try may not."""
        return (
            job.held.unknown is None
            and not job.held.looked
            and not job.flow.create_once
            and self._most(job) > 1
        )

    def make_room(self, job: Job) -> None:
        """Before the record is looked for: sends those that it could be taken for."""
        if self._ready and (not self._takes(job) or _signs(job) & self._signs or self._other(job)):
            self.send()

    def add(self, job: Job) -> bool:
        """Whether the record will share a call; its intent is saved then. False where it is to be made alone.
        Raises what saving raises."""
        if not self._takes(job):
            return False
        if prepare(self._ctx, job):
            self._ready.append(job)
            self._signs |= _signs(job)
        if len(self._ready) >= self._most(job):
            self.send()
        return True

    def send(self) -> None:
        jobs, self._ready, self._signs = [job for job in self._ready if job.open], [], set()
        if not jobs:
            return
        target = target_of(self._ctx, jobs[0])
        answers = self._called(target, jobs)
        for job, answer in zip(jobs, answers, strict=True):
            self._alone(job, lambda job, answer=answer: self._took(job, target, answer))  # type: ignore[misc]

    def _called(self, target: str, jobs: list[Job]) -> list[Snapshot | SyncError | Exception]:
        ctx, system = self._ctx, self._ctx.systems[target]
        for job in jobs:
            if ctx.hurried():
                job.defer(1, "no time left in this run; sent again", started=False)
            else:
                put_off(ctx, target, job)
            if not job.open:
                unmark(ctx, job, target)
        asked = [job for job in jobs if job.open]
        if not asked:
            return [SyncError("not sent")] * len(jobs)
        for job in asked:
            assert job.held.lease is not None
            job.held.unknown = job.held.lease.intent
        sent = [(job.plan.payload, target_key(job.link.link_id, job.link.generation)) for job in asked]
        spec = ctx.map(asked[0].event.entity, target).spec
        try:
            made: list[Snapshot | SyncError | Exception] = [*cast(MakesMany, system).create_many(spec, sent)]
        except Exception as fault:
            made = [fault] * len(asked)
        if len(made) != len(asked):
            made = [OutcomeUnknown(f"{len(made)} answers to {len(asked)} new records")] * len(asked)
        by_job = dict(zip(map(id, asked), made, strict=True))
        return [by_job.get(id(job), SyncError("not sent")) for job in jobs]

    def _took(self, job: Job, target: str, answer: Snapshot | SyncError | Exception) -> None:
        ctx = self._ctx
        if isinstance(answer, Snapshot):
            take(ctx, job, target, answer)
        elif isinstance(answer, OutcomeUnknown):
            vendor_fault(ctx, target, job, answer)
        elif isinstance(answer, RecordRejected):
            job.held.unknown = None
            create(ctx, job)  # alone: whatever is to be said of a refusal, or can be left out, is known there
        elif isinstance(answer, SyncError):
            job.held.unknown = None
            vendor_fault(ctx, target, job, answer)
            unmark(ctx, job, target)
        else:
            job.fail(answer)

    def _most(self, job: Job) -> int:
        target = target_of(self._ctx, job)
        system = self._ctx.systems[target]
        if system.capabilities.batch_create < 2:
            return 1
        return cast(MakesMany, system).at_once(self._ctx.map(job.event.entity, target).spec)

    def _other(self, job: Job) -> bool:
        return target_of(self._ctx, job) != target_of(self._ctx, self._ready[0])


def _signs(job: Job) -> set[Sign]:
    """What the record could be taken for another by."""
    values = whole(job)
    keys = {tuple(key) for key in job.flow.match} | (
        set(_TELLING) if job.flow.matching != "keys" else set[tuple[str, ...]]()
    )
    made = {key: tuple(_plain(name, values.get(name)) for name in key) for key in keys}
    return {(key, parts) for key, parts in made.items() if all(parts)}


def _plain(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    plain = company_name(value) if name == "name" else None
    return str(plain) if plain is not None else "".join(str(value).casefold().split())
