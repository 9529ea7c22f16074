"""Memory systems that each break one promise of the port about reading, finding or writing."""

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

from shared.errors import MissingPermission, RecordRejected, Retry, SyncError
from shared.ports import Gone, ObjectSpec, Patch, Reading, Snapshot, Values
from shared.systems.memory import MemorySystem

Found = dict[str, list[Snapshot]]
Answers = list[Snapshot | SyncError]


class LeavesAnIdOut(MemorySystem):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        return {one: found for one, found in super().read(spec, ids).items() if isinstance(found, Snapshot)}


class AnswersMore(MemorySystem):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        return super().read(spec, [*ids, *self.objects.get(spec.object, {})])


class ReadsOnePage(MemorySystem):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        now = self.clock.now()
        return {one: Gone(one, now) for one in ids} | super().read(spec, ids[:100])


class CallsAnOutageGone(MemorySystem):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        try:
            return super().read(spec, ids)
        except Retry:
            return {one: Gone(one, self.clock.now()) for one in ids}


class CallsTheForbiddenGone(MemorySystem):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        try:
            return super().read(spec, ids)
        except MissingPermission:
            return {one: Gone(one, self.clock.now()) for one in ids}


class FindsTheFirst(MemorySystem):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        return {value: hits[:1] for value, hits in super().find(spec, path, values).items()}


class FindsOnePage(MemorySystem):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        return {value: hits[:100] for value, hits in super().find(spec, path, values).items()}


class FindsOnlyWhatIsThere(MemorySystem):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        return {value: hits for value, hits in super().find(spec, path, values).items() if hits}


class FindsTheFirstValues(MemorySystem):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        return {value: [] for value in values} | super().find(spec, path, values[:50])


class FindsWithWildcards(MemorySystem):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        everything = {str(record.get(path)) for record in self.objects.get(spec.object, {}).values()}
        return {
            value: [
                hit
                for name in everything
                if name == value or fnmatch(name, value.replace("_", "?").replace("%", "*"))
                for hit in super(FindsWithWildcards, self).find(spec, path, [name])[name]
            ]
            for value in values
        }


class FindsTheDeleted(MemorySystem):
    def drop(self, object_name: str, record_id: str) -> None:
        self.hidden = {**getattr(self, "hidden", {}), record_id: self.objects[object_name][record_id]}
        super().drop(object_name, record_id)

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        found, now = super().find(spec, path, values), self.clock.now()
        for record_id, record in self.hidden.items():
            found[str(record[path])].append(Snapshot(record_id, record, now, "1"))
        return found


class FindsNothingInAnOutage(MemorySystem):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> Found:
        try:
            return super().find(spec, path, values)
        except Retry:
            return {value: [] for value in values}


# writes


class NamesNoRecord(MemorySystem):
    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return replace(super().create(spec, values, key), id="")


class MakesTwoOfOneKey(MemorySystem):
    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        self._answers.clear()
        return super().create(spec, values, key)


class MakesOneOfTwoKeys(MemorySystem):
    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return super().create(spec, values, "always the same")


class ForgetsTheKey(MemorySystem):
    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return super().create(replace(spec, key_path=None), values, key)


class TracesTheFirst(MemorySystem):
    def trace(self, spec: ObjectSpec, values: Values, since: Any) -> Any:
        found = super().trace(spec, values, since)
        return replace(found, made=found.made[:1])


class WritesTheWholeRecord(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        blank = dict.fromkeys(spec.fields)
        return super().update(spec, [replace(one, values={**blank, **one.values}) for one in patches])


class StopsAtARefusal(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        for place, patch in enumerate(patches):
            if patch.id not in self.objects.get(spec.object, {}):
                done = super().update(spec, patches[:place])
                return [*done, *[RecordRejected("refused")] * (len(patches) - place)]
        return super().update(spec, patches)


class AnswersInItsOwnOrder(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        return super().update(spec, sorted(patches, key=lambda patch: patch.id))


class WritesOnePage(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        return super().update(spec, patches[:50]) + super().update(spec, patches[:50])[: len(patches) - 50]


class WritesEachRecordOnce(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        first = {patch.id: patch for patch in reversed(patches)}
        return super().update(spec, [first[patch.id] for patch in patches])


class IgnoresVersions(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        return super().update(spec, [replace(patch, version=None) for patch in patches])
