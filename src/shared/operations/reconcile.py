"""The slow loop: a full sweep for what the polls may have missed.

It retries everything that waits or is parked, queues unfinished links, and reads every list from the start,
so that lost notices and deletions that no list reports are found. After a restore or an unclean stop it also
reads the target's records, links those that carry our key, and only then ends the recovery."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

from shared.bootstrap import Deployment, Services
from shared.domain.link import ChangeEvent, Link
from shared.domain.outcomes import unfinished
from shared.domain.rules import Rule
from shared.domain.run_ids import new_run_id
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.errors import SyncError
from shared.operations.brake import RECORDS, brake_for, note
from shared.operations.compare import Item, Walk
from shared.operations.empty_list import Emptiness
from shared.operations.end_recovery import end_recovery
from shared.operations.final_deletions import confirm
from shared.operations.lost import Lost
from shared.operations.missing import set_aside
from shared.operations.poll import poll
from shared.operations.poll_diff import event_of, is_edit_of_others, is_news
from shared.operations.poll_tasks import CREDIT, PollTask, tasks
from shared.operations.watch_orders import watch_orders
from shared.ports import Gone, Hint, Run
from shared.sync.engine.faults import close, in_passing
from shared.sync.engine.in_flight import MAKING
from shared.sync.engine.waits import depends_on_others, wake_waits


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
    put_off: dict[PollTask, str] = field(default_factory=dict)
    note: str = ""
    stopped: str = ""

    def message(self) -> str:
        if self.stopped:
            return self.stopped
        text = (
            f"retrying {counted(self.woken, 'waiting record')}; queued {self.requeued} unfinished and "
            f"{self.queued} changed"
        )
        text += f"; {self.gone} found deleted" if self.gone else ""
        text += f"; {self.final} to be deleted for good" if self.final else ""
        text += f"; looked through {counted(self.looked_at, 'order')}" if self.looked_at else ""
        text += f"; {self.note}" if self.note else ""
        found = f"; recovery ended, {counted(self.relinked, 'lost link')} found again"
        return text + (found if self.recovered else "")


def reconcile(deployment: Deployment, integration: str) -> Swept:
    """Sweeps one integration. What stopped the sweep is in the run's row."""
    services = deployment.services(integration)
    try:
        return sweep(services)
    finally:
        services.close()


def sweep(services: Services) -> Swept:
    run_id, started, swept = new_run_id(services.clock.now()), services.clock.now(), Swept()
    if services.state.live:
        _recovered(services, swept)
        waits = [one for one in services.stores.waits.all() if one.key != MAKING]
        swept.woken = wake_waits(services.stores, waits, run_id)
        _unfinished(services, run_id, {wait.event.subject for wait in waits}, swept)
        for task in tasks(services, "reconcile", new_run_id(services.clock.now())):
            if task.entity != CREDIT:  # its own daily look is part of its polls
                _list(services, task, swept)
        _once_more(services, swept)
    else:
        swept.stopped = "not live yet"
    services.stores.log.put_run(
        Run(
            run_id,
            "reconcile",
            "",
            "",
            started,
            services.clock.now(),
            "stopped" if swept.stopped else "done",
            swept.message(),
        )
    )
    services.keep_exchanges(run_id)
    return swept


def _list(services: Services, task: PollTask, swept: Swept) -> None:
    """A worklist is polled: it names what is left to do. Any other list is read completely."""
    flow = services.flow.entities[task.entity]
    if flow.create_once or flow.maps[task.system].spec.poll_mode == "worklist":
        polled = poll(services, task)
        swept.queued += polled.queued
        swept.stopped = swept.stopped or polled.stopped
        if flow.watch is not None and not polled.stopped and flow.direction == f"from {task.system}":
            _watch(services, task, swept)
        return
    try:
        why = _walk(services, task, swept)
        swept.stopped = swept.stopped or why
    except SyncError as fault:
        _met(services, task, swept, fault)


def _watch(services: Services, task: PollTask, swept: Swept) -> None:
    """What was made once is looked through; what stopped that is no reason to stop the rest."""
    try:
        found = watch_orders(services, task)
    except SyncError as fault:
        _met(services, task, swept, fault)
        return
    swept.looked_at += found.looked_at
    swept.queued += found.queued
    swept.note = swept.note or found.note


def _once_more(services: Services, swept: Swept) -> None:
    """Lists that another function of ours was calling, now that the others are done."""
    again, swept.put_off = swept.put_off, {}
    for task in again:
        _list(services, task, swept)
    for task, why in swept.put_off.items():
        what = unfinished.sweep_put_off(f"{words(task.entity)} records of {title(task.system)}", why)
        swept.note = "; ".join(filter(None, (swept.note, what)))


