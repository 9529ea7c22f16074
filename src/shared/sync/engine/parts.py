"""The four parts of a job: what is held, what was found, what is planned, and what was done.

Plain classes with slots: they are made anew for each record, and a dataclass costs a cold start milliseconds.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from shared.domain.answer import Answer
from shared.domain.link import ChangeEvent, Intent, Lease, Link, Outcome
from shared.domain.numbers import Whose
from shared.domain.prices import PriceBook
from shared.domain.record import replace
from shared.mapping.readable import Unreadable
from shared.ports import Reading

Pointer = tuple[str, str, str]
"""(system, entity, record id)"""


class Held:
    """The event, and the link with all that says who may save it. It outlives a second look."""

    __slots__ = (
        "answers",
        "claimed",
        "event",
        "kept",
        "lease",
        "leased",
        "link",
        "looked",
        "merged",
        "saved",
        "stored",
        "told",
        "unknown",
    )

    def __init__(self, event: ChangeEvent, link: Link, stored: Link | None, lease: Lease | None) -> None:
        self.event = event
        self.answers: tuple[Answer, ...] = (event.answer,) if event.answer is not None else ()
        """What people say of the record, in this batch."""
        self.told: list[str] = []
        """Sentences for the log about what they said, which outlive a second look too."""
        self.link = link
        """The working copy."""
        self.stored = stored
        """The link as it was loaded; None: there is none yet."""
        self.saved = link.version
        """The version that `link` was loaded or last committed with."""
        self.lease = lease
        self.leased = False
        """Whether this job has the lease itself."""
        self.kept: Link | None = None
        """The link as it was last saved in this pass."""
        self.unknown: Intent | None = None
        """A vendor write that may or may not have happened. Only a saved answer clears it."""
        self.looked = False
        """Whether the target was searched for what an earlier try may have made."""
        self.claimed: set[Pointer] = set()
        """What was claimed for this link in this pass: once is enough."""
        self.merged: set[Pointer] = set()
        """Subjects of further events that reached this link in the same batch."""

    @property
    def before(self) -> Outcome | None:
        """What was last said of the record."""
        return self.stored.outcome if self.stored is not None else None

    def change(self, **fields: Any) -> None:
        self.link = replace(self.link, **fields)


class Found:
    """What reading both sides showed in this pass."""

    __slots__ = (
        "canonical",
        "codes",
        "doubted",
        "facts_at",
        "from_snapshot",
        "items",
        "lost",
        "moved",
        "prices",
        "readings",
        "references",
        "regained",
        "unreadable",
        "whose",
    )

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}
        """system -> what it answered, in native values."""
        self.canonical: dict[str, Mapping[str, Any]] = {}
        """system -> the canonical values of its reading."""
        self.unreadable: dict[str, Unreadable] = {}
        """system -> fields that it shows and nobody can read: they stay as they are on both sides."""
        self.references: dict[str, Mapping[str, Any]] = {}
        """Name in the flow -> the canonical values of the record that this one refers to."""
        self.codes: dict[str, str] = {}
        """Link of a product -> the ledger's code of it, for lines that name a product by its link."""
        self.items: dict[str, Mapping[str, Any]] = {}
        """Code in capitals -> the canonical values of the ledger's record of what is sold, where it is to
        choose how that is taxed."""
        self.prices: PriceBook | None = None
        """What the ledger knows of the prices of its lines, where they are worked out here."""
        self.from_snapshot = False
        """Whether the poll's snapshot stands in for a reading of the source."""
        self.moved: list[Pointer] = []
        """Pointers of records that were merged into others."""
        self.lost: list[str] = []
        """Systems where the record turned out to be gone in this pass."""
        self.doubted: list[str] = []
        """Systems that said it is gone, and are not believed."""
        self.regained: list[str] = []
        """Those of them that were believed before."""
        self.facts_at: datetime | None = None
        """When the records that it refers to were asked for; None: known from earlier."""
        self.whose: Whose | None = None
        """Whose number the record carries, where it is not one that we gave it."""


