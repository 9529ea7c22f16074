"""The order of work for one batch. Each step works on the jobs that are still open; each may end some of
them.

A step is one idea in one file; `steps` names them in their order.
"""

from collections.abc import Callable, Sequence

from shared.domain.link import ChangeEvent
from shared.errors import SyncError
from shared.sync.engine.believe import believe
from shared.sync.engine.closing import leave_open
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling, vendor_fault
from shared.sync.engine.in_flight import made_by_us
from shared.sync.engine.job import Job
from shared.sync.engine.offers import withhold
from shared.sync.engine.result import Result
from shared.sync.engine.sides import drop_what_is_there, due_sides, target_of, target_side
from shared.sync.engine.steps.conclude import conclude
from shared.sync.engine.steps.create import create
from shared.sync.engine.steps.create_many import Together
from shared.sync.engine.steps.decide import decide
from shared.sync.engine.steps.identify import identify, read_gate
from shared.sync.engine.steps.leave_out import leave_out
from shared.sync.engine.steps.look_again import LookAgain
from shared.sync.engine.steps.match import match
from shared.sync.engine.steps.number import look_behind_numbers
from shared.sync.engine.steps.pictures import bring_picture
from shared.sync.engine.steps.read import read, unsure
from shared.sync.engine.steps.recover import hold_orphan, recover_lost, recover_unknown
from shared.sync.engine.steps.remove import remove
from shared.sync.engine.steps.require import admit, keep, require
from shared.sync.engine.steps.save import save, wake_waiting
from shared.sync.engine.steps.tell_apart import tell_apart
from shared.sync.engine.steps.turned import end_turned, pass_on
from shared.sync.engine.steps.update import update
from shared.sync.engine.steps.within_credit import leave_credit, settle_credit, within_credit
from shared.sync.engine.taken_names import release
from shared.sync.engine.unanswered import forget_unanswered
from shared.sync.engine.who import give_back


