"""The port of the audit trail: who did what in the console, when, on which record, and what came of it."""

from datetime import datetime
from typing import Protocol

from shared.domain.record import record


@record
class Entry:
    """One thing that a person did. `integration` is "" for what concerns the stack, such as a sign-in."""

    at: datetime
    person: str
    """The provider's own id of the person."""
    name: str
    action: str
    integration: str = ""
    system: str = ""
    entity: str = ""
    record_id: str = ""
    detail: str = ""
    result: str = ""
    """What the console answered; "" when it did not come so far."""
    id: str = ""
    """Tells entries of one moment apart."""


class AuditTrail(Protocol):
    def note(self, entry: Entry) -> None:
        """A second note with the same integration, time and id replaces the first: an entry is written
        before the action, and again with its result."""
        ...

    def newest(self, integration: str, limit: int = 100, before: datetime | None = None) -> list[Entry]:
        """Newest first, of one integration or of the stack (""). `before`: only earlier ones, for paging."""
        ...
