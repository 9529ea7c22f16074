"""One poll of one list: reads its pages, drops what the links already know, queues the rest, and records the
result in the run's row.

A quiet poll is one vendor call and one write (the run's row). A worklist gets shorter as its records are
handled; a cursor is saved only when it has moved, and only after its page is on the queue.
"""

from collections.abc import Iterable
from typing import Any

from shared.bootstrap import Services
from shared.domain.link import MARK, ChangeEvent
from shared.domain.outcomes import unfinished, watching
from shared.domain.titles import title
from shared.domain.wording import counted, document
from shared.errors import SyncError
from shared.operations.brake import Brake, brake_for, note
from shared.operations.credit.follow import follow_positions
from shared.operations.intervals import was_polled
from shared.operations.lost import Lost
from shared.operations.missing import look_again, set_aside
from shared.operations.poll_ahead import count_ahead
from shared.operations.poll_diff import event_of, is_edit_of_others, is_news, links_of, outside
from shared.operations.poll_tasks import CREDIT, PollTask, credit_of
from shared.operations.polled import BUDGET
from shared.operations.polled import Polled as Polled
from shared.operations.revisit import revisit
from shared.operations.room import of_a_limit, pace, room
from shared.operations.silence import read_and_queued
from shared.operations.warnings import warn_of
from shared.ports import Gone, Page, Run
from shared.sync.engine.faults import close, in_passing, new_secret
from shared.sync.engine.waits import wake

BACKLOG = 2000
"""While a queue holds this many messages, nothing is added to it."""
EXCHANGES = 10
"""How many vendor calls are held in memory before they go to the archive, so that a list of any length needs
the same memory."""


def poll(services: Services, task: PollTask) -> Polled:
    """Never raises a SyncError: what stopped the poll is in the run's row, and the gate of a connection at
    fault is closed."""
    started, polled = services.clock.now(), Polled()
    closed = _closed(services)
    if closed:
        polled.stopped, polled.limited = closed, of_a_limit(closed)
    elif not services.state.live:
        polled.preview = True
        polled.stopped = "not live yet: check the preview, then go live with `tieout sync --go-live`"
    else:
        _guarded(services, task, polled)
    polled.notes += warn_of(services, task, polled.outside)
    if polled.stopped or polled.notes or not polled.copies or task.cause == "manual":
        ended, state = services.clock.now(), "stopped" if polled.stopped else "done"
        of_list = task.run_id, task.cause, task.entity, task.system
        services.stores.log.put_run(Run(*of_list, started, ended, state, _message(polled, task.entity)))
    if polled.whole:
        was_polled(services, task)
    if _quiet(polled) and task.cause != "manual":
        services.exchanges.lines = []
    services.keep_exchanges(task.run_id)
    return polled


def _quiet(polled: Polled) -> bool:
    """That a list showed nothing new is told by the run's row; an object of its own each quarter of an hour
    would be most of what an idle integration costs."""
    return not (polled.stopped or polled.notes or polled.queued or polled.woken or polled.asks)


def _guarded(services: Services, task: PollTask, polled: Polled) -> None:
    ctx = services.context()
    system = task.system
    try:
        if task.entity == CREDIT:
            _positions(services, task, polled)
            return
        _note_going_live(services)
        polled.notes += revisit(services, task)
        for system in _awaited(services, task):
            _wake_unless_busy(services, task, system, polled)
        system = task.system
        looked = look_again(services, task)
        polled.asks = looked.open > 0
        polled.notes += looked.sentences()
        _pages(services, task, polled)
    except SyncError as fault:
        if in_passing(fault):
            polled.notes.append(unfinished.list_put_off(str(fault)))
            return
        if why := new_secret(ctx, system, fault):
            polled.notes.append(unfinished.list_put_off(why))
            return
        close(ctx, system, fault)
        polled.stopped, polled.limited = str(fault), of_a_limit(str(fault))
    finally:
        if polled.admitted:
            services.stores.lanes.release(_lane(task), services.owner)


