"""The answers of the API. The description at `api/openapi.json` is made from these records, and the answers
are, too. Times are UTC (ISO 8601), amounts texts with a decimal point, so that nobody makes floats of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.domain.link import OutcomeKind
from shared.domain.record import record


@record
class Fault:
    """What is answered instead, with a status of 4xx or 5xx."""

    error: str


@record
class There:
    """A record in one system. `address`: where people open it, "" where nobody said."""

    system: str
    id: str
    label: str
    address: str


@record
class Item:
    """A record, and what was last decided of it. `amount` is written for people: `1,850.00 GBP`."""

    system: str
    entity: str
    record: str
    name: str
    number: str
    amount: str
    customer: str
    outcome: OutcomeKind
    reason: str
    rule: str
    field: str
    value: str
    notes: tuple[str, ...]
    at: datetime | None
    there: tuple[There, ...]


@record
class Group:
    """Open records with one reason, oldest first: at most a hundred of `count`. `more`: there are others that
    were not looked at."""

    outcome: OutcomeKind
    entity: str
    rule: str
    field: str
    count: int
    more: bool
    records: tuple[Item, ...]


@record
class Parked:
    """Records that go on by themselves, at `next` for the first time."""

    count: int
    reason: str
    next: datetime


@record
class ToDo:
    """What is open now. `counts`: outcome -> records; of those in `at_least` there are more. `stopped`: what
    the brake stopped; `missing`: lists whose missing records a person is asked about."""

    counts: Mapping[str, int]
    at_least: tuple[str, ...]
    groups: tuple[Group, ...]
    parked: tuple[Parked, ...]
    stopped: Mapping[str, str]
    missing: tuple[str, ...]


@record
class Row:
    """A row of the log. `changes` as they were logged: field, system, before, after."""

    item: Item
    cause: str
    run: str
    attempt: int
    changes: tuple[Mapping[str, Any], ...]


@record
class Log:
    """Newest first. `next`: the `before` of the page that follows, "" at the end. `looked_to`: set where the
    looking ended before the page was full; go on with `next`."""

    rows: tuple[Row, ...]
    next: str
    looked_to: datetime | None


@record
class Value:
    """A field of a record, by system. `goes`: which way it is carried; `held`: why it is frozen."""

    name: str
    values: Mapping[str, Any]
    goes: str
    differs: bool
    held: str


@record
class Candidate:
    """A record of the other system that may be the same one, which a person has to say."""

    system: str
    id: str
    name: str


@record
class Record:
    """`story`: newest first, of both sides, at most 200 rows."""

    item: Item
    fields: tuple[Value, ...]
    look_alikes: tuple[Candidate, ...]
    story: tuple[Row, ...]
    story_is_cut: bool


@record
class Run:
    run: str
    what: str
    cause: str
    entity: str
    system: str
    state: str
    message: str
    counts: Mapping[str, int]
    began: datetime
    ended: datetime | None


@record
class Runs:
    """Newest first; `next` as of the log."""

    runs: tuple[Run, ...]
    next: str


@record
class Found:
    """What a check found: `level` is ok, warning or error."""

    level: str
    subject: str
    message: str


@record
class Connection:
    """`state`: ok, cooling (until), paused, disconnected, never reached. `calls`: today, and where the
    settings limit them what is left. No secret is among `options`, nor anywhere."""

    system: str
    name: str
    state: str
    until: datetime | None
    said: str
    leads_to: str
    checked: datetime | None
    findings: tuple[Found, ...]
    calls: Mapping[str, Any]
    sign_in_ends: datetime | None
    business: str
    options: Mapping[str, str]


@record
class Connections:
    connections: tuple[Connection, ...]


@record
class Cycle:
    """The last reading of a list, where it is among the recent runs."""

    entity: str
    system: str
    began: datetime | None
    state: str
    counts: Mapping[str, int]


@record
class Health:
    """`troubles`: a sentence for each thing that is wrong. `queues`: messages by entity; `dead`: dead letters
    by queue, without zeros. `rules`: the version in force, "" while this release refuses them."""

    live: bool
    troubles: tuple[str, ...]
    last_read: datetime | None
    swept: datetime | None
    swept_in_time: bool
    recovering: datetime | None
    queues: Mapping[str, int]
    parked: int
    dead: Mapping[str, int]
    cycles: tuple[Cycle, ...]
    rules: str


@record
class Letter:
    """`record`: [system, entity, id], or empty for a message about none."""

    id: str
    sent: datetime | None
    record: tuple[str, ...]
    name: str


@record
class Cause:
    """Dead letters of one queue that died of the same thing."""

    queue: str
    why: str
    can_be_replayed: bool
    letters: tuple[Letter, ...]


@record
class DeadLetters:
    """`counts`: by queue, of all integrations together. `looked_at`: by queue, how many messages were looked
    at where that was not all: there may be others of this integration."""

    counts: Mapping[str, int]
    looked_at: Mapping[str, int]
    causes: tuple[Cause, ...]
