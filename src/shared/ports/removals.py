"""Deletions for good, which no vendor takes back."""

from typing import Protocol, runtime_checkable

from shared.ports.specs import ObjectSpec


@runtime_checkable
class Removes(Protocol):
    """A system where a record may be deleted because its counterpart was."""

    def delete(self, spec: ObjectSpec, record_id: str) -> None:
        """Once it returns, `read` says that the record is gone; one that was gone before is no fault. Raises
        RecordRejected where it is definitely still there, and OutcomeUnknown where that is not known."""
        ...
