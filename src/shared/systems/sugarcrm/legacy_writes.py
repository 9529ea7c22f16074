"""Creates and updates over v4_1, never trusting its answer.

An update of a missing or deleted record is reported as a success, texts are cut silently, and nothing is
validated. So a batch is read, written and read back: at most three calls for up to `BATCH` records.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from shared.errors import Halt, OutcomeUnknown, RecordRejected, SyncError
from shared.ports import ObjectSpec, Patch, Reading, Snapshot, Values
from shared.systems.sugarcrm.legacy_check import LegacyMetadata
from shared.systems.sugarcrm.legacy_client import LegacyClient
from shared.systems.sugarcrm.legacy_compare import differences, name_values
from shared.systems.sugarcrm.legacy_lists import LegacyLists
from shared.systems.sugarcrm.legacy_query import column, quote
from shared.systems.sugarcrm.records import is_related
from shared.systems.sugarcrm.rights import NoRight

BATCH = 50
Answer = Snapshot | SyncError
_OWN_IDS = uuid.UUID("6f0b1c1e-6d2f-5b55-9f0f-2d7a0c9f8a41")
_ONE_BY_ONE = frozenset({"Contacts", "Leads"})
"""For these `set_entries` looks for duplicates and may write to another record than the one named."""


def own_id(module: str, key: str) -> str:
    """The id of a record created for `key`: a repeated create meets the same id and makes no second
    record."""
    return str(uuid.uuid5(_OWN_IDS, f"{module}\x1f{key}"))


class LegacyWrites:
    def __init__(self, client: LegacyClient, lists: LegacyLists, metadata: LegacyMetadata) -> None:
        self._client, self._lists, self._metadata = client, lists, metadata

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        record_id = own_id(spec.object, key)
        keyed = {**values, **({spec.key_path: key} if spec.key_path and spec.key_path != "id" else {})}
        pairs = [{"name": "new_with_id", "value": True}, *name_values(record_id, keyed)]
        try:
            self._client.call("set_entry", spec.object, pairs, False, writes=True)
        except OutcomeUnknown as lost:
            return self._after_lost_create(spec, record_id, lost)
        found = self._read_back(spec, [record_id])[record_id]
        if not isinstance(found, Snapshot):
            raise OutcomeUnknown(
                f"SugarCRM reported that it created {spec.object} {record_id}, but does not show it"
            )
        return found

    def _after_lost_create(self, spec: ObjectSpec, record_id: str, lost: OutcomeUnknown) -> Snapshot:
        """A duplicate id is answered with the same HTTP 500 as any database fault, so Tieout has to look."""
        found = self._read_back(spec, [record_id])[record_id]
        if isinstance(found, Snapshot):
            return found
        bare = _bare(spec)
        query = f"{column(spec.object, 'id')} = {quote(record_id)} AND {column(spec.object, 'deleted')} = 1"
        if self._lists.page(bare, query, "id ASC", 1, deleted=1).records:
            raise RecordRejected(
                f"the record {record_id} that Tieout created in SugarCRM's {spec.object} was deleted there: "
                "restore it, or unlink it to have a new one created"
            )
        raise lost

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        answers: list[Answer] = []
        for batch in _batches(patches):
            try:
                answers += self._batch(spec, batch)
            except RecordRejected as one:
                answers += self._apart(spec, batch, one)
            except SyncError as whole:
                # Nothing of this batch was written; the other batches have answers of their own.
                answers += [whole] * len(batch)
        return answers

    def _apart(self, spec: ObjectSpec, batch: Sequence[Patch], refused: RecordRejected) -> list[Answer]:
        """One record that the user may not view or edit refuses all: in halves, until it stands alone. Those
        of them that were written get the same values once more."""
        middle = len(batch) // 2
        if not middle:
            return [refused]
        return [*self.update(spec, batch[:middle]), *self.update(spec, batch[middle:])]

    def _batch(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        before = self._lists.read(_bare(spec), [patch.id for patch in patches])
        alive = [patch for patch in patches if isinstance(before[patch.id], Snapshot)]
        if not alive:
            return [_vanished(spec, patch) for patch in patches]
        faults = self._write(spec, alive)
        written = _plain(spec, [name for item in alive for name in item.values])
        try:
            after: Mapping[str, Reading | SyncError] = self._read_back(written, [patch.id for patch in alive])
        except SyncError as fault:
            after = {patch.id: fault for patch in alive}
        return [
            (
                self._verdict(spec, patch, after[patch.id], faults.get(patch.id))
                if patch in alive
                else _vanished(spec, patch)
            )
            for patch in patches
        ]

    def _write(self, spec: ObjectSpec, patches: Sequence[Patch]) -> dict[str, SyncError]:
        """Faults by record id. The answer proves nothing; only reading back does."""
        if spec.object in _ONE_BY_ONE:
            return {patch.id: fault for patch in patches if (fault := self._write_one(spec, patch))}
        try:
            rows = [name_values(patch.id, patch.values) for patch in patches]
            self._client.call("set_entries", spec.object, rows, writes=True)
        except OutcomeUnknown as lost:
            return {patch.id: lost for patch in patches}
        except NoRight as fault:
            ids = [patch.id for patch in patches]
            raise self._metadata.judged(fault, spec.object, "edit", ids) from fault
        return {}

    def _write_one(self, spec: ObjectSpec, patch: Patch) -> SyncError | None:
        try:
            self._client.call(
                "set_entry", spec.object, name_values(patch.id, patch.values), False, writes=True
            )
        except NoRight as fault:
            return self._metadata.judged(fault, spec.object, "edit", [patch.id])
        except SyncError as fault:
            return fault
        return None

    def _verdict(
        self, spec: ObjectSpec, patch: Patch, found: Reading | SyncError, fault: SyncError | None
    ) -> Answer:
        if isinstance(found, SyncError):
            return found
        if not isinstance(found, Snapshot):
            return _vanished(spec, patch)
        wrong = differences(patch, found.values, lambda name: self._metadata.is_number(spec.object, name))
        if not wrong:
            return found
        return fault or RecordRejected(wrong)

    def _read_back(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        """After a write, a failing read leaves its outcome unknown; a dead connection stays what it is."""
        try:
            return self._lists.read(spec, ids)
        except Halt:
            raise
        except SyncError as fault:
            raise OutcomeUnknown(f"SugarCRM was written to but could not be read back: {fault}") from fault


def _batches(patches: Sequence[Patch]) -> Iterator[list[Patch]]:
    """At most BATCH, each record once: two patches of one record must be read back one after the other."""
    batch: list[Patch] = []
    for patch in patches:
        if len(batch) == BATCH or any(patch.id == other.id for other in batch):
            yield batch
            batch = []
        batch.append(patch)
    if batch:
        yield batch


def _plain(spec: ObjectSpec, names: Sequence[str]) -> ObjectSpec:
    """The record's own fields and those just written, without related records."""
    own = [path for path in spec.fields if not is_related(spec, path)]
    return replace(spec, fields=tuple(dict.fromkeys([*own, *names])), related=())


def _bare(spec: ObjectSpec) -> ObjectSpec:
    """Only whether the record is there."""
    return replace(
        spec,
        fields=("id",),
        related=(),
        where=(),
        key_path=None,
        natural_path=None,
        number_path=None,
        label_paths=(),
        version_path=None,
    )


def _vanished(spec: ObjectSpec, patch: Patch) -> RecordRejected:
    return RecordRejected(
        f"{spec.object} {patch.id} does not exist in SugarCRM (it was deleted, or was never there): nothing "
        "was written to it. Restore the record, or unlink it"
    )
