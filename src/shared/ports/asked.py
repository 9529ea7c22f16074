"""What a person asks for in the console, which a function that may call vendors then does.

The console may only put it here, sealed: what was typed, or came back from a vendor's sign-in page, can be
opened by no right that the console has. The message on the queue of polls names it and holds nothing of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol

from shared.domain.record import record

LASTS = timedelta(minutes=15)
"""What nobody has taken up by then is not done any more."""
AskedKind = Literal["test", "credentials", "begun", "sign-in", "choose", "disconnect"]


@record
class Asked:
    """`by`: what the audit trail calls the person; `person`: the sign-in provider's own id."""

    id: str
    kind: AskedKind
    system: str
    by: str
    at: datetime
    person: str = ""


class AskedStore(Protocol):
    def put(self, asked: Asked, values: Mapping[str, str]) -> None:
        """`values` are sealed. Raises ValueError where they are too long to be any vendor's."""
        ...

    def take(self, asked_id: str, now: datetime) -> tuple[Asked, dict[str, str]] | None:
        """Once only, and not after `LASTS`: a second caller gets None."""
        ...
