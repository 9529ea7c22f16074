"""The answers of a system without special features: no optional fields, no traces, nothing that expires."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import Halt, LaneTaken, NoTurn, RateLimited, RuleInvalid, SyncError, Unavailable
from shared.ports import Debtors, Finding, ObjectSpec, Page, Patch, Reading, Snapshot, Traces, Values

_STOPS = (Halt, LaneTaken, NoTurn, Unavailable, RateLimited)
"""Faults of the connection: the patches that follow would meet the same one."""


class Connector:
    """A base for connectors: each overrides what is different for its vendor."""

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        raise NotImplementedError

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        raise NotImplementedError

    def recent(self, spec: ObjectSpec, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self.changes(spec, cursor)

    def canonical_id(self, spec: ObjectSpec, record_id: str) -> str:
        return record_id

    def look_over(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        return {one: found for one, found in self.read(spec, ids).items() if isinstance(found, Snapshot)}

    def reserve(self, spec: ObjectSpec, seconds: float) -> bool:
        return False

    def takes_new(self, spec: ObjectSpec) -> bool:
        return True

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        return frozenset()

    def debtors(self) -> Debtors | None:
        return None

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
        return Traces()

    def keep_alive(self) -> list[Finding]:
        return []


def each_patched(
    patches: Sequence[Patch], patch_one: Callable[[Patch], Snapshot]
) -> list[Snapshot | SyncError]:
    """One answer per patch, in order. After a fault of the connection the vendor is not called any more."""
    answers: list[Snapshot | SyncError] = []
    stop: SyncError | None = None
    for patch in patches:
        if stop is None:
            try:
                answers.append(patch_one(patch))
                continue
            except SyncError as fault:
                answers.append(fault)
                stop = fault if isinstance(fault, _STOPS) else None
        else:
            answers.append(stop)
    return answers


def whole_number(options: Mapping[str, str], system: str, name: str, default: float) -> int:
    """A setting of the connection; blank is the default. Raises RuleInvalid for anything but digits."""
    text = str(options.get(name) or f"{default:.0f}")
    if not text.strip().isdecimal():
        raise RuleInvalid(f"The setting {name} of {system} is {text!r}: write a whole number.")
    return int(text)


def one_of(options: Mapping[str, str], system: str, name: str, first: str, other: str, default: str) -> str:
    """A setting that is one of two words; blank is the default. Raises RuleInvalid for another word."""
    text = options.get(name) or default
    if text not in (first, other):
        raise RuleInvalid(f"The setting {name} of {system} is {text!r}: write {first} or {other}.")
    return text
