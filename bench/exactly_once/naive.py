"""Four patterns that integrations are often made of, in the same weather on the same vendors: each must be
seen to fail, or the harness proves nothing.

They are given what favours them: customers go one way only, every edit is told by a hint, SQS repeats what
failed, and a person replays the dead letters.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.domain.link import ChangeEvent, Outcome
from shared.errors import SyncError
from shared.ports import Gone, Patch, Snapshot
from shared.sync.engine import Context, Ended, Failed, Result
from tests.stories.customers import TABLES

SOURCE, TARGET, ENTITY, WALK, SEEN = "vtiger", "sage_accounting", "account", "crosswalk", "idempotency"
KEPT = timedelta(days=365)
_DONE = Outcome("updated", "done")


class RetryAndCrosswalk:
    """Ids in a table, written after the create; whatever fails is tried again."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def handle(self, events: Sequence[ChangeEvent]) -> list[Result]:
        return [self._handled(event) for event in events]

    def _handled(self, event: ChangeEvent) -> Result:
        try:
            self.one(event.record_id)
        except (SyncError, RuntimeError) as fault:
            return self.failed(fault)
        return Ended(_DONE)

    def failed(self, fault: Exception) -> Result:
        return Failed(fault)

    def one(self, record_id: str) -> None:
        source = self.source(record_id)
        if source is None:
            return
        known = self.row(WALK, record_id).get("id")
        if known:
            self.update(known, source)
        else:
            self.keep(WALK, record_id, {"id": self.create(source)})

    # what they all do

    def source(self, record_id: str) -> Mapping[str, Any] | None:
        """As the target's native values."""
        reading = self.ctx.systems[SOURCE].read(self.ctx.map(ENTITY, SOURCE).spec, [record_id])[record_id]
        if not isinstance(reading, Snapshot):
            assert isinstance(reading, Gone)
            return None
        values = self.ctx.map(ENTITY, SOURCE).read(reading.values, TABLES)
        return self.ctx.map(ENTITY, TARGET).write(values, TABLES, [])

    def create(self, values: Mapping[str, Any]) -> str:
        target = self.ctx.systems[TARGET]
        return target.create(self.ctx.map(ENTITY, TARGET).spec, dict(values), uuid4().hex).id

    def update(self, target_id: str, values: Mapping[str, Any]) -> None:
        patches = [Patch(target_id, dict(values), None)]
        answer = self.ctx.systems[TARGET].update(self.ctx.map(ENTITY, TARGET).spec, patches)[0]
        if isinstance(answer, SyncError):
            raise answer

    def row(self, kind: str, key: str) -> Mapping[str, Any]:
        return self.ctx.stores.cache.get(kind, [key], self.ctx.now()).get(key, {})

    def keep(self, kind: str, key: str, row: Mapping[str, Any], until: datetime | None = None) -> None:
        self.ctx.stores.cache.put(kind, {key: row}, until or self.ctx.now() + KEPT)


class FindOrCreate(RetryAndCrosswalk):
    """Looks for the name, and makes what it does not find."""

    def one(self, record_id: str) -> None:
        source = self.source(record_id)
        if source is None:
            return
        name, spec = str(source["name"]), self.ctx.map(ENTITY, TARGET).spec
        hits = self.ctx.systems[TARGET].find(spec, "name", [name])[name]
        if hits:
            self.update(hits[0].id, source)
        else:
            self.create(source)


class GenericKey(RetryAndCrosswalk):
    """A table of what was done, by a digest of what there is to do: in progress, for five minutes; done."""

    def one(self, record_id: str) -> None:
        source = self.source(record_id)
        if source is None:
            return
        key = hashlib.sha256(repr((record_id, sorted(source.items(), key=str))).encode()).hexdigest()
        state = self.row(SEEN, key).get("state")
        if state == "done":
            return
        if state == "in progress":
            raise RuntimeError("another worker is at it")
        soon = self.ctx.now() + timedelta(minutes=5)
        self.keep(SEEN, key, {"state": "in progress"}, soon)
        try:
            super().one(record_id)
        except (SyncError, RuntimeError):
            self.keep(SEEN, key, {"state": "failed"})
            raise
        self.keep(SEEN, key, {"state": "done"})


class ErrorIgnored(RetryAndCrosswalk):
    """Writes the fault to its log, and goes on."""

    def failed(self, fault: Exception) -> Result:
        return Ended(Outcome("failed", str(fault)))


PATTERNS: Mapping[str, type[RetryAndCrosswalk]] = {
    "retry and crosswalk": RetryAndCrosswalk,
    "find or create": FindOrCreate,
    "generic idempotency key": GenericKey,
    "error ignored": ErrorIgnored,
}
