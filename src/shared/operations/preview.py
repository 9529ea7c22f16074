"""The preview of a whole list: what the next poll would do, without writing anything anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent
from shared.operations.poll_tasks import polled_lists
from shared.ports import Hint, Snapshot
from shared.sync.engine.preview import Forecast, preview

BATCH = 50


def preview_entity(services: Services, entity: str) -> Iterator[Forecast]:
    """Forecast by forecast, in the order of the vendor's list. Raises the SyncErrors of the connectors."""
    for system in [system for name, system in polled_lists(services.flow) if name == entity]:
        spec = services.flow.entities[entity].maps[system].spec
        events = (
            _event(services, entity, system, record)
            for page in services.systems[system].changes(spec, None)
            for record in page.records
            if isinstance(record, (Snapshot, Hint))
        )
        while batch := list(islice(events, BATCH)):
            yield from preview(services.preview_context(), batch)


def _event(services: Services, entity: str, system: str, record: Snapshot | Hint) -> ChangeEvent:
    event = ChangeEvent(
        services.integration.name, system, entity, record.id, "manual", "preview", services.clock.now()
    )
    if isinstance(record, Hint):
        return event
    return replace(
        event, snapshot=record.values, observed_at=record.observed_at, snapshot_version=record.version
    )
