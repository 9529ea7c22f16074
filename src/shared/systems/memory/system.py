"""A vendor without HTTP: records in a dict, versions that increase, our key in a field, optional limits.

It promises exactly what `ports.System` promises, so that a test that passes here says something about the
engine. A record has every field of its spec, blank if nothing was given. `lengths` cuts a field silently, as
lossy vendors do, and `forms` changes it in any other way (path -> what is kept of a value). `before`
is called with the name of each port call, and again as "<name> done" after its effect: a test raises there to
fail a call before or after it took effect.

`capabilities` makes it a weaker vendor. With `idempotent_create` a create repeated under its key gives the
first answer again, whatever was sent the second time, for `idempotent_seconds`. With `traces` a record is
found by `spec.witness` and by having been made through the port. With `deletes` the list of changes names
what was deleted or merged.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.errors import RecordRejected, StaleVersion, SyncError
from shared.mapping.conditions import unmet_condition
from shared.ports import (
    Capabilities,
    Clock,
    Debtors,
    FieldInfo,
    Finding,
    Gone,
    Moved,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Traces,
    Values,
)
from shared.systems._connector import Connector

Record = dict[str, Any]


class MemorySystem(Connector):
    """`objects` is object name -> record id -> native values."""

    settle_seconds = 60.0
    capabilities = Capabilities(conditional_write=True, key_search=True, batch_update=50)

    def __init__(
        self,
        name: str,
        clock: Clock,
        *,
        before: Callable[[str], None] = lambda call: None,
        lengths: Mapping[str, int] | None = None,
        numbers: str | None = None,
        forms: Mapping[str, Callable[[Any], Any]] | None = None,
        capabilities: Capabilities | None = None,
    ) -> None:
        self.name, self.clock, self.before = name, clock, before
        self.objects: dict[str, dict[str, Record]] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.modified: dict[tuple[str, str], datetime] = {}
        self.tables: dict[str, list[dict[str, str]]] = {"currencies": [], "tax_codes": []}
        self.writes: list[tuple[str, str, str, Values]] = []
        self.made: dict[tuple[str, str], tuple[str, datetime]] = {}
        """(object, id) -> the key with which it was made through the port, and when: only the vendor knows
        this. """
        self.merged: dict[tuple[str, str], str] = {}
        self.dropped: set[tuple[str, str]] = set()
        self.capabilities = capabilities or self.capabilities
        self.debts: Debtors | None = None
        """What its customers owe, where it keeps that."""
        self._answers: dict[str, tuple[datetime, Snapshot]] = {}
        self._forms, self._lengths, self._numbers = dict(forms or {}), dict(lengths or {}), numbers
        self._ids = itertools.count(1)

    # what a person does

    def put(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Create or edit as a person would."""
        record = self.objects.setdefault(object_name, {}).setdefault(record_id, {"id": record_id})
        record.update(self._cut(values))
        self._touch(object_name, record_id)

    def drop(self, object_name: str, record_id: str) -> None:
        self.objects[object_name].pop(record_id, None)
        self.dropped.add((object_name, record_id))

    def merge(self, object_name: str, loser: str, winner: str) -> None:
        """The loser no longer exists; whoever asks for it is referred to the winner."""
        self.objects[object_name].pop(loser)
        self.merged[(object_name, loser)] = winner

    # the port

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return [Finding("ok", self.name, "answers")]

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return None

    def debtors(self) -> Debtors | None:
        return self.debts

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        self.before("read")
        return {record_id: self._reading(spec, record_id) for record_id in ids}

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        self.before("find")
        records = self.objects.get(spec.object, {})
        return {
            value: [
                self._snapshot(spec, record_id)
                for record_id, record in records.items()
                if str(record.get(path)) == value
            ]
            for value in values
        }

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        self.before("create")
        known = self._answers.get(key) if self.capabilities.idempotent_create else None
        if known is not None and self.clock.now() - known[0] <= timedelta(
            seconds=self.capabilities.idempotent_seconds
        ):
            self.before("create done")
            return known[1]
        record_id = f"{self.name}-{next(self._ids)}"
        self.objects.setdefault(spec.object, {})[record_id] = self._made(spec, record_id, values, key)
        self._touch(spec.object, record_id)
        self.made[(spec.object, record_id)] = (key, self.clock.now())
        self.writes.append(("create", spec.object, record_id, dict(values)))
        self._answers[key] = (self.clock.now(), self._snapshot(spec, record_id))
        self.before("create done")
        return self._snapshot(spec, record_id)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        self.before("update")
        answers = [self._update(spec, patch) for patch in patches]
        self.before("update done")
        return answers

    def delete(self, spec: ObjectSpec, record_id: str) -> None:
        self.before("delete")
        if record_id in self.objects.get(spec.object, {}):
            self.drop(spec.object, record_id)
            self.writes.append(("delete", spec.object, record_id, {}))
        self.before("delete done")

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        self.before("changes")
        after = (cursor or {}).get("after", "")
        ids = sorted(
            one
            for one, values in self.objects.get(spec.object, {}).items()
            if one > after
            and (unmet_condition(spec.where, values) is None or self._changed(spec, one, values, cursor))
        )
        times = [self.modified[spec.object, one] for one in ids]
        end = {"since": max(times, default=self.clock.now()).isoformat()} if spec.watched else {}
        end = dict(cursor) if spec.watched and cursor and end["since"] < cursor["since"] else end
        size = page_size or spec.page_size
        for start in range(0, max(len(ids), 1), size):
            part = ids[start : start + size]
            last = start + size >= len(ids)
            lost = self._lost(spec) if last and self.capabilities.deletes else []
            there = [one for one in part if one in self.objects.get(spec.object, {})]
            yield Page(
                (*(self._snapshot(spec, one) for one in there), *lost),
                end if last else dict(cursor or {}) if spec.watched else {"after": part[-1]},
                last,
            )

    def _changed(
        self, spec: ObjectSpec, record_id: str, values: Record, cursor: Mapping[str, Any] | None
    ) -> bool:
        """Whether a watched list shows it although it does not wait any more."""
        since = (cursor or {}).get("since") if spec.watched else None
        filled = bool(values.get(spec.number_path or ""))
        return bool(since) and filled and self.modified[spec.object, record_id].isoformat() >= str(since)

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
        self.before("trace")
        wanted = {
            path: self._cut({path: values[path]})[path]
            for path in spec.witness
            if values.get(path) is not None
        }
        ours = [
            record_id
            for (name, record_id), (_, at) in self.made.items()
            if name == spec.object and at >= since
        ]
        found = [self._snapshot(spec, one) for one in ours if one in self.objects.get(spec.object, {})]
        made = tuple(
            one for one in found if all(one.values.get(path) == value for path, value in wanted.items())
        )
        return Traces(made, () if made else tuple(found))

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        return self.tables[name]

    # inside

    def _made(self, spec: ObjectSpec, record_id: str, values: Values, key: str) -> Record:
        record: Record = {**dict.fromkeys(spec.fields), **self._cut(values), spec.id_path: record_id}
        if spec.key_path:
            record[spec.key_path] = key
        if spec.number_path and self._numbers:
            record[spec.number_path] = self._numbers + record_id.rpartition("-")[2]
        return record

    def _update(self, spec: ObjectSpec, patch: Patch) -> Snapshot | SyncError:
        record = self.objects.get(spec.object, {}).get(patch.id)
        if record is None:
            return RecordRejected(f"{patch.id} does not exist")
        if patch.version is not None and patch.version != self._version(spec.object, patch.id):
            return StaleVersion(f"{patch.id} was changed in the meantime")
        record.update(self._cut(patch.values))
        self._touch(spec.object, patch.id)
        self.writes.append(("update", spec.object, patch.id, dict(patch.values)))
        return self._snapshot(spec, patch.id)

    def _lost(self, spec: ObjectSpec) -> list[Reading]:
        names = sorted(self.dropped | set(self.merged))
        return [self._reading(spec, record_id) for name, record_id in names if name == spec.object]

    def _reading(self, spec: ObjectSpec, record_id: str) -> Reading:
        if (spec.object, record_id) in self.merged:
            return Moved(record_id, self.merged[(spec.object, record_id)])
        if record_id not in self.objects.get(spec.object, {}):
            return Gone(record_id, self.clock.now())
        return self._snapshot(spec, record_id)

    def _snapshot(self, spec: ObjectSpec, record_id: str) -> Snapshot:
        values = dict(self.objects[spec.object][record_id])
        return Snapshot(record_id, values, self.clock.now(), self._version(spec.object, record_id))

    def _touch(self, object_name: str, record_id: str) -> None:
        key = (object_name, record_id)
        self.versions[key] = self.versions.get(key, 0) + 1
        self.modified[key] = self.clock.now()

    def _version(self, object_name: str, record_id: str) -> str:
        return str(self.versions[(object_name, record_id)])

    def _cut(self, values: Mapping[str, Any]) -> Record:
        return {path: self.kept(path, value) for path, value in values.items()}

    def kept(self, path: str, value: Any) -> Any:
        """What this vendor silently turns a value into."""
        value = self._forms[path](value) if path in self._forms else value
        return value[: self._lengths[path]] if path in self._lengths and isinstance(value, str) else value