class Engine:
    """Handles the events of one integration and one entity."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def handle(self, events: Sequence[ChangeEvent]) -> list[Result]:
        """One result per event, in order. Raises only what storage raises before any work was begun."""
        ctx = self.ctx
        read_gate(ctx)
        jobs = identify(ctx, events)
        self._tables(jobs)
        recover_unknown(ctx, jobs)
        self._each(jobs, lambda job: leave_out(ctx, job, looked=True))
        missing = self._planned(jobs)
        require(ctx, [job for job in missing if not (job.flow.match or job.flow.create_once)])
        recover_lost(ctx, missing)
        looking = LookAgain(ctx, self._anew, self._asked)
        together = Together(ctx, self._one)
        for number, job in enumerate(missing):
            looking.before(missing[number:])
            self._one(job, lambda job: self._make(job, together))
        together.send()
        keep(ctx, jobs)
        for job in jobs:
            self._one(job, self._owed)
        self._each(jobs, lambda job: remove(self.ctx, job))
        update(ctx, jobs)
        self._each(jobs, lambda job: bring_picture(ctx, job))
        self._each(jobs, lambda job: conclude(ctx, job))
        self._finish(jobs)
        return [self._result(jobs, event) for event in events]

    def plan(self, events: Sequence[ChangeEvent]) -> list[Job]:
        """The jobs as they stand right before anything would be written, for a preview."""
        jobs = identify(self.ctx, events)
        self._tables(jobs)
        missing = self._planned(jobs)
        self._asked(missing)
        for job in missing:
            self._one(job, self._matched)
        keep(self.ctx, jobs)
        return jobs

    def _planned(self, jobs: list[Job]) -> list[Job]:
        """Everything read and decided; returns the jobs that have to make a record."""
        self._observe(jobs)
        self._observe([job for job in jobs if job.open and unsure(self.ctx, job)], again=True)
        return self._lacking(jobs)

    def _anew(self, jobs: list[Job]) -> None:
        self._observe([job for job in jobs if job.open])
        self._lacking(jobs)

    def _lacking(self, jobs: list[Job]) -> list[Job]:
        self._each(jobs, lambda job: release(self.ctx, job))
        missing = [job for job in jobs if job.open and self._creates(job)]
        end_turned(self.ctx, missing)
        missing = [job for job in missing if job.open]
        admit(self.ctx, [job for job in missing if job.flow.create_once and not job.flow.match])
        return missing

    def _asked(self, jobs: list[Job]) -> None:
        """What is made once is asked about right before it is made, see `look_again`; the rest before."""
        require(self.ctx, [job for job in jobs if job.open and self._creates(job) and not job.flow.match])

    def _tables(self, jobs: list[Job]) -> None:
        for system in self.ctx.systems:
            with calling(self.ctx, system, jobs) as ready:
                if ready:
                    self.ctx.tables.of(system)
                for entity in dict.fromkeys(job.event.entity for job in ready):
                    if system in self.ctx.flow.entities[entity].maps:
                        self.ctx.narrow(entity, system)

    def _observe(self, jobs: list[Job], *, again: bool = False) -> None:
        for job in jobs if again else ():
            job.again()
        read(self.ctx, jobs)
        believe(self.ctx, jobs)
        look_behind_numbers(self.ctx, jobs)
        self._each(jobs, lambda job: forget_unanswered(self.ctx, job))
        self._each(jobs, lambda job: decide(self.ctx, job))

    def _creates(self, job: Job) -> bool:
        return target_side(self.ctx, job) is None and target_of(self.ctx, job) in job.plan.due

    def _matched(self, job: Job) -> None:
        """Looked for on the other side before it would be made; what is left to make has its payload then. A
        create whose outcome is unknown is repeated under its own key, where the vendor knows it by that."""
        if not job.flow.match:
            return
        if not job.unknown_create():
            (match if job.flow.matching == "keys" else tell_apart)(self.ctx, job)
        if job.open and self._creates(job):
            require(self.ctx, [job])

    def _make(self, job: Job, together: Together) -> None:
        together.make_room(job)
        if made_by_us(self.ctx, job):
            return
        self._matched(job)
        if not (job.plan.payload or self.ctx.hurried()):
            self._asked([job])
        if job.open and self._creates(job):
            hold_orphan(self.ctx, job)
            if not together.add(job):
                self._alone(job)

    def _alone(self, job: Job) -> None:
        """Made by a call of its own."""
        within_credit(self.ctx, job)
        create(self.ctx, job)
        settle_credit(self.ctx, job)

    def _owed(self, job: Job) -> None:
        """What the source lacks now that the target answered (its number)."""
        if job.done.created or job.done.adopted:
            job.plan.due = due_sides(self.ctx, job, list(job.flow.maps))
            withhold(self.ctx, job)
            drop_what_is_there(self.ctx, job)
            leave_open(job)

    def _each(self, jobs: list[Job], step: Callable[[Job], None]) -> None:
        for job in jobs:
            if job.open:
                self._one(job, step)

    def _one(self, job: Job, step: Callable[[Job], None]) -> None:
        """One record's surprise must not touch the others."""
        try:
            if job.open:
                step(job)
        except SyncError as fault:
            vendor_fault(self.ctx, target_of(self.ctx, job), job, fault)
        except Exception as fault:
            job.fail(fault)

    def _finish(self, jobs: list[Job]) -> None:
        leave_credit(self.ctx)
        give_back(self.ctx)
        rows = []
        for job in sorted(
            jobs, key=lambda job: not job.found.moved
        ):  # who took another's place goes first, so that the others know
            try:
                row = save(self.ctx, job)
                rows += [row] if row else []
            except Exception as fault:
                job.result = None
                job.fail(fault)
        if rows:
            self.ctx.stores.log.append(rows)
        wake_waiting(self.ctx, jobs)
        pass_on(self.ctx, jobs)
        for system in self.ctx.called - set(self.ctx.closed):
            if self.ctx.strikes.get(system):
                self.ctx.stores.gate.open(system)

    def _result(self, jobs: list[Job], event: ChangeEvent) -> Result:
        for job in jobs:
            if job.event.subject == event.subject or event.subject in job.held.merged:
                assert job.result is not None
                return job.result
        raise AssertionError(f"no job for {event.subject}")
