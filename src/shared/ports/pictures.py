"""Pictures of records: apart from their fields, because no vendor takes them in the same call."""

from typing import Protocol, runtime_checkable

from shared.ports.specs import ObjectSpec


@runtime_checkable
class GivesPictures(Protocol):
    """A system whose records have a picture."""

    def picture(self, spec: ObjectSpec, record_id: str) -> bytes:
        """The picture as it is kept, in one call. Raises RecordRejected where there is none."""
        ...


@runtime_checkable
class TakesPictures(Protocol):
    """A system that a record's picture can be sent to."""

    def put_picture(self, spec: ObjectSpec, record_id: str, name: str, content: bytes) -> str:
        """The id of the picture. Raises RecordRejected, before any call, for what is no picture or is too
        large, and OutcomeUnknown where it may have arrived."""
        ...
