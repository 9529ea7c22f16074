"""A second look at everything that a record is made from, right before it is made.

What is made once can never be corrected by us, and a ledger that takes seconds for each create leaves the
last of a batch waiting for minutes. So nothing that such a record is made from may be older than the flow's
`fresh_seconds` when its create is sent, and it was read after the ledger's lane was held. What is older is
read again, together with as many of those behind it as can be made before that reading is too old in turn.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil
from typing import Any

from shared.domain.outcomes import second_look
from shared.domain.record import replace
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.result import Ended
from shared.sync.engine.sides import target_of, target_side
from shared.sync.engine.watch import shown_to_people

Anew = Callable[[list[Job]], None]
"""Reads these jobs again, and decides and composes them from the new readings."""


class LookAgain:
    """Used for one batch: it learns how many records the ledger makes while a reading is fresh."""

    def __init__(self, ctx: Context, anew: Anew) -> None:
        self._ctx, self._anew = ctx, anew
        self._portion = 0
        """How many jobs to read at once; 0: not known yet, so all of them."""
        self._looked_at: datetime | None = None
        self._reserved = False
        self._made = 0
        """How many records were begun since then."""

    def before(self, waiting: list[Job]) -> None:
        """Makes sure that the first of these may be made from what was read of it."""
        first = waiting[0]
        if not self._to_be_made(first):
            return
        waited = self._take_the_lane(waiting)
        if first.open and (waited or not self._fresh(first)):
            self._learn_pace(first.flow.fresh_seconds)
            behind = [job for job in waiting if self._to_be_made(job)]
            self._look(behind[: self._portion or len(behind)], behind)
        self._made += 1

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
        """Also of what was read of it in this very batch, but not by the poll that found it."""
        now, found = self._ctx.now(), job.found
        reading = found.readings.get(job.source)
        if found.from_snapshot or not isinstance(reading, Snapshot):
            return float(job.flow.fresh_seconds) + 1
        if job.flow.references and found.facts_at is None:
            return float(job.flow.fresh_seconds) + 1
        return (now - min(reading.observed_at, found.facts_at or now)).total_seconds()

    def _fresh(self, job: Job) -> bool:
        return self._age(job) <= job.flow.fresh_seconds

    def _learn_pace(self, fresh_seconds: int) -> None:
        """One too many costs nothing: it is read again in time."""
        if self._looked_at is not None and self._made:
            passed = (self._ctx.now() - self._looked_at).total_seconds()
            self._portion = ceil(fresh_seconds * self._made / max(passed, 0.001))
        self._made = 0

    def _look(self, portion: list[Job], waiting: list[Job]) -> None:
        self._reserve(waiting, 0)
        portion = [job for job in portion if job.open]
        self._looked_at = self._ctx.now()
        before = {id(job): shown_to_people(self._ctx, job) for job in portion}
        for job in portion:
            job.again()
        self._anew(portion)
        for job in portion:
            _tell(job, before[id(job)], shown_to_people(self._ctx, job))


def _tell(job: Job, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """What a person changed while the record waited stands behind whatever becomes of it."""
    changed = [
        second_look.changed(name, before[name], now[name])
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
