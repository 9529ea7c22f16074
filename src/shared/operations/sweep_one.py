"""What the sweep does with one list: a worklist is polled, any other is read completely, and what was made
once is looked through."""

from dataclasses import dataclass

from shared.bootstrap import Services
from shared.domain.outcomes import unfinished
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.errors import Halt, SyncError
from shared.operations.poll import poll
from shared.operations.poll_tasks import PollTask
from shared.operations.sweep_list import ListSweep
from shared.operations.sweep_place import Place
from shared.operations.watch_orders import watch_orders
from shared.sync.engine.faults import close, in_passing


@dataclass
class Part:
    """`done` False: the list goes on in another invocation. `put_off`: somebody of ours was calling there,
    and nothing was lost."""

    queued: int = 0
    gone: int = 0
    final: int = 0
    looked_at: int = 0
    note: str = ""
    stopped: str = ""
    done: bool = True
    put_off: bool = False
    again: bool = False
    """It was stopped by something that passes by itself, such as an outage."""

    def message(self, before: Place) -> str:
        """Of the whole round; `before` says what its earlier invocations did."""
        if self.stopped:
            return self.stopped
        queued, gone = before.queued + self.queued, before.gone + self.gone
        text = f"queued {queued} changed"
        text += f"; {gone} found deleted" if gone else ""
        text += f"; {self.final} to be deleted for good" if self.final else ""
        text += f"; looked through {counted(self.looked_at, 'order')}" if self.looked_at else ""
        text += f"; {self.note}" if self.note else ""
        return text + ("" if self.done or self.put_off else "; the rest follows")


def is_worklist(services: Services, task: PollTask) -> bool:
    """It names what is left to do, so nothing of it is read from the start."""
    flow = services.flow.entities[task.entity]
    return flow.create_once or flow.maps[task.system].spec.poll_mode == "worklist"


def sweep_one(services: Services, task: PollTask, place: Place) -> Part:
    """Never raises a SyncError: what stopped it is in `stopped`, and the gate of a connection at fault is
    closed."""
    part = Part()
    try:
        if is_worklist(services, task):
            _worklist(services, task, part)
        else:
            _complete(services, task, part, place)
    except SyncError as fault:
        _met(services, task, part, fault)
    return part


def _worklist(services: Services, task: PollTask, part: Part) -> None:
    """It names what is left to do. What was made once is looked through besides."""
    flow = services.flow.entities[task.entity]
    polled = poll(services, task)
    part.queued, part.stopped = polled.queued, polled.stopped
    if flow.watch is None or polled.stopped or flow.direction != f"from {task.system}":
        return
    found = watch_orders(services, task)
    part.looked_at, part.note = found.looked_at, found.note
    part.queued += found.queued


def _complete(services: Services, task: PollTask, part: Part, place: Place) -> None:
    listed = ListSweep(services, task, place).run()
    part.queued, part.gone, part.final, part.done, part.stopped = (
        listed.queued,
        listed.gone,
        listed.final,
        listed.done,
        listed.stopped,
    )
    if not part.done:
        part.note = unfinished.last_round(place.round)


def _met(services: Services, task: PollTask, part: Part, fault: SyncError) -> None:
    """A lane that one of our own functions holds has put this list off; anything else has stopped it."""
    if in_passing(fault):
        what = f"{words(task.entity)} records of {title(task.system)}"
        part.put_off, part.note = True, unfinished.sweep_put_off(what, str(fault))
        return
    close(services.context(), task.system, fault)
    part.stopped, part.again = str(fault), not isinstance(fault, Halt)