def _positions(services: Services, task: PollTask, polled: Polled) -> None:
    rules = credit_of(services.flow)
    if rules is not None:
        polled.copies = True
        polled.notes += follow_positions(services, rules, task.run_id, again=task.cause == "manual")
        polled.whole = True


def _closed(services: Services) -> str:
    for system, gate in services.stores.gate.read(list(services.systems)).items():
        if gate.state == "paused":
            return f"{title(system)} is paused: {gate.reason}"
        if gate.state == "cooling" and gate.until is not None and gate.until > services.clock.now():
            return f"{title(system)} is not called until {gate.until:%H:%M:%S} UTC: {gate.reason}"
    return ""


def _pages(services: Services, task: PollTask, polled: Polled) -> None:
    """Queues new records page by page. Changed ones are held back until the whole list is read, because the
    brake must count them first."""
    stores, spec = services.stores, services.flow.entities[task.entity].maps[task.system].spec
    cursor = stores.cursors.load(task.system, task.entity) if _follows(services, task) else None
    brake, kept, newest = brake_for(services, task.entity, task.system), list[ChangeEvent](), cursor
    asked, lost = set_aside(services, task), Lost(services, task)
    pages = iter(services.systems[task.system].changes(spec, cursor))
    for page in pages:
        polled.read += len(page.records)
        fresh, changed = _news(services, task, page, brake, polled, asked, lost)
        news = bool(fresh or changed or lost.events) and not (polled.queued or kept or polled.admitted)
        if news and not _admitted(services, task, polled):
            return
        _queue(services, fresh, polled)
        kept += changed
        newest = cursor if polled.aside.unknown else page.cursor
        if brake.why(stores.links):
            break
        if polled.queued + len(kept) + len(lost.events) >= polled.most:
            count_ahead(services, task, brake, pages)
            break
        if not (kept or lost.events):
            newest = _advance(services, task, cursor, newest)
            cursor = newest
        if len(services.exchanges.lines) >= EXCHANGES:
            services.keep_exchanges(task.run_id)
    polled.queued += lost.send()
    why = brake.why(stores.links)
    polled.whole = not why and polled.queued + len(kept) < polled.most
    if kept or brake.key in services.state.braked or brake.released:
        note(services, brake, why, polled.whole)
    if why:
        polled.stopped = why
        return
    _queue(services, kept, polled)
    _advance(services, task, cursor, newest)
    if not polled.whole:
        polled.notes += [
            f"{counted(polled.queued, 'record')} queued; the next poll continues",
            *pace(services),
        ]


def _queue(services: Services, events: list[ChangeEvent], polled: Polled) -> None:
    if events:
        services.stores.queue.send(events)
        polled.queued += len(events)


def _advance(services: Services, task: PollTask, before: Any, cursor: Any) -> Any:
    """Moves the cursor on, but only after everything before it is on the queue."""
    if _follows(services, task) and cursor != before and cursor is not None:
        services.stores.cursors.save(task.system, task.entity, cursor)
    return cursor


def _follows(services: Services, task: PollTask) -> bool:
    """Whether this list shows what was changed since: a cursor says since when."""
    flow = services.flow.entities[task.entity]
    spec = flow.maps[task.system].spec
    return spec.poll_mode == "cursor" or (spec.watched and flow.watch is not None)


