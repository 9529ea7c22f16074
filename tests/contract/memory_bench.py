"""The memory system under the contract: faults are raised where a vendor's answer would be."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.errors import MissingPermission, OutcomeUnknown, RateLimited, Retry, SyncError, Unavailable
from shared.ports import Capabilities, Native, ObjectSpec, System
from shared.systems.memory import MemorySystem
from tests.contract.system_bench import MOMENT, NOBODY, Facts, Match, SystemBench

SPEC = ObjectSpec(
    "memory",
    "account",
    "Accounts",
    "id",
    "version",
    ("name", "note"),
    poll_mode="cursor",
    key_path="key",
    label_paths=("name",),
    witness=("name",),
)
FACTS = Facts(
    SPEC,
    "name",
    "note",
    "memory-99999",
    creates={"call": "create"},
    updates={"call": "update"},
    guarded=True,
    stamps=frozenset({"version"}),
)
EXECUTED = ("lost_reply", "502", "truncated_json", "slow")


@dataclass
class Clock:
    at: datetime = MOMENT

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Trouble:
    """A fault of `local.vendors._faults`, as far as memory can have it."""

    kind: str
    match: Match
    times: int = 1
    skip: int = 0
    after: float | None = None

    def due(self, call: str) -> bool:
        """Faults that come before a call's effect, or after it (`create done`)."""
        name, _, done = call.partition(" ")
        if self.match.get("call", name) != name or self.times == 0:
            return False
        writes = name in ("create", "update")
        if writes and (self.kind in EXECUTED) != bool(done):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= self.times > 0
        return True

    def error(self, call: str) -> SyncError:
        if self.kind == "429":
            return RateLimited("slow down", self.after)
        if call.partition(" ")[0] in ("create", "update"):
            return OutcomeUnknown(self.kind)
        return Unavailable(self.kind)


@dataclass
class MemoryBench(SystemBench):
    """`kind` may be a system that breaks the contract."""

    kind: type[MemorySystem] = MemorySystem
    capabilities: Capabilities | None = None
    clock: Clock = field(default_factory=Clock)
    facts: Facts = FACTS

    def __post_init__(self) -> None:
        self._alone: SyncError | None = None
        self._system = self.kind("memory", self.clock, capabilities=self.capabilities)
        self._ids = itertools.count(1)
        self.mend()

    def system(
        self,
        *,
        owner: str = "worker",
        url: str | None = None,
        secret: Mapping[str, str] | None = None,
        timeout: float = 5.0,
        left: float = 60.0,
        **options: str,
    ) -> System:
        self._alone = (
            Unavailable("nobody answers") if url == NOBODY else Retry("no time left", 1) if left < 1 else None
        )
        self._system.before = self._before
        return self._system

    def _before(self, call: str) -> None:
        if self._alone is not None:
            raise self._alone
        if self._denied:
            raise MissingPermission("the user may not do this")
        for trouble in self._troubles:
            if trouble.due(call):
                raise trouble.error(call)

    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        ids = [f"people-{next(self._ids):05}" for _ in rows]
        for record_id, row in zip(ids, rows, strict=True):
            self._system.put(SPEC.object, record_id, {"note": None, **row})
        return ids

    def edit(self, record_id: str, **values: Native) -> None:
        self._system.put(SPEC.object, record_id, values)

    def delete(self, record_id: str) -> None:
        self._system.drop(SPEC.object, record_id)

    def records(self) -> dict[str, dict[str, Any]]:
        return {one: dict(values) for one, values in self._system.objects.get(SPEC.object, {}).items()}

    def pass_time(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def fault(self, kind: str, match: Match | None = None, **more: Any) -> None:
        self._troubles.append(Trouble(kind, match or {}, **more))

    def faults_left(self) -> int:
        return sum(trouble.times != 0 for trouble in self._troubles)

    def mend(self) -> None:
        self._troubles: list[Trouble] = []
        self._denied = False
        self._alone = None

    def deny(self) -> None:
        self._denied = True

    def tokens(self) -> list[str]:
        return []

    def secrets(self) -> list[str]:
        return []

    def recorded(self) -> str:
        return json.dumps(self._system.writes, default=str)