class LeftOut:
    """A value that was not written: `why` is a sentence that names it."""

    __slots__ = ("value", "why")

    def __init__(self, value: Any, why: str) -> None:
        self.value, self.why = value, why


class Plan:
    """What is to be written, what is left out of it and why."""

    __slots__ = (
        "accepted",
        "added",
        "awaits",
        "back",
        "due",
        "emptied",
        "late",
        "left_out",
        "locked",
        "native",
        "others",
        "payload",
        "refusal",
        "remake",
        "removal",
        "totals",
        "unclosed",
        "verdict",
        "worth",
    )

    def __init__(self) -> None:
        self.due: dict[str, dict[str, Any]] = {}
        """system -> canonical fields it still has to get."""
        self.accepted: set[str] = set()
        """Fields of which a person said whose value stands."""
        self.native: dict[str, dict[str, Any]] = {}
        """system -> native values it gets apart from the map: what puts a record out of use, or back into
        it."""
        self.back: set[str] = set()
        """Systems whose record is put back into use."""
        self.payload: dict[str, Any] = {}
        """The native values of the record to be made."""
        self.left_out: dict[str, dict[str, LeftOut]] = {}
        """system -> fields that it cannot hold, or refused by name: written without them."""
        self.locked: dict[str, tuple[Any, Any]] = {}
        """Fields that the target no longer takes -> (wanted, what it has there)."""
        self.emptied: dict[tuple[str, str], Any] = {}
        """(field, system) of values that vanished there -> what the other side keeps."""
        self.late: set[str] = set()
        """References that the new record was made without."""
        self.awaits: dict[str, Pointer] = {}
        """References left out for the time being -> what they lead to."""
        self.others: Iterator[dict[str, Any]] | None = None
        """Further native values to try, each with another name."""
        self.added: dict[tuple[str, str], str] = {}
        """(system, field) -> what stands behind its value there, because the system takes that only once."""
        self.totals: dict[str, Any] = {}
        """system -> the total that its answer must show."""
        self.worth: Decimal | None = None
        """What the record to be made comes to, tax included, where it was priced."""
        self.refusal: Outcome | None = None
        """What a side shows that the other cannot hold, where nothing is to be written for it."""
        self.remake = False
        """Whether what was made once is made again, because it no longer exists."""
        self.unclosed = False
        """Whether the write that closes the record waits until the rest is settled."""
        self.removal: list[str] = []
        """Systems whose record is deleted for good."""
        self.verdict: Outcome | None = None
        """How the job ends once everything else was done, where that is not for what was done to say."""


class Done:
    """What came of it, for the log and for whoever waits."""

    __slots__ = (
        "adopted",
        "back",
        "changes",
        "created",
        "heard",
        "news",
        "notes",
        "quiet",
        "removed",
        "retired",
        "updated",
        "wrote",
    )

    def __init__(self) -> None:
        self.created: list[str] = []
        self.updated: list[str] = []
        self.adopted: list[str] = []
        """Systems whose record was there already and was joined to the link."""
        self.heard: set[str] = set()
        """Fields of which a person accepted a side, and that were come to."""
        self.wrote: dict[str, set[str]] = {}
        """system -> canonical fields that were written to it."""
        self.removed: list[str] = []
        """Systems whose record was deleted for good."""
        self.retired: list[str] = []
        """Systems whose record was put out of use."""
        self.back: list[str] = []
        """Systems whose record was put back into use."""
        self.quiet = False
        """Whether nothing is kept of this pass: another row of the log speaks for it."""
        self.changes: list[Mapping[str, Any]] = []
        """Rows for the log: what was taken over, what lost, what drifted."""
        self.notes: list[str] = []
        """Sentences for the log that stand behind the outcome's own."""
        self.news = False
        """Whether the link was saved with something new at the end."""

    def note(self, said: Iterable[str]) -> None:
        """What has not been said yet: a record may be composed several times in one pass."""
        self.notes += [one for one in said if one not in self.notes]