def _admitted(services: Services, task: PollTask, polled: Polled) -> bool:
    """Whether records may be queued: one poll of a list at a time, and none while its queue is full. Checked
    once, when the first new record turns up, so that a quiet poll makes no extra request."""
    if not services.stores.lanes.acquire(
        _lane(task), services.owner, services.deadline, services.clock.now()
    ):
        polled.notes.append("another poll of this list is running")
        return False
    if services.stores.queue.depth(task.entity) >= BACKLOG:
        services.stores.lanes.release(_lane(task), services.owner)
        polled.notes.append("the queue is still full; the next poll continues")
        return False
    allowed = room(services, task.entity)
    if allowed is not None and allowed <= 0:
        services.stores.lanes.release(_lane(task), services.owner)
        polled.notes += ["what waits for calls already comes first; a later poll continues", *pace(services)]
        return False
    polled.most = min(BUDGET, BUDGET if allowed is None else allowed)
    polled.admitted = True
    return True


def _lane(task: PollTask) -> str:
    return f"poll.{task.system}.{task.entity}"


def _news(
    services: Services,
    task: PollTask,
    page: Page,
    brake: Brake,
    polled: Polled,
    asked: frozenset[str],
    lost: Lost,
) -> tuple[list[ChangeEvent], list[ChangeEvent]]:
    """Events for records whose present state the links do not know: first the new ones, then the changed
    ones; those of deleted ones go to `lost`. One batch read for the page."""
    links = links_of(services, task.entity, task.system, [record.id for record in page.records])
    fresh, changed = list[ChangeEvent](), list[ChangeEvent]()
    polled.aside.look(services, task, links, page.records)
    counted_ones = not services.flow.entities[task.entity].create_once  # else nothing is overwritten
    for one in page.records:
        link = links[one.id]
        if (one.id in asked and isinstance(one, Gone)) or one.id in polled.aside.ids:
            continue
        if one.id not in asked and not is_news(services, task, link, one):
            unmet = outside(services, task, link, one)
            polled.outside.update([unmet.field] if unmet else [])
            continue
        event = event_of(services, task, one)
        if link is None or len(link.sides) < 2:
            fresh.append(event)
        elif isinstance(one, Gone):
            lost.add(event, link)
        else:
            brake.changed += counted_ones and is_edit_of_others(services, task, link, one)
            changed.append(event)
    return fresh, changed


def _note_going_live(services: Services) -> None:
    """The first poll that may queue anything."""
    if services.state.live_since is None:
        services.change_state(live_since=services.clock.now())


def _awaited(services: Services, task: PollTask) -> Iterable[str]:
    """The systems that hold records which this entity refers to."""
    return {reference.system for reference in services.flow.entities[task.entity].references}


def _wake_unless_busy(services: Services, task: PollTask, system: str, polled: Polled) -> None:
    """While another function of ours is calling there, the list itself is read all the same."""
    try:
        polled.woken += _wake(services, task, system)
    except SyncError as fault:
        if not in_passing(fault):
            raise
        polled.notes.append(unfinished.awaited_put_off(str(fault)))


def _wake(services: Services, task: PollTask, system: str) -> int:
    """Looks up the records that others wait for; makes a call only while something waits."""
    woken = 0
    for reference in services.flow.entities[task.entity].references:
        if reference.by is None:  # the parent itself wakes what waits for it
            continue
        keys = (
            services.stores.waits.keys(reference.system, reference.entity)
            if reference.system == system
            else []
        )
        keys = [key for key in keys if not key.startswith(MARK)]
        if keys:
            spec = services.flow.entities[reference.entity].maps[system].spec
            found = services.systems[system].find(spec, spec.natural_path or spec.id_path, sorted(keys))
            woken += wake(
                services.stores,
                system,
                reference.entity,
                [key for key, hits in found.items() if hits],
                task.run_id,
            )
    return woken


def _message(polled: Polled, entity: str) -> str:
    if polled.stopped or polled.copies:
        return polled.stopped or "; ".join(polled.notes)
    parts = [read_and_queued(polled.read, polled.queued)]
    if polled.woken:
        parts.append(f"{polled.woken} no longer waiting")
    aside = polled.aside
    parts += watching.set_aside(aside.elsewhere, aside.nowhere, aside.unknown, document(entity))
    return "; ".join([*parts, *polled.notes])
