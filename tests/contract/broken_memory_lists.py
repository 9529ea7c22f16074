"""Memory systems whose lists lose something, and such as give a fault the wrong name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.errors import OutcomeUnknown, RateLimited, RecordRejected, Retry, SyncError, Unavailable
from shared.ports import Gone, ObjectSpec, Page, Patch, Reading, Snapshot, Values
from shared.systems.memory import MemorySystem

Answers = list[Snapshot | SyncError]


class NeverEnds(MemorySystem):
    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        for page in super().changes(spec, cursor, page_size):
            yield replace(page, last=False)


class SaysNothingOfNothing(MemorySystem):
    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        return (page for page in super().changes(spec, cursor, page_size) if page.records)


class TellsOnce(MemorySystem):
    """What was told is not told again, whatever the cursor says."""

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        told: set[tuple[str, Any]] = self.__dict__.setdefault("told", set())
        for page in super().changes(spec, cursor, page_size):
            fresh = [one for one in page.records if (one.id, getattr(one, "version", "")) not in told]
            told.update((one.id, getattr(one, "version", "")) for one in fresh)
            yield replace(page, records=tuple(fresh))


class ByTime(MemorySystem):
    """Only what was changed after the last record that was read: those of the same second are lost."""

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        self.before("changes")
        after, size = str((cursor or {}).get("after", "")), page_size or spec.page_size
        while True:
            rows = sorted(
                (self.modified[(spec.object, one)].isoformat(), one)
                for one in self.objects.get(spec.object, {})
            )
            part = [row for row in rows if row[0] > after][:size]
            after = part[-1][0] if part else after
            last = len(part) < size
            yield Page(tuple(self._snapshot(spec, one) for _, one in part), {"after": after}, last)
            if last:
                return


class ByOffset(MemorySystem):
    """Pages by number of a list in the order of changes."""

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        self.before("changes")
        start, size = int((cursor or {}).get("start", 0)), page_size or spec.page_size
        while True:
            rows = sorted(
                self.objects.get(spec.object, {}), key=lambda one: (self.modified[(spec.object, one)], one)
            )
            part, start = rows[start : start + size], start + size
            last = start >= len(rows)
            yield Page(
                tuple(self._snapshot(spec, one) for one in part), {} if last else {"start": start}, last
            )
            if last:
                return


class EndsInAnOutage(MemorySystem):
    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        try:
            yield from super().changes(spec, cursor, page_size)
        except Retry:
            yield Page((), {}, True)


class HidesDeletions(MemorySystem):
    def _lost(self, spec: ObjectSpec) -> list[Reading]:
        return []


class CallsTheLivingDeleted(MemorySystem):
    def _lost(self, spec: ObjectSpec) -> list[Reading]:
        return [Gone(one, self.clock.now()) for one in self.objects[spec.object]]


# faults


class _Renaming(MemorySystem):
    """Faults under another name."""

    def renamed(self, fault: SyncError) -> SyncError:
        raise NotImplementedError

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        try:
            return super().create(spec, values, key)
        except SyncError as fault:
            raise self.renamed(fault) from None


class CallsALimitAnOutage(_Renaming):
    def renamed(self, fault: SyncError) -> SyncError:
        return Unavailable("not now") if isinstance(fault, RateLimited) else fault


class ForgetsTheWait(_Renaming):
    def renamed(self, fault: SyncError) -> SyncError:
        return RateLimited("not now") if isinstance(fault, RateLimited) else fault


class CallsEveryOutageUnknown(_Renaming):
    def renamed(self, fault: SyncError) -> SyncError:
        return OutcomeUnknown("who knows") if isinstance(fault, Retry) else fault


class CallsTheUnknownUnsent(_Renaming):
    def renamed(self, fault: SyncError) -> SyncError:
        return Unavailable("not now") if isinstance(fault, OutcomeUnknown) else fault


class CallsTheUnknownRefused(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        try:
            return super().update(spec, patches)
        except OutcomeUnknown:
            return [RecordRejected("no") for _ in patches]


class CallsTheUnknownWritten(MemorySystem):
    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        try:
            return super().update(spec, patches)
        except OutcomeUnknown:
            return [Snapshot(patch.id, dict(patch.values), self.clock.now()) for patch in patches]


class LeavesTheLimitedOut(MemorySystem):
    """One by one, and what comes after a limit has no answer."""

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> Answers:
        answers: Answers = []
        for patch in patches:
            try:
                answers += super().update(spec, [patch])
            except RateLimited as limit:
                return [*answers, limit]
        return answers