def _met(services: Services, task: PollTask, swept: Swept, fault: SyncError) -> None:
    """A lane that one of our own functions holds has put this list off; anything else has stopped the
    sweep."""
    if in_passing(fault):
        swept.put_off[task] = str(fault)
        return
    close(services.context(), task.system, fault)
    swept.stopped = swept.stopped or str(fault)


def _walk(services: Services, task: PollTask, swept: Swept) -> str:
    """Queues every record of a list whose state the links do not know, unless the brake objects to what was
    changed; what is gone is counted where it is handled."""
    walk = Walk(services, services.context(), task.entity, task.system, read_all=False)
    brake, kept = brake_for(services, task.entity, task.system), list[ChangeEvent]()
    aside, empty, lost = set_aside(services, task), Emptiness(), Lost(services, task)
    for item in chain(walk.items(), empty.watch(walk)):
        reading = item.reading or Hint(item.record_id)
        if not _is_news(services, task, item, aside):
            continue
        event = event_of(services, task, reading)
        if item.link is None or len(item.link.sides) < 2:
            services.stores.queue.send([event])
            swept.queued += 1
            continue
        if isinstance(reading, Gone):
            lost.add(event, item.link)
            continue
        brake.changed += is_edit_of_others(services, task, item.link, reading)
        kept.append(event)
        if brake.changed > max(brake.limits.get("records", RECORDS), 0):
            break
    swept.gone += lost.send()
    why = brake.why(services.stores.links)
    if why or kept or brake.released or brake.key in services.state.braked:
        note(services, brake, why)
    if not why:
        services.stores.queue.send(kept)
        swept.queued += len(kept)
    return why or empty.fault(task) or _confirmed(services, task, walk, swept)


def _confirmed(services: Services, task: PollTask, walk: Walk, swept: Swept) -> str:
    """Of a list that was read whole: what is to be deleted for good on the other side."""
    found = confirm(services, task, walk)
    services.stores.queue.send(list(found.events))
    swept.final += sum(one.missed_at is not None for one in found.events)
    return found.why


def _is_news(services: Services, task: PollTask, item: Item, aside: frozenset[str]) -> bool:
    """What is set aside has news only when it shows itself again."""
    if item.record_id in aside:
        return not isinstance(item.reading, Gone)
    return item.reading is not None and is_news(services, task, item.link, item.reading)


def _unfinished(services: Services, run_id: str, woken: set[tuple[str, str, str]], swept: Swept) -> None:
    """Queues links whose last work had no outcome, or that wait for something no event will announce: their
    message may be lost."""
    old = services.clock.now() - timedelta(hours=1)
    subjects = [
        subject
        for link in services.stores.links.all()
        if link.updated_at is None or link.updated_at < old
        for subject in _left_off(services, link)
    ]
    events = [
        ChangeEvent(services.integration.name, *subject, "reconcile", run_id, services.clock.now())
        for subject in dict.fromkeys(subjects)
        if subject not in woken
    ]
    services.stores.queue.send(events)
    swept.requeued = len(events)


def _left_off(services: Services, link: Link) -> list[tuple[str, str, str]]:
    """The records to look at again, as (system, entity, id)."""
    outcome, flow = link.outcome, services.flow.entities.get(link.entity)
    if outcome is None or outcome.kind == "waiting":
        return _origin(services, link)
    alive = [
        (system, link.entity, side.id) for system, side in link.sides.items() if side.id and not side.gone
    ]
    if link.pending and outcome.kind in (
        "created",
        "updated",
        "unchanged",
    ):  # a write was started, and its message was lost
        return alive[:1]
    if flow is not None and depends_on_others(flow, outcome):
        return alive[:1] if len(link.sides) > 1 else _origin(services, link)
    if outcome.rule == Rule.UNREADABLE:  # shown, seen, and told: news when somebody changes it
        return []
    return [one for one in alive if link.sides[one[0]].shown is not None]


def _origin(services: Services, link: Link) -> list[tuple[str, str, str]]:
    """The record that the link was made for, unless it now belongs to another link: then this one is no
    longer needed, and is erased."""
    origin = (link.origin_system, link.entity, link.origin_id)
    if not link.origin_id:
        return []
    owner = services.stores.links.find(*origin[:2], [link.origin_id]).get(link.origin_id, link.link_id)
    if owner != link.link_id and len(link.sides) < 2:
        services.stores.links.erase(link.link_id)
        return []
    return [origin]


def _recovered(services: Services, swept: Swept) -> None:
    """A recovery that cannot be finished yet continues, and every create still looks first."""
    try:
        relinked = end_recovery(services)
    except SyncError as fault:
        swept.stopped = f"the recovery continues: {fault}"
        return
    swept.recovered, swept.relinked = relinked is not None, relinked or 0
