"""The slow loop: a full sweep for what the polls may have missed.

It drives on what was left unfinished, and reads every list from the start, so that lost notices and deletions
that no list reports are found. After a restore or an unclean stop it also reads the target's records, links
those that carry our key, and only then ends the recovery.

Each list is a run of its own. A function works on one list at a time, as long as its time lasts; `sweep` does
all of it in one process.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.bootstrap import Services
from shared.domain.run_ids import new_run_id
from shared.domain.wording import counted
from shared.operations import sweep_place
from shared.operations.left_off import drive_on, recovered
from shared.operations.poll_tasks import CREDIT, PollTask, tasks
from shared.operations.sweep_one import Part, is_worklist, sweep_one
from shared.operations.sweep_place import Place
from shared.ports import Run


@dataclass
class Swept:
    woken: int = 0
    requeued: int = 0
    relinked: int = 0
    queued: int = 0
    recovered: bool = False
    gone: int = 0
    final: int = 0
    """How many are to be deleted for good on the other side."""
    looked_at: int = 0
    note: str = ""
    stopped: str = ""
    put_off: list[tuple[str, str]] = field(default_factory=list)
    """(entity, system) of the lists that somebody of ours was reading."""

    def message(self) -> str:
        if self.stopped:
            return self.stopped
        text = f"retrying {counted(self.woken, 'waiting record')}; queued {self.requeued} unfinished"
        text += f" and {self.queued} changed"
        text += f"; {self.gone} found deleted" if self.gone else ""
        text += f"; {self.final} to be deleted for good" if self.final else ""
        text += f"; looked through {counted(self.looked_at, 'order')}" if self.looked_at else ""
        text += f"; {self.note}" if self.note else ""
        found = f"; recovery ended, {counted(self.relinked, 'lost link')} found again"
        return text + (found if self.recovered else "")

    def add(self, part: Part) -> None:
        self.queued += part.queued
        self.gone += part.gone
        self.final += part.final
        self.looked_at += part.looked_at
        self.note = self.note or ("" if part.put_off else part.note)
        self.stopped = self.stopped or part.stopped


def begin(services: Services) -> tuple[Swept, list[PollTask]]:
    """What belongs to no list, with a run of its own, and the lists to read then: none before going live."""
    run_id, started, swept = new_run_id(services.clock.now()), services.clock.now(), Swept()
    found: list[PollTask] = []
    if services.state.live:
        relinked, swept.stopped = recovered(services)
        swept.recovered, swept.relinked = relinked is not None, relinked or 0
        swept.woken, swept.requeued = drive_on(services, run_id)
        found = swept_lists(services)
    else:
        swept.stopped = "not live yet"
    _note(services, run_id, None, started, "stopped" if swept.stopped else "done", swept.message())
    services.keep_exchanges(run_id)
    return swept, found


def swept_lists(services: Services) -> list[PollTask]:
    """The credit positions' own daily look is part of their polls."""
    found = tasks(services, "reconcile", new_run_id(services.clock.now()))
    return [one for one in found if one.entity != CREDIT]


def one_list(services: Services, task: PollTask, place: Place) -> Part:
    """One invocation's share of one list, from where it stopped. A round over it is one run, however many
    invocations it takes."""
    task, before = replace(task, run_id=place.run), replace(place)
    part = sweep_one(services, task, place)
    run_id = new_run_id(before.began) if is_worklist(services, task) else task.run_id  # the poll has its own
    state = "stopped" if part.stopped else "done" if part.done else "running"
    _note(services, run_id, task, before.began, state, part.message(before))
    services.keep_exchanges(run_id)
    return part


def sweep(services: Services) -> Swept:
    """All of it. What stopped it is in the runs' rows."""
    swept, found = begin(services)
    put_off = [task for task in found if _whole(services, task, swept).put_off]
    for task in put_off:  # another function of ours was calling there: now that the others are done
        part = _whole(services, task, swept)
        if part.put_off:
            swept.put_off.append((task.entity, task.system))
            swept.note = "; ".join(filter(None, (swept.note, part.note)))
    return swept


def _whole(services: Services, task: PollTask, swept: Swept) -> Part:
    while True:
        part = one_list(services, task, sweep_place.load(services, task)[0])
        swept.add(part)
        if part.done or part.stopped or part.put_off:
            return part


def _note(
    services: Services, run_id: str, task: PollTask | None, started: datetime, state: str, message: str
) -> None:
    entity, system = (task.entity, task.system) if task else ("", "")
    ended = None if state == "running" else services.clock.now()
    services.stores.log.put_run(Run(run_id, "reconcile", entity, system, started, ended, state, message))
