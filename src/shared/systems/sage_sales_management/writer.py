"""Creates and changes records. A PUT changes only the fields named, and neither it nor a POST shows the
record: what
became of it is read afterwards.

The vendor has no conditional writes: if a reading is no longer fresh, the record is read again first. A
record that
is read-only for the API, too, is opened for its change and closed again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.errors import OutcomeUnknown, RecordRejected, StaleVersion, SyncError
from shared.ports import Clock, ObjectSpec, Patch, Snapshot, Values
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import Change, acknowledged, changed
from shared.systems.sage_sales_management.bulk_creates import created
from shared.systems.sage_sales_management.documents import Documents
from shared.systems.sage_sales_management.elements import Elements
from shared.systems.sage_sales_management.faults import NotThere
from shared.systems.sage_sales_management.locked import Locked
from shared.systems.sage_sales_management.owner import Owner
from shared.systems.sage_sales_management.reader import Reader, is_number
from shared.systems.sage_sales_management.resources import LINES, Resource, resource_of

Answer = Snapshot | SyncError


class Writer:
    def __init__(
        self,
        api: Api,
        reader: Reader,
        elements: Elements,
        documents: Documents,
        owner: Owner,
        clock: Clock,
        fresh: timedelta,
    ) -> None:
        self._api, self._reader, self._elements, self._documents = api, reader, elements, documents
        self._owner, self._clock, self._fresh = owner, clock, fresh
        self._locked = Locked(api, reader)

    # ------------------------------------------------------------ create

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        resource = resource_of(spec.object)
        element = self._new(spec, resource, values, key)
        bodies = self._documents.bodies(values.get(LINES)) if resource.lines and LINES in values else None
        sent = element if bodies is None else self._documents.opened(element)
        doing = f"create a record of {resource.path}"
        made = acknowledged(self._api.write("POST", resource.path, sent, doing), doing).get("id")
        if not is_number(str(made)):
            raise OutcomeUnknown(f"Sage Sales Management was asked to {doing} and answered without its id")
        if bodies is not None:
            self._documents.complete(str(made), element, bodies)
        return self._as_made(spec, [str(made)])[str(made)]

    def create_many(self, spec: ObjectSpec, records: Sequence[tuple[Values, str]]) -> list[Answer]:
        """In as few calls as the vendor allows; what was made is then read in one for many."""
        resource, answers = resource_of(spec.object), dict[int, SyncError]()
        elements: dict[int, dict[str, Any]] = {}
        for place, (values, key) in enumerate(records):
            try:
                elements[place] = self._new(spec, resource, values, key)
            except SyncError as refused:
                answers[place] = refused
        ids: dict[int, str] = {}
        for place, one in zip(elements, created(self._api, resource.path, [*elements.values()]), strict=True):
            if isinstance(one, str):
                ids[place] = one
            else:
                answers[place] = one
        now = self._as_made(spec, list(ids.values()))
        return [answers.get(place) or now[ids[place]] for place in range(len(records))]

    def _new(self, spec: ObjectSpec, resource: Resource, values: Values, key: str) -> dict[str, Any]:
        element = self._elements.element(resource.path, values)
        if spec.key_path:
            element |= self._elements.element(resource.path, {spec.key_path: key})
        return element | self._owner.missing(resource, element)

    def _as_made(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        """They are written: whoever needs more than their ids reads them, if that fails here."""
        at = self._clock.now()
        try:
            found = self._reader.read(spec, ids) if ids else {}
        except SyncError:
            found = {}
        return {
            one: reading
            if isinstance(reading := found.get(one), Snapshot)
            else Snapshot(one, {spec.id_path: one}, at, None)
            for one in ids
        }

    # ------------------------------------------------------------ update

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        """In as few calls as the vendor allows. Patches of one record are written one after the other."""
        resource = resource_of(spec.object)
        answers: dict[int, SyncError] = {}
        changes = self._changes(spec, resource, patches, answers)
        plain = {place: one for place, one in changes.items() if LINES not in patches[place].values}
        for place, fault in zip(plain, self._locked.changed(resource.path, [*plain.values()]), strict=True):
            left = self._opened(resource, plain[place], fault) if fault is not None else None
            if left is not None:
                answers[place] = left
        for place in [one for one in changes if one not in plain]:
            self._with_lines(resource, patches[place], changes[place], answers, place)
        return self._answers(spec, patches, answers)

    def _changes(
        self, spec: ObjectSpec, resource: Resource, patches: Sequence[Patch], answers: dict[int, SyncError]
    ) -> dict[int, Change]:
        """place -> what is sent. Whatever must not be written gets its answer here."""
        versions = self._versions(spec, patches)
        changes: dict[int, Change] = {}
        for place, patch in enumerate(patches):
            try:
                if not is_number(patch.id):
                    raise _vanished(resource, patch.id)
                self._guard(resource, patch, versions)
                changes[place] = Change(patch.id, self._elements.element(resource.path, patch.values))
            except (RecordRejected, StaleVersion) as refused:
                answers[place] = refused
        return changes

    def _versions(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Mapping[str, str | None]:
        """Of the records whose readings are no longer fresh, as they are now; None for one that is gone."""
        now = self._clock.now()
        old = [
            one.id for one in patches if one.version and not self._is_fresh(one, now) and is_number(one.id)
        ]
        found = self._reader.read(spec, list(dict.fromkeys(old))) if old else {}
        return {
            one: reading.version if isinstance(reading, Snapshot) else None for one, reading in found.items()
        }

    def _is_fresh(self, patch: Patch, now: datetime) -> bool:
        return patch.read_at is not None and now - patch.read_at <= self._fresh

    def _guard(self, resource: Resource, patch: Patch, versions: Mapping[str, str | None]) -> None:
        if not patch.version or patch.id not in versions:
            return
        version = versions[patch.id]
        if version is None:
            raise _vanished(resource, patch.id)
        if version != patch.version:
            raise StaleVersion(
                f"{resource.path} {patch.id} was changed in Sage Sales Management at {version}, after it "
                "was read: it will be read again"
            )

    def _with_lines(
        self, resource: Resource, patch: Patch, change: Change, answers: dict[int, SyncError], place: int
    ) -> None:
        try:
            bodies = self._documents.bodies(patch.values[LINES])
            body = dict(change.body)
            if self._documents.unfinished(patch.id):
                body = {**body, **self._documents.closing(body)}
            self._documents.rewrite(patch.id, bodies)
            header = Change(patch.id, body)
            (fault,) = changed(self._api, resource.path, [header]) if body else [None]
            left = self._opened(resource, header, fault) if fault is not None else None
            if left is not None:
                raise left
        except SyncError as met:
            answers[place] = self._gone_or(resource, patch.id, met)

    def _opened(self, resource: Resource, change: Change, refused: SyncError) -> SyncError | None:
        """A refused change of a record that is read-only is made again, with the record opened and closed.
        What stands in its way; None where that worked."""
        if not isinstance(refused, RecordRejected) or isinstance(refused, NotThere):
            return self._gone_or(resource, change.id, refused)
        try:
            rows = self._reader.by_id(resource.path, [change.id])
        except SyncError:
            return refused
        if not any(row.get("readOnly") is True for row in rows):
            return self._gone_or(resource, change.id, refused)
        (fault,) = changed(self._api, resource.path, [Change(change.id, {"readOnly": False})])
        if fault is not None:
            return self._gone_or(resource, change.id, fault)
        (fault,) = changed(self._api, resource.path, [Change(change.id, {"readOnly": True, **change.body})])
        if fault is None:
            return None
        changed(self._api, resource.path, [Change(change.id, {"readOnly": True})])
        return self._gone_or(resource, change.id, fault)

    @staticmethod
    def _gone_or(resource: Resource, record_id: str, fault: SyncError) -> SyncError:
        if isinstance(fault, NotThere):
            return _vanished(resource, record_id)
        return RecordRejected(fault.reasons) if isinstance(fault, RecordRejected) else fault

    def _answers(
        self, spec: ObjectSpec, patches: Sequence[Patch], answers: Mapping[int, SyncError]
    ) -> list[Answer]:
        """What was written as it is now, read in one call for many."""
        written = list(dict.fromkeys(one.id for place, one in enumerate(patches) if place not in answers))
        at = self._clock.now()
        try:
            found = self._reader.read(spec, written) if written else {}
        except SyncError:
            found = {}
        now = {one: reading for one, reading in found.items() if isinstance(reading, Snapshot)}
        return [
            answers.get(place) or now.get(one.id) or Snapshot(one.id, {spec.id_path: one.id}, at, None)
            for place, one in enumerate(patches)
        ]


def _vanished(resource: Resource, record_id: str) -> RecordRejected:
    return RecordRejected(
        f"{resource.path} {record_id} no longer exists in Sage Sales Management: nothing was written to it. "
        "A deleted record cannot be restored there"
    )
