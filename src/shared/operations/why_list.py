"""What stops everything, or everything of one list: the integration's state, its connections, its polls."""

from collections.abc import Iterator, Mapping, Sequence

from shared.bootstrap import Services
from shared.domain.causes import Cause, cause
from shared.domain.link import Link
from shared.domain.outcomes import by_flow
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.known_links import Name
from shared.operations.missing import questions
from shared.operations.poll_tasks import polled_lists
from shared.ports import Run

_RUNS = 500
_ENDED = {"there", "next", "in the queue", "in hand", "waiting: reference"}


def of_integration(services: Services, name: Name, link: Link | None) -> Iterator[Cause]:
    """What is so whatever the record says."""
    system, entity, _ = name
    flow = services.flow.entities.get(entity)
    if flow is None:
        left_out = services.flow.left_out.get("customers" if entity == "account" else f"{entity}s", "")
        why = left_out or f"the flow {services.flow.name} carries none"
        yield cause("not in the flow", f"{words(entity)} records are not carried: {why}")
        return
    if system not in flow.maps:
        yield cause("not in the mapping", f"the flow reads no {words(entity)} records of {title(system)}")
        return
    if flow.lookup_only:
        yield cause("only looked up", f"this flow only looks up {words(entity)} records")
        return
    if flow.off:
        yield cause("switched off", by_flow.switched_off(entity).reason)
    elif flow.direction not in ("both", f"from {system}") and link is None:
        yield cause("wrong way", by_flow.wrong_way(entity, system, name[2]).reason)
    if not services.state.live:
        yield cause("previews only", by_flow.not_live().reason)


def of_list(
    services: Services, name: Name, unread: Mapping[str, str], known: Sequence[Cause]
) -> Iterator[Cause]:
    """What may keep it from moving on. Not the polls, where the record is known already."""
    system, entity, _ = name
    yield from _connections(services)
    key = f"{entity}.{system}"
    if key in services.state.braked:
        yield cause("braked", services.state.braked[key])
    for one in questions(services.state, services.stores.missing):
        if one.key == key and one.text and not any(told.name == "missing" for told in known):
            yield cause("missing records", one.text)
    if services.state.recovering_since is not None:
        since = f"{services.state.recovering_since:%Y-%m-%d %H:%M} UTC"
        yield cause("recovering", f"recovering since {since}: every record is looked up before it is made")
    if entity in unread:
        yield cause("no reader", unread[entity])
    if not services.state.live:
        return
    if queued := services.stores.queue.depth(entity):
        yield cause(
            "in the queue", f"not handled yet: {counted(queued, 'message')} of {words(entity)} records"
        )
    if not known or all(one.name in _ENDED for one in known):
        yield from _polls(services, system, entity)


def _connections(services: Services) -> Iterator[Cause]:
    for system, gate in services.stores.gate.read(sorted(services.integration.connections)).items():
        if gate.state == "paused":
            yield cause("paused", f"the connection to {title(system)} is paused: {gate.reason}")
        elif gate.state == "cooling" and gate.until is not None and gate.until > services.clock.now():
            yield cause(
                "cooling", f"{title(system)} is not called until {gate.until:%H:%M:%S} UTC: {gate.reason}"
            )


def _polls(services: Services, system: str, entity: str) -> Iterator[Cause]:
    """Whether the list was read, and how that ended."""
    if (entity, system) not in polled_lists(services.flow):
        return
    last = last_poll(services, system, entity)
    if last is None:
        if services.stores.cursors.load(system, entity) is None:
            what = f"the list of {words(entity)} records in {title(system)}"
            yield cause("never polled", f"{what} was not read yet")
    elif last.state == "stopped":
        yield cause("poll stopped", f"the last poll, at {last.started_at:%Y-%m-%d %H:%M} UTC: {last.message}")


def last_poll(services: Services, system: str, entity: str) -> Run | None:
    for run in services.stores.log.runs(limit=_RUNS):
        if (
            (run.entity, run.system) == (entity, system)
            and run.cause in ("poll", "manual")
            and run.finished_at
        ):
            return run
    return None
