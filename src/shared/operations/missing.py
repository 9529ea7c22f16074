"""Records that are missing and not believed to be deleted: the question, its answer, and its end when they
show themselves again."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.link import Cause, ChangeEvent
from shared.domain.outcomes.missing import question
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.domain.wording import counted
from shared.operations.differences import batches
from shared.operations.poll_tasks import PollTask
from shared.ports import Gone, Missing, MissingStore, Verdict
from shared.settings import IntegrationState

if TYPE_CHECKING:
    from shared.bootstrap import Services

SAMPLE = 5
"""Some vendors are asked for one record at a time."""


@record
class Question:
    """One list of which too much went missing. `records`: those to decide, by id."""

    entity: str
    system: str
    records: tuple[Missing, ...]
    kept: tuple[Missing, ...] = ()
    """Those that a person said are not gone, and that have not shown themselves since."""

    @property
    def key(self) -> str:
        return f"{self.entity}.{self.system}"

    @property
    def text(self) -> str:
        """What is asked; "" where nothing is open any more."""
        if not self.records:
            return ""
        names = [one.label or one.id for one in self.records]
        return question(self.system, self.entity, names, max(one.of for one in self.records))


def questions(state: IntegrationState, missing: MissingStore) -> list[Question]:
    """A list with a question, or with records that are kept although they are missing; costs nothing while
    there is none."""
    found = []
    for key in state.missing:
        entity, _, system = key.partition(".")
        rows = missing.listed(system, entity)
        asked, kept = (tuple(one for one in rows if one.verdict == verdict) for verdict in ("asked", "kept"))
        if asked or kept:
            found.append(Question(entity, system, asked, kept))
    return found


def answer(
    services: "Services", asked: Question, gone: bool, only: Collection[str] | None = None
) -> list[str]:
    """A person says that these (all that are asked about, where `only` is None) are gone, or are not. Returns
    the ids whose verdict was still the one in `asked`; each is looked at again at once."""
    verdict: Verdict = "gone" if gone else "kept"
    named = [one for one in (*asked.records, *asked.kept) if only is not None and one.id in only]
    chosen = [*asked.records] if only is None else named
    now = services.clock.now()
    ids = services.stores.missing.settle(
        asked.system, asked.entity, chosen, Missing("", now, verdict=verdict, of=0)
    )
    _look(services, asked.system, asked.entity, ids, "manual", new_run_id(now))
    _end(services, asked.system, asked.entity)
    return ids


def undoubt(services: "Services", system: str, entity: str, records: Sequence[Missing]) -> None:
    """An undo: whatever was made of these, they are not gone from now on."""
    store = services.stores.missing
    store.note(system, entity, records)
    ids = {one.id for one in records}
    rows = [one for one in store.listed(system, entity) if one.id in ids and one.verdict != "kept"]
    store.settle(system, entity, rows, Missing("", services.clock.now(), verdict="kept", of=0))
    store.flag(system, entity)
    key = f"{entity}.{system}"
    services.state = replace(services.state, missing=tuple({*services.state.missing, key}))


def set_aside(services: "Services", task: PollTask) -> frozenset[str]:
    """The ids of a list that are missing and not believed to be deleted. Whoever finds one of them there
    again has news; whoever finds it missing has none."""
    if f"{task.entity}.{task.system}" not in services.state.missing:
        return frozenset()
    rows = services.stores.missing.listed(task.system, task.entity)
    return frozenset(one.id for one in rows if one.verdict in ("asked", "kept"))


@record
class Looked:
    """`open`: how many a person is still asked about."""

    back: int = 0
    open: int = 0

    def sentences(self) -> list[str]:
        back, still = counted(self.back, "missing record"), counted(self.open, "missing record")
        return [
            *([f"{back} {'shows' if self.back == 1 else 'show'} again"] if self.back else []),
            *([f"{still} {'waits' if self.open == 1 else 'wait'} for an answer"] if self.open else []),
        ]


def look_again(services: "Services", task: PollTask) -> Looked:
    """While a question is open, a few of its records are asked for once more, others each time; where one is
    there again, all of them. Those that are there drop out. Raises the SyncErrors of the connector."""
    system, entity = task.system, task.entity
    if f"{entity}.{system}" not in services.state.missing:
        return Looked()
    rows = services.stores.missing.listed(system, entity)
    asked = _turned([one.id for one in rows if one.verdict == "asked"], services.clock.now())
    spec, back = services.context().map(entity, system).spec, list[str]()
    for some in (asked[:SAMPLE], *batches(asked[SAMPLE:])):
        found = services.systems[system].read(spec, some) if some else {}
        there = [one for one in some if not isinstance(found[one], Gone)]
        back += there
        if not back:
            break
    if back:
        services.stores.missing.drop(system, entity, back)
        _look(services, system, entity, back, task.cause, task.run_id)
    _end(services, system, entity)
    return Looked(len(back), len(asked) - len(back))


def _turned(ids: list[str], now: datetime) -> list[str]:
    """Begins somewhere else each quarter of an hour."""
    start = int(now.timestamp() // 900) * SAMPLE % len(ids) if ids else 0
    return [*ids[start:], *ids[:start]]


def _look(
    services: "Services", system: str, entity: str, ids: Sequence[str], cause: Cause, run_id: str
) -> None:
    now = services.clock.now()
    events = [ChangeEvent(services.integration.name, system, entity, one, cause, run_id, now) for one in ids]
    if events:
        services.stores.queue.send(events)


def _end(services: "Services", system: str, entity: str) -> None:
    """The flag goes when nothing is set aside any more, and comes back if a worker set something aside at
    that very moment."""
    store = services.stores.missing
    if _open(store.listed(system, entity)):
        return
    store.unflag(system, entity)
    if _open(store.listed(system, entity)):
        store.flag(system, entity)


def _open(rows: Sequence[Missing]) -> bool:
    return any(one.verdict in ("asked", "kept") for one in rows)
