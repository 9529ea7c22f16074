"""The messages of the poll queue: a closed set. Each says its `kind`, and holds what its record holds, as
texts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Literal

from shared.domain.record import record
from shared.operations.poll_tasks import PollTask
from shared.ports import PollQueue


@record
class Tick:
    """The clock tells an integration. `tick` names the tick, the same for all of them."""

    tick: str
    integration: str
    cause: Literal["poll"]
    sent_at: str
    """UTC, ISO 8601."""

    @property
    def sent(self) -> datetime:
        return datetime.fromisoformat(self.sent_at)


@record
class ConnectionTask:
    """What a person asked for on the console's page of a connection. It is named, and nothing of it is
    here."""

    integration: str
    asked: str


@record
class PreviewTask:
    """`asked_at`: UTC, ISO 8601. `by`: who asked."""

    preview: str
    integration: str
    entity: str
    asked_at: str
    by: str


@record
class FieldTask:
    """Both systems' own lists of fields are to be read. `fields` names the request."""

    integration: str
    fields: str


PollMessage = Tick | PollTask | ConnectionTask | PreviewTask | FieldTask
KINDS: Mapping[str, type[PollMessage]] = {
    "tick": Tick,
    "list": PollTask,
    "connection": ConnectionTask,
    "preview": PreviewTask,
    "fields": FieldTask,
}
_KIND_OF = {form: kind for kind, form in KINDS.items()}


def send(queue: PollQueue, found: Iterable[PollMessage]) -> None:
    """One message each. Raises Unavailable when some could not be put there."""
    queue.send([(one.integration, {"kind": _KIND_OF[type(one)], **asdict(one)}) for one in found])


def message_of(body: Any) -> PollMessage:
    """Raises ValueError for what is not exactly one of them, which includes the messages of releases before
    they had a kind: those are a clock's or a console's, and are made again."""
    kind = body.get("kind") if isinstance(body, dict) else None
    form = KINDS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise ValueError(f"a message of the kind {kind!r}: there are {', '.join(KINDS)}")
    given = {name: value for name, value in body.items() if name != "kind"}
    wanted = {one.name for one in fields(form)}
    if given.keys() != wanted or not all(isinstance(value, str) for value in given.values()):
        raise ValueError(f"a message of the kind {kind!r} has the texts {', '.join(sorted(wanted))}")
    return form(**given)
