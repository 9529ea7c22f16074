"""Dead letters: which record each is about, and why it is there, grouped by cause.

What SQS holds is read elsewhere; here it is only understood. A letter names its integration and its record
itself; why it failed stands on the record's link, or in the log.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared.domain import codec
from shared.domain.link import ChangeEvent
from shared.domain.record import record, replace
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.known_links import known_links
from shared.ports import Stores
from shared.ports.dead_letters import Letter

UNREADABLE = "no function of Tieout can read it: it was put there by something else, or was damaged"
UNKNOWN = "the log does not say why: its faults are in the function's own log"
GONE = "its integration is no longer there: nothing can take it up"
_FAULT = re.compile(r"an unexpected fault \((\w+)")


@record
class DeadLetter:
    """`event`: of a record's letter that can be read. `name`: what people call the record, where that is
    known. `failed`: the record's link still says so."""

    letter: Letter
    integration: str = ""
    event: ChangeEvent | None = None
    about: str = ""
    name: str = ""
    cause: str = UNREADABLE
    failed: bool = False

    @property
    def group(self) -> str:
        """Of all letters of a queue with the same kind of cause."""
        kind = _FAULT.match(self.cause)
        text = "\x1f".join((self.letter.queue, kind[0] if kind else self.cause))
        return hashlib.sha256(text.encode()).hexdigest()[:6]


def understood(letters: Iterable[Letter], stores_of: Callable[[str], Stores | None]) -> list[DeadLetter]:
    """In the order given. `stores_of`: the stores of an integration; None where there is no such one. A few
    requests for each integration and 100 letters."""
    made = [_read(letter) for letter in letters]
    stores = {
        name: stores_of(name) for name in dict.fromkeys(one.integration for one in made if one.integration)
    }
    found = [
        replace(one, cause=GONE) if one.integration and stores[one.integration] is None else one
        for one in made
    ]
    for name, own in stores.items():
        if own is not None:
            found = _with_causes(found, name, own)
    return found


def integration_of(letter: Letter) -> str:
    """The one that it names, by its group or in itself; "" for none."""
    return letter.group or _read(letter).integration


def groups(found: Sequence[DeadLetter]) -> dict[str, list[DeadLetter]]:
    """Group -> its letters; the largest group first."""
    made: dict[str, list[DeadLetter]] = {}
    for one in found:
        made.setdefault(one.group, []).append(one)
    return dict(sorted(made.items(), key=lambda item: -len(item[1])))


def _read(letter: Letter) -> DeadLetter:
    if letter.queue in ("poll", "sweep"):
        return _of_clock(letter)
    try:
        event = codec.event_in(letter.body)
        if not all((*event.subject, event.integration)):
            raise ValueError(letter.body)
    except ValueError:
        return DeadLetter(letter, about=letter.body[:80])
    return DeadLetter(letter, event.integration, event, _of_record(event), cause=UNKNOWN)


def _of_record(event: ChangeEvent) -> str:
    return f"{words(event.entity)} {event.record_id} of {title(event.system)}"


def _of_clock(letter: Letter) -> DeadLetter:
    try:
        task = json.loads(letter.body)
        integration = str(task["integration"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return DeadLetter(letter, about=letter.body[:80])
    return DeadLetter(letter, integration, None, _doing(letter.queue, task), cause=UNKNOWN)


def _doing(queue: str, task: Mapping[str, Any]) -> str:
    """What a message of the clock, or of the console to the function of the polls, was to do."""
    entity, system = (str(task.get(name) or "") for name in ("entity", "system"))
    match task.get("kind"):
        case "preview":
            return f"previewing the list of {words(entity)} records"
        case "connection":
            return "changing a connection"
        case "fields":
            return "reading the fields that both systems have"
    what = (
        f"the list of {words(entity)} records in {title(system)}"
        if entity and system
        else "a tick of the clock"
    )
    return f"{'polling' if queue == 'poll' else 'sweeping'} {what}"


def _with_causes(found: Sequence[DeadLetter], integration: str, stores: Stores) -> list[DeadLetter]:
    events = [one.event for one in found if one.integration == integration and one.event is not None]
    links = known_links(stores, list(dict.fromkeys(event.subject for event in events)))
    return [
        _with_cause(one, links.get(one.event.subject), stores)
        if one.integration == integration and one.event is not None
        else one
        for one in found
    ]


def _with_cause(one: DeadLetter, link: Any, stores: Stores) -> DeadLetter:
    """What the link says; once that is no fault any more, the letter is only left over."""
    assert one.event is not None
    rows = [] if link is not None else stores.log.rows(record=one.event.subject, limit=1)
    outcome = link.outcome if link is not None else rows[0].outcome if rows else None
    labels = [side.label for side in link.sides.values() if side.label] if link is not None else []
    name = labels[0] if labels else rows[0].label if rows else ""
    if outcome is None:
        return replace(one, name=name, cause=UNKNOWN, failed=False)
    failed = outcome.kind == "failed"
    cause = outcome.reason if failed else f"left over: the record is {outcome.kind} by now, {outcome.reason}"
    return replace(one, name=name, cause=cause, failed=failed)
