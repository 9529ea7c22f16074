"""A record that was handled of late, put through the mapping as it is and as it would be, field by field."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared.bootstrap import Services
from shared.domain.record import record
from shared.errors import SyncError, Unavailable
from shared.mapping.as_itself import AS_ITSELF
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.mapping.model import Flow
from shared.operations.known_tables import known_tables
from shared.operations.log_search import Wanted, search
from shared.operations.mapping_rows import LINES
from shared.operations.trial_step import Step
from shared.sync.engine.reference_tables import tables_needed

_LOOK, _ROWS = 1_000, 20
Tables = Mapping[str, Mapping[str, Any]]


@record
class Sample:
    """`values`: system -> the native values last seen there, of the fields that are mapped."""

    label: str
    at: datetime | None
    values: Mapping[str, Mapping[str, Any]]


@record
class Shown:
    """A field on its way from one system to the other. `read`: native value there; `before` and `after`: what
    the other system gets, by its native names, under the rules as they are and as they would be; a sentence
    where it gets nothing. `unread`: the rules read a field that was not fetched for this record."""

    source: str
    target: str
    read: Any
    before: Any
    after: Any
    unread: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.before != self.after)


def sample(services: Services, entity: str) -> Sample | None:
    """Of the newest record in the log that both sides have, else of the newest that one has. 3 requests."""
    rows = search(services.stores.log, Wanted(entity=entity), limit=_ROWS, look=_LOOK).rows
    loaded = services.stores.links.load(list(dict.fromkeys(row.link_id for row in rows if row.link_id)))
    best: Sample | None = None
    for row in rows:
        found = loaded.get(row.link_id)
        if found is None or found.link is None:
            continue
        link = found.link
        seen = {name: side.seen for name, side in link.sides.items() if side.seen and not side.gone}
        label = next((side.label for side in link.sides.values() if side.label), "") or row.record_id
        made = Sample(label, row.at, seen)
        if len(seen) == 2:
            return made
        best = best or (made if seen else None)
    return best


def tables_for(services: Services, *flows: Flow) -> Tables:
    """The reference tables; where one is not known, each id stands for itself."""
    try:
        return known_tables(services, *flows)
    except Unavailable:
        needs = [tables_needed(flow) for flow in flows]
        systems = (flows[0].crm, flows[0].sage)
        return {
            system: {name: AS_ITSELF for one in needs for name in one.get(system, ())} for system in systems
        }


def shown(found: Sample, old: Flow, new: Flow, entity: str, tables: Tables) -> dict[str, list[Shown]]:
    """Our field -> how it fares each way that it goes."""
    made: dict[str, list[Shown]] = {}
    for source, target in ((old.crm, old.sage), (old.sage, old.crm)):
        values = found.values.get(source)
        if values is None:
            continue
        before, after = (dict(_fields(flow, entity, source, target, values, tables)) for flow in (old, new))
        paths = _paths(new, entity, source) | _paths(old, entity, source)
        for name in dict.fromkeys((*after, *before)):
            own = _paths(new, entity, source).get(name, paths.get(name, ()))
            unread = bool(own) and not all(path in values for path in own)
            read = values.get(own[0]) if len(own) == 1 else [values.get(path) for path in own]
            made.setdefault(name, []).append(
                Shown(source, target, read, before.get(name), after.get(name), unread)
            )
    return made


def _paths(flow: Flow, entity: str, source: str) -> dict[str, tuple[str, ...]]:
    one = flow.entities.get(entity)
    return dict(one.maps[source].native_paths) if one is not None and source in one.maps else {}


def _fields(
    flow: Flow, entity: str, source: str, target: str, values: Mapping[str, Any], tables: Tables
) -> Iterator[tuple[str, Any]]:
    """(field, native values that the other system gets, or a sentence)."""
    step = Step(flow, entity, source, target, tables)
    if step.flow is None:
        return
    try:
        view = step.view(values)
    except (SyncError, KeyError) as fault:
        yield "", str(fault)
        return
    for name in sorted(step.carried - {"lines"}):
        if name not in view:
            continue
        try:
            yield name, step.written({name: view[name]})
        except (FieldUnreadable, LinkMissing, RuleRefused) as fault:
            yield name, str(fault)
    yield from _lines(step, view)


def _lines(step: Step, view: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Of the first line only."""
    rows = view.get("lines") or []
    if "lines" not in step.carried or not rows:
        return
    try:
        written = step.written({"lines": rows[:1]})
    except (FieldUnreadable, LinkMissing, RuleRefused) as fault:
        yield LINES, str(fault)
        return
    first: Mapping[str, Any] = next((one[0] for one in written.values() if isinstance(one, list) and one), {})
    for name, paths in step.writer.line_fields.items():
        got = {path: first[path] for path in paths if path in first}
        if got:
            yield f"{LINES}{name}", got
