"""Records that are missing and not believed to be deleted: the question, its answer, and its end when they
show themselves again."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from shared.bootstrap import Services
from shared.domain.link import Cause, ChangeEvent
from shared.domain.outcomes.missing import question
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.poll_tasks import PollTask
from shared.ports import Gone, Missing, MissingStore, Verdict
from shared.settings import IntegrationState

BATCH = 50


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


def answer(services: Services, asked: Question, gone: bool, only: Collection[str] | None = None) -> list[str]:
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


def undoubt(services: Services, system: str, entity: str, records: Sequence[Missing]) -> None:
    """An undo: whatever was made of these, they are not gone from now on."""
    store = services.stores.missing
    store.note(system, entity, records)
    ids = {one.id for one in records}
    rows = [one for one in store.listed(system, entity) if one.id in ids and one.verdict != "kept"]
    store.settle(system, entity, rows, Missing("", services.clock.now(), verdict="kept", of=0))
    store.flag(system, entity)
    key = f"{entity}.{system}"
    services.state = replace(services.state, missing=tuple({*services.state.missing, key}))


def set_aside(services: Services, task: PollTask) -> frozenset[str]:
    """The ids of a list that are missing and not believed to be deleted. Whoever finds one of them there
    again has news; whoever finds it missing has none."""
    if f"{task.entity}.{task.system}" not in services.state.missing:
        return frozenset()
    rows = services.stores.missing.listed(task.system, task.entity)
    return frozenset(one.id for one in rows if one.verdict in ("asked", "kept"))


def look_again(services: Services, task: PollTask) -> str:
    """While a question is open, its records are asked for once more, the first few at first: those that are
    there again drop out. Returns a sentence, or "". Raises the SyncErrors of the connector."""
    if f"{task.entity}.{task.system}" not in services.state.missing:
        return ""
    system, entity, back = task.system, task.entity, list[str]()
    rows = services.stores.missing.listed(system, entity)
    asked = [one.id for one in rows if one.verdict == "asked"]
    spec = services.context().map(entity, system).spec
    for start in range(0, len(asked), BATCH):
        some = asked[start : start + BATCH]
        found = services.systems[system].read(spec, some)
        there = [one for one in some if not isinstance(found[one], Gone)]
        back += there
        if not there:
            break
    if back:
        services.stores.missing.drop(system, entity, back)
        _look(services, system, entity, back, task.cause, task.run_id)
    _end(services, system, entity)
    what = f"{counted(len(back), f'missing {words(entity)} record')} of {title(system)}"
    return f"{what} {'shows' if len(back) == 1 else 'show'} again" if back else ""


def _look(
    services: Services, system: str, entity: str, ids: Sequence[str], cause: Cause, run_id: str
) -> None:
    now = services.clock.now()
    events = [ChangeEvent(services.integration.name, system, entity, one, cause, run_id, now) for one in ids]
    if events:
        services.stores.queue.send(events)


def _end(services: Services, system: str, entity: str) -> None:
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
