"""What a job leaves in the archive of its run: the records it changed, what it deleted for good, and what it
read.

The readings are what `tieout trial` puts through other rules. So that a field that was never asked for is not
taken for a blank one, a reading names what was asked for and is not in it (`absent`).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.mapping.maps import ObjectMap
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.doubted import shown
from shared.sync.engine.job import Job


def archive_changes(ctx: Context, job: Job) -> None:
    """The record before and after on every side that was written, so that a run can be undone; all that was
    known of what was deleted for good."""
    for system in dict.fromkeys([*job.done.created, *job.done.updated]):
        before = job.held.stored.sides.get(system) if job.held.stored else None
        after = job.link.sides[system]
        _keep(
            ctx,
            job,
            system,
            after.id,
            "record",
            created=system in job.done.created,
            before=dict(before.seen) if before else _read(job, system),
            after=dict(after.seen),
        )
    for system in job.done.removed:
        side = job.link.sides[system]
        _keep(ctx, job, system, side.id, "removed", label=side.label, before=shown(job, system))


def archive_readings(ctx: Context, job: Job) -> None:
    """Each side as it was read, with what was looked up for it."""
    found = job.found
    for system, reading in found.readings.items():
        if not isinstance(reading, Snapshot) or system not in job.flow.maps:
            continue
        object_map = ctx.map(job.event.entity, system)
        looked_up: dict[str, Mapping[str, Any]] = {
            "references": found.references,
            "items": found.items,
            "codes": found.codes,
        }
        _keep(
            ctx,
            job,
            system,
            reading.id,
            "read",
            label=object_map.spec.label(reading.values),
            values=dict(reading.values),
            absent=[path for path in asked_paths(object_map) if path not in reading.values],
            **{name: dict(one) for name, one in looked_up.items() if one},
        )


@lru_cache(maxsize=256)
def asked_paths(object_map: ObjectMap) -> tuple[str, ...]:
    """Native paths that a reading is asked for, those of related records as a snapshot names them. What is
    mapped of each line stands behind `[]`, because it is in no place of the record itself."""
    spec = object_map.spec
    single = [f"{one.name}.{path}" for one in spec.related if not one.many for path in one.fields]
    many = [one for one in spec.related if one.many]
    rows = [f"[]{path}" for one in many for path in one.fields] + [f"[]{path}" for path in spec.line_fields]
    return tuple(dict.fromkeys((*spec.fields, *single, *(one.name for one in many), *rows)))


def _keep(ctx: Context, job: Job, system: str, record_id: str, kind: str, **values: object) -> None:
    ctx.archive(
        {
            "kind": kind,
            "at": ctx.now().isoformat(),
            "run_id": job.event.run_id,
            "link_id": job.link.link_id,
            "system": system,
            "entity": job.event.entity,
            "id": record_id,
            **values,
        }
    )


def _read(job: Job, system: str) -> Mapping[str, Any] | None:
    """What was read of a record that had no link yet."""
    reading = job.found.readings.get(system)
    return dict(reading.values) if isinstance(reading, Snapshot) else None
