"""Handles one batch of change events of one entity, from any number of integrations: from parsed messages to
results."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shared.bootstrap import Services
from shared.domain.link import ANY, ChangeEvent, LogRow, Outcome
from shared.domain.outcomes import by_flow
from shared.domain.record import record
from shared.errors import SyncError
from shared.mapping.model import EntityFlow
from shared.operations.defer import put_off
from shared.operations.hinted_lists import look_at_lists
from shared.sync.engine import Deferred, Ended, Failed, Result
from shared.sync.engine.dead_letter import note_failure
from shared.sync.engine.waits import wake


@record
class Message:
    """`last`: SQS will not try this message again; if it fails now, it goes to the dead-letter queue."""

    message_id: str
    event: ChangeEvent
    last: bool = False


@dataclass
class Handled:
    failed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    runs: set[str] = field(default_factory=set)
    errors: list[tuple[ChangeEvent, Exception]] = field(default_factory=list)


def handle(messages: Sequence[Message], services_for: Callable[[str], Services]) -> Handled:
    """Every message is done, sent again, parked or named in `failed`; the archive is written before this
    returns."""
    handled = Handled()
    groups: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        groups[message.event.integration, message.event.entity].append(message)
    for (integration, _), group in groups.items():
        try:
            services = services_for(integration)
        except Exception as fault:  # an integration that is gone or broken must not stop the others
            _all_failed(handled, group, fault)
            continue
        try:
            _handle_apart(services, group, handled)
        finally:
            services.close()
    return handled


def _handle_apart(services: Services, group: Sequence[Message], handled: Handled) -> None:
    """All at once; and where one message makes that fail, one by one, so that only this one fails. What
    was done before the fault is found done: an event is a hint, and a second look at it costs nothing but
    calls."""
    sound = [message for message in group if not _refused(services, message, handled)]
    try:
        if sound:
            _handle_group(services, sound, handled)
    except Exception as fault:
        if len(sound) == 1:
            _all_failed(handled, sound, fault)
            _note_last(services, sound, fault)
            return
        for message in sound:
            if message.message_id not in handled.failed:
                _handle_apart(services, [message], handled)


def _refused(services: Services, message: Message, handled: Handled) -> bool:
    """An event that no function of ours makes: it fails, and is kept for a person among the dead letters."""
    event = message.event
    if not isinstance(event.record_id, str) or not event.record_id.strip():
        wrong = f"record id {event.record_id!r}: an event names a record"
    elif event.system not in services.systems:
        wrong = f"system {event.system!r}: this integration has {', '.join(services.systems)}"
    else:
        return False
    _all_failed(handled, [message], ValueError(wrong))
    return True


def _handle_group(services: Services, group: Sequence[Message], handled: Handled) -> None:
    named = look_at_lists(services, [message.event for message in group])
    if not named:
        services.keep_exchanges(group[0].event.run_id)
        return
    group = [message for message in group if message.event.record_id != ANY]
    entity = services.flow.entities.get(group[0].event.entity)
    events = [_known_as(services, entity, message.event) for message in group]
    if not services.state.live:
        results: list[Result] = _not_live(services, events)
    elif entity is not None and entity.off:
        results = _switched_off(services, events)
    elif entity is None or entity.lookup_only:
        results = [_lookup(services, event) for event in events]
    else:
        results = services.engine().handle(events)
    _failures(services, group, results, handled)
    put_off(
        services.stores,
        [
            (event, result)
            for event, result in zip(events, results, strict=True)
            if isinstance(result, Deferred)
        ],
        services.clock.now(),
    )
    _count(services, events, results, handled)
    services.keep_exchanges(events[0].run_id)


def _known_as(services: Services, entity: EntityFlow | None, event: ChangeEvent) -> ChangeEvent:
    """A webhook may write an id in a different form. If the vendor must be asked for the usual one and does
    not answer, reading the record will report that."""
    if event.cause != "webhook" or entity is None or event.system not in entity.maps:
        return event
    with suppress(SyncError):
        known = services.systems[event.system].canonical_id(entity.maps[event.system].spec, event.record_id)
        return replace(event, record_id=known)
    return event


def _not_live(services: Services, events: Sequence[ChangeEvent]) -> list[Result]:
    """Before an integration goes live nothing is written, whatever the cause. The first poll after that finds
    all of these records again. What a person says of one is kept; the engine ends it with that."""
    if not any(_leaves_out(event) for event in events):
        return _logged(services, events, by_flow.not_live())
    return [
        services.engine().handle([event])[0]
        if _leaves_out(event)
        else _logged(services, [event], by_flow.not_live())[0]
        for event in events
    ]


def _leaves_out(event: ChangeEvent) -> bool:
    return event.answer is not None and event.answer.kind in ("skip", "take up")


def _switched_off(services: Services, events: Sequence[ChangeEvent]) -> list[Result]:
    return _logged(services, events, by_flow.switched_off(events[0].entity))


def _lookup(services: Services, event: ChangeEvent) -> Result:
    """A record that this flow only looks up: other records may be waiting for its change."""
    woken = wake(services.stores, event.system, event.entity, [event.record_id], event.run_id)
    outcome = by_flow.only_looked_up(event.entity, woken)
    return _logged(services, [event], outcome)[0] if woken else Ended(outcome)


def _logged(services: Services, events: Sequence[ChangeEvent], outcome: Outcome) -> list[Result]:
    """One outcome for all of them, which no engine has looked at."""
    now = services.clock.now()
    rows = [
        LogRow(now, event.run_id, event.system, event.entity, event.record_id, event.cause, outcome)
        for event in events
    ]
    services.stores.log.append(rows)
    return [Ended(outcome) for _ in events]


def _failures(
    services: Services, group: Sequence[Message], results: Sequence[Result], handled: Handled
) -> None:
    for message, result in zip(group, results, strict=True):
        if isinstance(result, Failed):
            handled.failed.append(message.message_id)
            handled.errors.append((message.event, result.error))
            if message.last:
                note_failure(services.context(), message.event, result.error)


def _note_last(services: Services, group: Sequence[Message], fault: Exception) -> None:
    """Writes the failure to the log before SQS moves the messages away. If the storage itself failed, the
    dead letters are all that is left."""
    for message in group:
        if message.last:
            with suppress(Exception):
                note_failure(services.context(), message.event, fault)


def _all_failed(handled: Handled, group: Sequence[Message], fault: Exception) -> None:
    handled.failed += [message.message_id for message in group if message.message_id not in handled.failed]
    handled.errors += [(message.event, fault) for message in group]


def _count(
    services: Services, events: Sequence[ChangeEvent], results: Sequence[Result], handled: Handled
) -> None:
    runs: dict[str, Counter[str]] = defaultdict(Counter)
    for event, result in zip(events, results, strict=True):
        kind = _kind(result)
        handled.counts[kind] += 1
        if kind != "deferred":
            runs[event.run_id][kind] += 1
    handled.runs |= {event.run_id for event in events}
    for run_id, counts in runs.items():
        services.stores.log.count(run_id, dict(counts))


def _kind(result: Result) -> str:
    if isinstance(result, Ended):
        return result.outcome.kind
    return "failed" if isinstance(result, Failed) else "deferred"
