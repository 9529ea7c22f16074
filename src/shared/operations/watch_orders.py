"""The daily look at what was made once: is it still there, and do both sides show what it was made of?

Those that are watched are looked at each day, the rest in thirtieths. They are read in slices, on each side
in as few calls as it allows, and the lane is free for others after each. What differs is queued: the engine
tells it, once. Where more are gone than people delete in a day, one row says so for all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from zlib import crc32

from shared.bootstrap import Services
from shared.domain.link import Link
from shared.errors import LaneTaken
from shared.operations.differences import batches
from shared.operations.poll_tasks import PollTask
from shared.operations.tell_vanished import MANY, tell_vanished
from shared.operations.watch_slice import Slice
from shared.sync.engine.watch import is_watched

SIDE = "watch"
"""Where the position is kept among the cursors, in place of a system's name."""
REST_DAYS = 30
BLOCK = 500
"""Orders with numbers of one block are looked at on the same day: a range of numbers is one search."""
PORTION = 300
RESERVE_SECONDS = 90.0

Place = tuple[int, str]


@dataclass
class Watching:
    looked_at: int = 0
    queued: int = 0
    note: str = ""
    missing: dict[str, list[Link]] = field(default_factory=dict)
    """System -> links whose record no list showed."""


def watch_orders(services: Services, task: PollTask) -> Watching:
    """Raises the SyncErrors of the connectors but LaneTaken; the next look goes on where it stopped."""
    found, stores = Watching(), services.stores
    position = stores.cursors.load(SIDE, task.entity) or {}
    after: Place | None = tuple(position["after"]) if position.get("after") else None
    due = [one for one in sorted(_due(services, task)) if after is None or one[0] > after]
    reached = after
    try:
        for portion in batches(iter(due), PORTION):
            if services.seconds_left() < RESERVE_SECONDS or _too_many(found):
                break
            _look(services, task, [link_id for _, link_id in portion], found)
            reached = portion[-1][0]
    except LaneTaken as taken:
        found.note = str(taken)
    whole = not due or reached == due[-1][0]
    told = tell_vanished(services, task, found.missing, str(position.get("told") or ""), more=not whole)
    found.queued += told.queued
    found.note = told.note or found.note
    over = whole or _too_many(found)  # who lists nothing is asked from the start again
    _keep(
        services,
        task,
        position,
        {"after": None if over or reached is None else list(reached), "told": told.told},
    )
    return found


def _keep(services: Services, task: PollTask, before: dict[str, object], now: dict[str, object]) -> None:
    now = {name: value for name, value in now.items() if value}
    if now != before:
        services.stores.cursors.save(SIDE, task.entity, now)


def _too_many(found: Watching) -> bool:
    return any(len(missing) > MANY for missing in found.missing.values())


def _due(services: Services, task: PollTask) -> Iterator[tuple[Place, str]]:
    """(place in the order of looking, link id) of all that are looked at today."""
    now, flow = services.clock.now(), services.flow.entities[task.entity]
    today = now.toordinal() % REST_DAYS
    target = next(system for system in flow.maps if system != task.system)
    for link in services.stores.links.all(task.entity):
        side = link.sides.get(target)
        if side is None or not side.id or side.gone or link.left_out is not None:
            continue
        if is_watched(flow, link, target, now) or _part(side.id) == today:
            yield (len(side.id), side.id), link.link_id


def _part(record_id: str) -> int:
    block = int(record_id) // BLOCK if record_id.isdigit() else crc32(record_id.encode())
    return block % REST_DAYS


def _look(services: Services, task: PollTask, link_ids: list[str], found: Watching) -> None:
    loaded = services.stores.links.load(link_ids)
    links = [link for one in link_ids if (link := loaded[one].link) is not None]
    one = Slice(services, task, links)
    one.look_at_sources()
    one.look_at_targets()
    for system, missing in one.missing.items():
        found.missing.setdefault(system, []).extend(missing)
    if one.events:
        services.stores.queue.send(one.events)
    found.queued += len(one.events)
    found.looked_at += len(links)
