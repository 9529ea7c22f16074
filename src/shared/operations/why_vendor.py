"""A record that nothing is stored of, read from its system once: it is not there, is not for us to see, is
filtered, was never listed, or comes with the next poll."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from shared.bootstrap import Services
from shared.domain.causes import Cause, cause, of_outcome
from shared.domain.link import ChangeEvent, LogRow
from shared.domain.outcomes import by_flow
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words
from shared.errors import MissingPermission, RecordRejected, SyncError
from shared.mapping.conditions import unmet_condition
from shared.operations.known_links import Name
from shared.operations.why_list import last_poll
from shared.operations.why_stored import ASKED_ANEW
from shared.ports import Gone, Moved, ObjectSpec, Snapshot
from shared.sync.engine import Ended
from shared.sync.engine.engine import Engine


def of_vendor(services: Services, name: Name, row: LogRow | None) -> Iterator[Cause]:
    """Raises nothing that a connector raises: that is a cause, too. Where the record tells nothing new, what
    its `row` said stands."""
    found = list(_asked(services, name, row))
    yield from found
    if not found and row is not None:
        yield of_outcome(row.outcome)


def _asked(services: Services, name: Name, row: LogRow | None) -> Iterator[Cause]:
    system, entity, record_id = name
    if services.stores.gate.read([system])[system].state != "ok":
        return
    spec = services.flow.entities[entity].maps[system].spec
    try:
        reading = services.systems[system].read(spec, [record_id])[record_id]
        if isinstance(reading, Snapshot) and (row is None or row.outcome.rule in ASKED_ANEW):
            yield from _of_reading(services, name, spec, reading)
    except MissingPermission as fault:
        yield cause("no right", str(fault))
        return
    except RecordRejected as fault:  # an id of a form that the vendor does not know
        yield cause("no such record", f"{_nobody(system, entity, record_id)}: {fault}")
        return
    except SyncError as fault:
        yield cause("not readable", f"{title(system)} could not be asked: {fault}")
        return
    if isinstance(reading, Moved):
        yield cause("merged", f"it was merged into {title(system)} {reading.new_id}")
    elif isinstance(reading, Gone) and (row is None or row.outcome.rule != Rule.DELETED):
        yield cause("no such record", _nobody(system, entity, record_id))


def _nobody(system: str, entity: str, record_id: str) -> str:
    return f"{title(system)} shows the sync user no {words(entity)} record {record_id}"


def _of_reading(services: Services, name: Name, spec: ObjectSpec, reading: Snapshot) -> Iterator[Cause]:
    unmet = unmet_condition(spec.where, reading.values)
    if unmet is not None:
        found = reading.values.get(unmet.field)
        if unmet == spec.numbered:
            yield cause("numbered", by_flow.filtered(unmet.field, "blank", None, found, "its number").reason)
        else:
            yield cause(Rule.WHERE, by_flow.filtered(unmet.field, unmet.op, unmet.value, found).reason)
        return
    if not services.state.live:
        return
    planned = list(_planned(services, name, reading))
    if all(one.name == "next" for one in planned):
        yield from _listed(services, name, reading)
    yield from planned


def _planned(services: Services, name: Name, reading: Snapshot) -> Iterator[Cause]:
    """What a poll would make of it now: the same steps, and nothing is kept."""
    system, entity, record_id = name
    event = ChangeEvent(
        services.integration.name, system, entity, record_id, "manual", "why", services.clock.now()
    )
    event = replace(
        event, snapshot=reading.values, observed_at=reading.observed_at, snapshot_version=reading.version
    )
    (job,) = Engine(services.preview_context()).plan([event])
    if isinstance(job.result, Ended) and job.result.outcome.kind in ("skipped", "held", "waiting"):
        yield of_outcome(job.result.outcome)
    elif job.plan.refusal:
        yield of_outcome(job.plan.refusal)
    elif job.open:
        what = "joined with its counterpart" if job.done.adopted else "made"
        target = next(one for one in services.flow.entities[entity].maps if one != system)
        yield cause("next", f"nothing stands in its way: it would be {what} in {title(target)}")


def _listed(services: Services, name: Name, reading: Snapshot) -> Iterator[Cause]:
    """Whether the list should have shown it by now."""
    last, changed = last_poll(services, name[0], name[1]), _time(reading.version)
    if last is None or last.state == "stopped":  # which is a cause of its own
        return
    told = f"the list was last read at {last.started_at:%Y-%m-%d %H:%M} UTC"
    if changed is not None and changed < last.started_at:
        yield cause("never listed", f"it meets all conditions, and {told} without it, though it was there")
    else:
        yield cause("not polled yet", told)


def _time(version: str | None) -> datetime | None:
    """When it was changed last, of systems whose version is a time."""
    try:
        found = datetime.fromisoformat(version or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
