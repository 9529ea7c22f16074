"""A second look at everything that a record is made from, right before it is made.

What is made once can never be corrected by us, and a ledger that takes seconds for each create leaves the
last of a batch waiting for minutes. So nothing that such a record is made from may be older than the flow's
`fresh_seconds` when its create is sent, and it was read after the ledger's lane was held. What is older is
read again, together with as many of those behind it as can be made before that reading is too old in turn.

What the ledger knows of the records referred to (an order's customer) is asked for here, and nowhere earlier:
once for each look, and not a first time for the poll's sake. Where that takes a call for each of them, only
so many are asked about as are surely made while the answer is fresh.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil
from typing import Any

from shared.domain.outcomes import second_look
from shared.domain.record import replace
from shared.ports import Snapshot
from shared.sync.engine.called import texts_of
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.item_codes import asks
from shared.sync.engine.job import Job
from shared.sync.engine.result import Ended
from shared.sync.engine.sides import target_of, target_side
from shared.sync.engine.watch import shown_to_people

Step = Callable[[list[Job]], None]

FIRST = 5
"""How many are asked about one by one before it is known how fast the ledger is: as many as one that takes
two seconds for each makes in ten."""


class LookAgain:
    """Used for one batch: it learns how many records the ledger makes while a reading is fresh.

    `anew` reads jobs again and decides them from the new readings; `ask` asks for what they refer to and
    composes them.
    """

    def __init__(self, ctx: Context, anew: Step, ask: Step) -> None:
        self._ctx, self._anew, self._ask = ctx, anew, ask
        self._portion = 0
        """How many jobs to read at once; 0: not known yet, so all of them."""
        self._looked_at: datetime | None = None
        self._reserved = False
        self._made = 0
        """How many records were begun since then."""
        self._shown: dict[int, Mapping[str, Any]] = {}
        """id of a job -> what its record showed when it was first read."""

    def before(self, waiting: list[Job]) -> None:
        """Makes sure that the first of these may be made from what was read of it."""
        first = waiting[0]
        if not self._to_be_made(first) or self._ctx.hurried():  # then nothing more is begun
            return
        waited = self._take_the_lane(waiting)
        self._prepare(waiting, anew=waited)
        if self._to_be_made(first) and not self._in_time(first):
            self._portion, self._made = 1, 0  # looking at them took so long that only one can be fresh
            self._prepare([first])
        self._made += 1

    def _prepare(self, waiting: list[Job], *, anew: bool = False) -> None:
        """`anew`: whatever was read before is not enough."""
        first = waiting[0]
        if first.open and (anew or not self._fresh(first)):
            size = self._fits(first.flow.fresh_seconds)
            behind = [job for job in waiting if self._to_be_made(job)]
            self._look(behind[: size or len(behind)], behind)
        if first.open and not first.plan.payload:
            self._complete(waiting)

    def _to_be_made(self, job: Job) -> bool:
        return job.open and job.flow.create_once and target_side(self._ctx, job) is None

    def _take_the_lane(self, waiting: list[Job]) -> bool:
        """Once for this batch. True where others had it meanwhile, so that all is to be read again; ends the
        jobs where they have it still."""
        if self._reserved:
            return False
        self._reserved = True
        return self._reserve([job for job in waiting if self._to_be_made(job)], self._age(waiting[0]))

    def _reserve(self, waiting: list[Job], age: float) -> bool:
        """`age`: of the readings that the next records are made from, in seconds."""
        first, waited = waiting[0], False
        target, entity = target_of(self._ctx, first), first.event.entity
        with calling(self._ctx, target, waiting) as ready:
            if ready:
                spec = self._ctx.map(entity, target).spec
                waited = self._ctx.systems[target].reserve(spec, first.flow.fresh_seconds - age)
        return waited

    def _age(self, job: Job) -> float:
        """Of the oldest of what was read of it, by now. A poll's reading is always too old, and so is what
        was remembered."""
        now, found = self._ctx.now(), job.found
        reading = found.readings.get(job.source)
        if found.from_snapshot or not isinstance(reading, Snapshot):
            return float(job.flow.fresh_seconds) + 1
        if job.plan.payload and job.flow.references and found.facts_at is None:
            return float(job.flow.fresh_seconds) + 1
        return (now - min(reading.observed_at, found.facts_at or now)).total_seconds()

    def _fresh(self, job: Job) -> bool:
        return self._age(job) <= job.flow.fresh_seconds

    def _in_time(self, first: Job) -> bool:
        """Whether looking at it, together with others, did not take too long itself."""
        return self._fresh(first)

    def _fits(self, fresh_seconds: int) -> int:
        """How many are made while a reading is fresh. One too many costs nothing: it is read again in
        time."""
        if self._looked_at is not None and self._made:
            passed = (self._ctx.now() - self._looked_at).total_seconds()
            self._portion = ceil(fresh_seconds * self._made / max(passed, 0.001))
        return self._portion

    def _look(self, portion: list[Job], waiting: list[Job]) -> None:
        self._reserve(waiting, 0)
        portion = [job for job in portion if job.open]
        self._begin()
        for job in portion:
            self._shown.setdefault(id(job), shown_to_people(self._ctx, job))
            job.again()
        self._anew(portion)
        self._tell([job for job in portion if not job.open])

    def _complete(self, waiting: list[Job]) -> None:
        """Asks for what the first, and those behind it that were read in time, refer to."""
        if self._looked_at is None:
            self._begin()
        first, *others = waiting
        ready = [first, *(job for job in others if self._to_be_asked(job))]
        few = FIRST if any(asks(job) for job in ready) else len(ready)
        ready = ready[: self._fits(first.flow.fresh_seconds) or few]
        self._ask(ready)
        self._tell(ready)

    def _to_be_asked(self, job: Job) -> bool:
        return self._to_be_made(job) and not job.plan.payload and self._fresh(job)

    def _begin(self) -> None:
        self._looked_at, self._made = self._ctx.now(), 0
        self._ctx.facts = {}

    def _tell(self, jobs: list[Job]) -> None:
        """What a person changed while the record waited stands behind whatever becomes of it."""
        for job in jobs:
            if id(job) in self._shown:
                _tell(self._ctx, job, self._shown[id(job)], shown_to_people(self._ctx, job))


def _tell(ctx: Context, job: Job, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    changed = [
        second_look.changed(name, *texts_of(ctx, job.flow, name, [before[name], now[name]]))
        for name in before
        if name in now and before[name] != now[name]
    ]
    if not changed:
        return
    if isinstance(job.result, Ended):
        outcome = job.result.outcome
        job.result = Ended(replace(outcome, notes=(*outcome.notes, *changed)))
    else:
        job.done.notes += changed
