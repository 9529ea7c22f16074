"""The answers of the API about previews, about what a person may decide, and to what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from shared.console.api.models import Candidate
from shared.domain.record import record


@record
class Session:
    """Who is asking. `token`: to be sent with whatever is done, as a form of the console sends it; another
    site can neither read nor guess it. `acts`: whether the person may do more than look."""

    name: str
    acts: bool
    token: str


@record
class Change:
    """A value that would be written: the field in that system, before and after, "" where there is none."""

    system: str
    name: str
    before: str
    after: str


@record
class Planned:
    """What would become of one record. `would`: create, update, link, nothing, skip, wait, hold, later, fail.
    `amount` as it is, with a decimal point; null without one. `lost`: values of a side that would be
    overwritten although somebody entered them there."""

    system: str
    id: str
    name: str
    would: str
    reason: str
    notes: tuple[str, ...]
    amount: str | None
    currency: str
    fields: tuple[Change, ...]
    lost: tuple[Change, ...]


@record
class Preview:
    """A preview of one list. `state`: running, done or stopped (`stopped` says why). `read`: records looked
    at so far; `more`: there are others, which were not. `counts`: would -> records; `totals`: would ->
    currency -> sum. `by`: who asked for it."""

    entity: str
    run: str
    by: str
    began: datetime
    ended: datetime | None
    state: Literal["running", "done", "stopped"]
    read: int
    more: bool
    stopped: str
    notes: tuple[str, ...]
    counts: Mapping[str, int]
    totals: Mapping[str, Mapping[str, str]]


@record
class Previews:
    """`entities`: the lists that can be previewed; `previews`: those that are kept, of each list the newest
    first."""

    entities: tuple[str, ...]
    previews: tuple[Preview, ...]


@record
class PreviewResult:
    """One preview with all of its records, as far as it has got."""

    preview: Preview
    records: tuple[Planned, ...]


@record
class Choice:
    """A value that may be made to stand. `stamp` says what was shown: nothing is written if it is not so any
    more. `at` and `seq`: the row of the log in which it lost, "" for a value that a side shows."""

    field: str
    side: str
    value: Any
    stamp: str
    at: str
    seq: str


@record
class Choices:
    """What may be decided of a record. `accept`: of fields in which the sides differ; `put_back`: values that
    lost; `look_alikes`: with `same` or `different`; `left_out`: whether it is left out for good."""

    accept: tuple[Choice, ...]
    put_back: tuple[Choice, ...]
    look_alikes: tuple[Candidate, ...]
    left_out: bool


@record
class Done:
    """What came of it. `code` never changes, `says` is a sentence for people. `count`: how many, where it is
    counted. `follow`: parameters by which the outcome is found."""

    code: str
    says: str
    count: int | None
    follow: Mapping[str, str]
