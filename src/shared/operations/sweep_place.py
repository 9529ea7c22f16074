"""How far a sweep has come through one list, kept from one invocation to the next.

The ids that were seen and the edits that wait for the brake are in parts beside the position; so only what no
page named is asked for in the end, on a list of any length. Nothing is kept of a list that one invocation
reads to its end, but when it last came round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.bootstrap import Services
from shared.operations.poll_tasks import PollTask

SIDE = "sweep"
"""Where the position is kept among the cursors, before a system's name."""


@dataclass
class Place:
    """`began`: when this round began, `run`: its run in the log. `round`: when the last one came to its end.
    `queued` and `gone`: by the invocations before."""

    began: datetime
    run: str = ""
    round: str = ""
    cursor: Mapping[str, Any] | None = None
    listed: bool = False
    """The list is at its end; what it did not name is being asked for."""
    parts: list[str] = field(default_factory=list)
    changed: int = 0
    queued: int = 0
    gone: int = 0

    @property
    def begun(self) -> bool:
        return bool(self.parts)


def load(services: Services, task: PollTask) -> tuple[Place, datetime | None]:
    """Where to go on, and when the last round began, if none is unfinished."""
    row = services.stores.cursors.load(f"{SIDE}.{task.system}", task.entity) or {}
    fresh = Place(services.clock.now(), task.run_id)
    place = Place(**row) if row else fresh
    if place.begun:
        return place, None
    return replace(fresh, round=place.round), place.began if place.round else None


def seen(services: Services, place: Place) -> tuple[set[str], set[str], list[str]] | None:
    """Ids seen so far, those of them that the list shows as deleted, and ids of edits that wait; None when a
    part has vanished, so that the round has to begin anew."""
    parts = services.stores.sweeps.get(place.parts)
    if parts is None:
        return None
    ids, gone = ({one for part in parts for one in part[name]} for name in ("ids", "gone"))
    return ids, gone, [one for part in parts for one in part["kept"]]


def keep(
    services: Services, task: PollTask, place: Place, ids: set[str], gone: set[str], kept: list[str]
) -> None:
    """What was seen since the last part; only then the position."""
    part = {"ids": sorted(ids), "gone": sorted(gone & ids), "kept": kept}
    place.parts.append(services.stores.sweeps.put(task.system, task.entity, part))
    _save(services, task, place)


def end(services: Services, task: PollTask, place: Place) -> None:
    """The round is over: the next one begins at the start."""
    _save(services, task, Place(place.began, round=services.clock.now().isoformat()))


def _save(services: Services, task: PollTask, place: Place) -> None:
    row = {name: value for name, value in vars(place).items() if value not in ("", None, False, [], 0)}
    services.stores.cursors.save(f"{SIDE}.{task.system}", task.entity, row)
