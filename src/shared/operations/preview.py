"""The preview of a whole list: what the next poll would do, without writing anything anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent
from shared.operations.look_alikes import about_keys, matched_over_lists, opened
from shared.operations.poll_tasks import polled_lists
from shared.ports import Hint, Snapshot
from shared.sync.engine.preview import Forecast, preview
from shared.sync.engine.who import directory

BATCH = 50


def preview_entity(services: Services, entity: str, notes: list[str] | None = None) -> Iterator[Forecast]:
    """Forecast by forecast, in the order of the vendor's list. Raises the SyncErrors of the connectors. What
    is said of the list as a whole is added to `notes`."""
    if entity in matched_over_lists(services):
        yield from _over_lists(services, entity, [] if notes is None else notes)
        return
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


def _over_lists(services: Services, entity: str, notes: list[str]) -> Iterator[Forecast]:
    """Both lists are read once, and each pair is told of once."""
    first = replace(services.preview_context(), lists_fresh=timedelta(days=1))
    who, joined = opened(services, first, entity), set[tuple[str, str]]()
    notes += about_keys(who)
    for system in [system for name, system in polled_lists(services.flow) if name == entity]:
        listed = directory(first, entity, system)
        records = (one for record_id in list(listed.rows) if (one := listed.snapshot(record_id)) is not None)
        events = (_event(services, entity, system, one) for one in records if (system, one.id) not in joined)
        while batch := list(islice(events, BATCH)):
            ctx = services.preview_context()
            ctx.directories, ctx.lists_fresh = first.directories, first.lists_fresh
            ctx.books = {entity: who}
            for forecast in preview(ctx, batch):
                joined |= {forecast.joined} if forecast.joined else set()
                yield forecast


def _event(services: Services, entity: str, system: str, record: Snapshot | Hint) -> ChangeEvent:
    event = ChangeEvent(
        services.integration.name, system, entity, record.id, "manual", "preview", services.clock.now()
    )
    if isinstance(record, Hint):
        return event
    return replace(
        event, snapshot=record.values, observed_at=record.observed_at, snapshot_version=record.version
    )
