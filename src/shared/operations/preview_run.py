"""A preview that somebody asked for in the console, made by the function of the polls, because the console
calls no vendor.

It is the same preview as that of the command line, written down part by part, so that the page shows how far
it is. Nothing is written to either system.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.bootstrap import Services
from shared.bootstrap_deployment import Deployment
from shared.domain.record import replace
from shared.domain.run_ids import new_run_id
from shared.domain.wording import counted, words
from shared.errors import SyncError
from shared.mapping.model import EntityFlow
from shared.operations.poll_messages import PreviewTask, send
from shared.operations.poll_tasks import polled_lists
from shared.operations.preview import preview_entity
from shared.operations.preview_store import PART, Field, Made, Planned, Previews
from shared.ports import PollQueue
from shared.sync.engine.preview import Forecast

MOST = 2_000
"""Records of a preview: more than anybody reads, and some minutes of a vendor's time."""
HEAVY, WHOLE = 200_000, 3_000_000
"""Bytes of a part, which is one row of the table, and of all of them, which are one file."""
_RESERVE = timedelta(seconds=60)
_LONGEST, _FIELDS = 300, 80


def previewed(services: Services) -> list[str]:
    """The entities that have a list to preview, in the order of the flow."""
    known = services.flow.entities
    return [
        name for name in dict.fromkeys(entity for entity, _ in polled_lists(services.flow)) if name in known
    ]


def ask(services: Services, polls: PollQueue, entities: Iterable[str], by: str) -> int:
    """A message for each list; how many."""
    now = services.clock.now()
    name = services.integration.name
    asked = [PreviewTask(new_run_id(now), name, one, now.isoformat(), by) for one in entities]
    send(polls, asked)
    return len(asked)


def run_preview_task(deployment: Deployment, task: PreviewTask) -> None:
    services = deployment.services(task.integration)
    try:
        run(services, task)
    finally:
        services.close()


def run(services: Services, task: PreviewTask) -> Made | None:
    """None for one that was made, or is being made, since it was asked for. A connection that does not answer
    ends it with a sentence; raises what storage raises."""
    now, previews = services.clock.now(), Previews(services.stores.cache)
    if task.entity not in previewed(services):
        return None
    known = previews.of([task.entity], now)[task.entity]
    if any(one.began_at >= datetime.fromisoformat(task.asked_at) and one.state != "running" for one in known):
        return None
    lane = f"preview.{task.entity}"
    if not services.stores.lanes.acquire(lane, services.owner, services.deadline, now):
        return None
    try:
        return _make(services, previews, Made(task.entity, task.preview, task.by, now))
    finally:
        services.stores.lanes.release(lane, services.owner)


def _make(services: Services, previews: Previews, made: Made) -> Made:
    previews.note(made, services.clock.now())
    tally, notes, some, whole = _Tally(), list[str](), list[Planned](), 0
    try:
        for forecast in preview_entity(services, made.entity, notes):
            some.append(planned(services, made.entity, forecast))
            tally.add(some[-1])
            made = replace(made, read=made.read + 1)
            heavy = sum(map(_weight, some))
            if len(some) == PART or heavy > HEAVY:
                made, some, whole = _keep(services, previews, tally.told(made), some), [], whole + heavy
            if made.read >= MOST or whole > WHOLE or services.clock.now() > services.deadline - _RESERVE:
                made = replace(made, more=True)
                break
    except SyncError as fault:
        made = replace(made, stopped=str(fault))
    if some:
        made = previews.add(made, some, services.clock.now())
    ended = replace(
        tally.told(made),
        ended_at=services.clock.now(),
        state="stopped" if made.stopped else "done",
        notes=(*notes, *_about(made)),
    )
    previews.note(ended, services.clock.now())
    services.keep_exchanges(made.run_id)
    return ended


def _keep(services: Services, previews: Previews, made: Made, some: Sequence[Planned]) -> Made:
    made = previews.add(made, some, services.clock.now())
    previews.note(made, services.clock.now())
    services.keep_exchanges(made.run_id)
    return made


def _about(made: Made) -> list[str]:
    if not made.more:
        return []
    return [
        f"only the first {counted(made.read, f'{words(made.entity)} record')} of the list were looked at; "
        "`tieout preview` on the command line has no such end"
    ]


def _weight(one: Planned) -> int:
    texts = (
        one.label,
        one.reason,
        *one.notes,
        *(part for each in one.fields for part in asdict(each).values()),
    )
    return sum(len(text.encode("utf-8", "surrogatepass")) + 10 for text in texts)


class _Tally:
    """Counts and sums as they grow."""

    def __init__(self) -> None:
        self._counts = Counter[str]()
        self._totals: dict[str, dict[str, Decimal]] = defaultdict(dict)

    def add(self, one: Planned) -> None:
        self._counts[one.would] += 1
        if one.amount is not None:
            sums = self._totals[one.would]
            sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount

    def told(self, made: Made) -> Made:
        totals = {would: dict(sums) for would, sums in self._totals.items()}
        return replace(made, counts=dict(self._counts), totals=totals)


def planned(services: Services, entity: str, one: Forecast) -> Planned:
    flow = services.flow.entities[entity]
    return Planned(
        one.system,
        one.record_id,
        one.label,
        one.would,
        one.reason[:2_000],
        tuple(note[:_LONGEST] for note in one.notes[:20]),
        one.amount,
        one.currency,
        tuple(_fields(flow, one))[:_FIELDS],
        tuple(_lost(one))[:_FIELDS],
    )


def _fields(flow: EntityFlow, one: Forecast) -> Iterable[Field]:
    for system, values in one.writes.items():
        before = one.before.get(system, {})
        for path, value in values.items():
            now, then = told(value), told(before.get(path))
            if now != then:
                yield Field(system, _called(flow, system, path), then, now)


def _lost(one: Forecast) -> Iterable[Field]:
    for change in one.changes:
        if "lost" in change:
            yield Field(str(change["system"]), str(change["field"]), told(change["lost"]), "")


def _called(flow: EntityFlow, system: str, path: str) -> str:
    """The field of the rules that stands in that place, or the place itself."""
    object_map = flow.maps.get(system)
    names = [name for name, paths in object_map.native_paths.items() if path in paths] if object_map else []
    return names[0] if len(names) == 1 else path


def told(value: Any) -> str:
    """In the words of the other system, cut where it is long."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        text = ", ".join(f"{name} {told(one)}" for name, one in value.items() if one not in (None, ""))
    elif isinstance(value, list | tuple):
        text = "; ".join(map(told, value))
    else:
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
