"""Creates of many records in one call."""

from collections.abc import Sequence
from typing import Protocol

from shared.errors import SyncError
from shared.ports.readings import Snapshot, Values
from shared.ports.specs import ObjectSpec


class MakesMany(Protocol):
    """A system that takes many new records at once."""

    def at_once(self, spec: ObjectSpec) -> int:
        """How many such records one call may carry; 1 where they are made one by one."""
        ...

    def create_many(
        self, spec: ObjectSpec, records: Sequence[tuple[Values, str]]
    ) -> list[Snapshot | SyncError]:
        """Each of the values with our key, as `create` takes them; one answer for each, in order, with what
        `create` answers or raises. OutcomeUnknown for each that may have been made, above all where a
        call was refused and does not say for which of its records."""
        ...
