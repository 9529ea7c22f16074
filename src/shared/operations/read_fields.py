"""What both systems say of their own fields, read when a person asks for it and kept for the mapping editor.

The console itself calls neither system: it puts a message on the queue of polls, and the function that polls
reads the lists. The reference tables (currencies, tax codes) that a trial needs are kept with them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.bootstrap import Services
from shared.bootstrap_deployment import Deployment
from shared.domain.record import record
from shared.errors import SyncError
from shared.mapping.model import Flow
from shared.operations.poll_messages import FieldTask, send
from shared.ports import FieldInfo, PollQueue
from shared.sync.engine.reference_tables import tables_needed

KIND, TABLES = "fields", "known_tables"
KEPT = timedelta(days=180)
LONGEST_LIST, MOST_CHOICES = 300, 3_000
"""Values to choose from that are kept of one field, and of one object: a longer list is no picklist that
anybody maps by hand, and a row of the table has an end."""


@record
class KnownFields:
    """A system's own list of the fields of one of its objects. `fields` is None where it has no such list,
    and `fault` says why it could not be read."""

    at: datetime
    fields: tuple[FieldInfo, ...] | None
    fault: str = ""


def ask_for_fields(queue: PollQueue, integration: str, name: str) -> None:
    send(queue, [FieldTask(integration, name)])


def run_field_task(deployment: Deployment, task: FieldTask) -> None:
    services = deployment.services(task.integration)
    try:
        read_fields(services)
    finally:
        services.close()


def read_fields(services: Services) -> int:
    """How many lists were read. A system that cannot be reached stops no other."""
    now, cache, read = services.clock.now(), services.stores.cache, 0
    rows: dict[str, Mapping[str, Any]] = {}
    for system, name in objects(services.flow):
        try:
            found = services.systems[system].describe(name)
            rows[f"{system}.{name}"] = {"at": now.isoformat(), "fields": _kept(found)}
            read += 1
        except SyncError as fault:
            rows[f"{system}.{name}"] = {"at": now.isoformat(), "fields": None, "fault": str(fault)}
    cache.put(KIND, rows, now + KEPT)
    for system, names in tables_needed(services.flow).items():
        tables = {}
        for name in sorted(names):
            try:
                tables[f"{system}.{name}"] = {"rows": [*services.systems[system].table(name)]}  # type: ignore[arg-type]
            except SyncError:
                continue  # what is known from earlier stays
        cache.put(TABLES, tables, now + KEPT)
    return read


def objects(flow: Flow) -> list[tuple[str, str]]:
    """(system, its own name of the record type) of everything that the flow maps."""
    found = [
        (system, one.spec.object) for entity in flow.entities.values() for system, one in entity.maps.items()
    ]
    return list(dict.fromkeys(found))


def known_fields(services: Services) -> dict[tuple[str, str], KnownFields]:
    """(system, object) -> what was read last; 1 request."""
    keys = {f"{system}.{name}": (system, name) for system, name in objects(services.flow)}
    found = services.stores.cache.get(KIND, list(keys), services.clock.now())
    return {keys[key]: _known(row) for key, row in found.items()}


def _kept(found: Mapping[str, FieldInfo] | None) -> list[list[Any]] | None:
    if found is None:
        return None
    left, rows = MOST_CHOICES, []
    for one in found.values():
        choices = [list(pair) for pair in one.choices] if len(one.choices) <= min(left, LONGEST_LIST) else []
        left -= len(choices)
        rows.append([one.name, one.type, one.length, one.required, one.readonly, choices])
    return rows


def _known(row: Mapping[str, Any]) -> KnownFields:
    listed = row.get("fields")
    fields = None if listed is None else tuple(map(_info, listed))
    return KnownFields(datetime.fromisoformat(row["at"]), fields, str(row.get("fault", "")))


def _info(kept: Sequence[Any]) -> FieldInfo:
    """Rows of an earlier release have no choices."""
    name, kind, length, required, readonly, *more = kept
    choices = tuple((str(value), str(label)) for value, label in (more[0] if more else ()))
    return FieldInfo(name, kind, length, required, readonly, choices=choices)
