"""What rule files become: plain facts, and one compiled reader and writer per system and entity.

Nothing here knows TOML. A `Flow` is immutable and safe to share between threads and invocations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, Protocol

from shared.domain.record import record
from shared.mapping.links import LinkField
from shared.ports import ObjectSpec

Tables = Mapping[str, Mapping[str, str]]
"""Reference tables by name: `currencies` is the system's currency id -> ISO code (see `reference_tables.py`).
"""

Deletes = Literal["keep", "archive", "hold", "delete"]
RequirementRule = Literal[
    "present",
    "positive",
    "not_negative",
    "max_places",
    "at_most",
    "equals",
    "one_of",
    "is_false",
    "is_zero",
    "within_credit",
]


@record
class FieldRule:
    """How one canonical field is carried over. `direction` is "both", "from <system>" or "off". `once`: set
    when a record is created, and left alone from then on. `emptied`: whether a value that was there and is no
    longer, with no other in its place, is emptied on the other side too, or kept there and told.
    `made_from`: the system whose value a new record is made with, although from then on it only comes back
    the other way."""

    name: str
    direction: str
    conflict: Literal["winner", "newest", "hold"] = "winner"
    drift: Literal["revert", "ignore"] = "revert"
    once: bool = False
    emptied: Literal["pass", "keep"] = "pass"
    made_from: str = ""


@record
class Reference:
    """The canonical `field` holds the value of `by` (a field of `entity`) of a record that must exist on
    `system`. Without `by` it holds a link, and the record is that link's."""

    name: str
    field: str
    entity: str
    system: str
    by: str | None


@record
class Requirement:
    """A record goes through only if `field` (or `reference.field`) meets `rule`. `name` is its key in the
    flow file; `source`: it applies only to records from that system; `hold`: a record that does not meet it
    is held for a person, and not merely skipped; `new`: it is asked only of a record that is about to be
    made."""

    rule: RequirementRule
    field: str
    value: Decimal | str | tuple[str, ...] | None
    message: str
    name: str
    source: str | None = None
    hold: bool = False
    new: bool = False


@record
class Figures:
    """`total`: the field that the lines must add up to on both sides; `rates`: the system whose exchange
    rates apply; `items`: the system that requires a product or service on every line. `penny`: refuse a
    document whose total would differ only because of rounding, or add the difference, at most half a penny
    per line, to the tax of its largest line, if the ledger accepts the tax as sent. `codes`: whose tax code a
    line gets in the ledger, the first that has the line's rate; `tax_codes`: the flow's own."""

    total: str
    rates: str | None
    items: str | None
    penny: Literal["refuse", "tax"] = "tax"
    codes: tuple[Literal["item", "contact", "flow"], ...] = ("item", "contact", "flow")
    tax_codes: tuple[str, ...] = ()


@record
class Lock:
    """A record is changed in `system` only while its `field` there has one of the values in `open`."""

    system: str
    field: str
    open: tuple[str, ...]


@record
class Watch:
    """A record that was made once is watched for `days` after its last change. `fields`: canonical fields
    whose change is told besides those that are always watched. `vanished`: what becomes of one that no longer
    exists when its number is blank again; `ordered`: of a record that carries another one's number."""

    days: int = 180
    fields: tuple[str, ...] = ()
    vanished: Literal["hold", "again"] = "hold"
    ordered: Literal["hold", "create"] = "hold"


@record
class Unique:
    """`system` may take a value of `field` only once. A second record gets what its first filled field of
    `add` holds behind it, in brackets; that addition is ours, and no edit."""

    system: str
    field: str
    add: tuple[str, ...]


@record
class Pricing:
    """How the CRM's figures become the ledger's. `tax_code` is the flow's own, and the fallback for the
    others. `home`: the ledger's own country; customers elsewhere are abroad. `items` reads the ledger's
    records of what is sold, where it is to choose tax code or nominal itself."""

    prices: Literal["net", "gross"]
    tax_code: str | None
    tax_from: Literal["ledger", "flow", "customer", "line"]
    penny: Literal["refuse", "accept"]
    rounding: Literal["half_up", "half_even"] = "half_up"
    total_check: bool = True
    nominal_from: Literal["ledger", "line"] = "line"
    home: str = "GB"
    items: "ObjectMap | None" = None
    by: Literal["document", "tieout", "sage"] = "document"
    """Who says what a line costs: the document itself, Tieout from the ledger's prices, or the ledger."""
    discounts_on: tuple[str, ...] = ("special", "list", "sales")
    """The prices that the customer's and the quantity's discount come off."""
    both_discounts: Literal["hold", "customer", "quantity"] = "hold"

    @property
    def asks_ledger(self) -> bool:
        return self.by != "document" or "ledger" in (self.tax_from, self.nominal_from)


@record
class Credit:
    """The ledger's balances in fields of the CRM's account. `map`: those fields; `lookup`: the accounts have
    no links, and are found by the reference that they hold in the native field `reference`. `foreign`:
    whether the amounts of an account in another currency are written too."""

    crm: str
    ledger: str
    map: "ObjectMap"
    lookup: bool
    reference: str
    foreign: bool = False


class Reader(Protocol):
    def __call__(self, values: Mapping[str, Any], tables: Tables) -> dict[str, Any]: ...


class Writer(Protocol):
    def __call__(
        self, view: Mapping[str, Any], tables: Tables, notes: list[str], creating: bool = False
    ) -> dict[str, Any]: ...


@record
class LineMap:
    """How the lines of a document stand in its native values, at `path`, where they are written at all.

    `paths`: canonical field -> its native names in a line. `kept`: native names that are remembered of what
    was seen. `codes`: names whose value says more than the field does, as several tax codes have one rate.
    `id`: the name of the vendor's own id of a line, "" where it has none that means anything.
    """

    path: str
    paths: Mapping[str, tuple[str, ...]]
    kept: frozenset[str]
    codes: frozenset[str]
    id: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class ObjectMap:
    """How one system reads and writes one entity.

    `read(values, tables)`: native values -> canonical view of every readable field that is present. Raises
    FieldUnreadable. `write(view, tables, notes, creating=False)`: the given canonical fields -> native
    values; `creating` adds constants and defaults. A sentence for everything that was cut is appended to
    `notes`. Raises FieldUnreadable when a value has no native form (a currency that the system does not
    know).
    """

    spec: ObjectSpec
    fields: frozenset[str]
    readable: frozenset[str]
    writable: frozenset[str]
    required: frozenset[str]
    lossy: Mapping[str, str]
    """Field -> how its native form loses something, in words."""
    tables: frozenset[str]
    native_paths: Mapping[str, tuple[str, ...]]
    read: Reader
    write: Writer
    links: tuple[LinkField, ...] = ()
    """Fields that refer to other records."""
    line_tax: str = ""
    """The native field of a line where a rate is written as one of the ledger's tax codes; "" for none."""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Native path -> native value -> canonical one, of the tables where several values have one meaning."""
    line_map: LineMap | None = None
    line_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field of a line -> its native names, of whatever way."""
    negative_lines: bool = True
    """Whether the system takes lines below zero on such a document."""
    source: str = field(default="", repr=False, compare=False)
    """The generated Python, for tests and for anyone who wants to see it."""
    stated: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """All that its rules say: two maps of one entity and system that say the same do the same."""

    def without(self, paths: frozenset[str]) -> "ObjectMap":
        """The same map for an installation that lacks these native fields: what would put a record out of use
        by them cannot be done there."""
        gone = {name for name, own in self.native_paths.items() if not paths.isdisjoint(own)}
        gone |= {name for name in self.writable - self.readable if name in paths}
        archive = {path: value for path, value in self.spec.archive.items() if path not in paths}
        return replace(
            self,
            spec=replace(self.spec, archive=archive),
            fields=self.fields - gone,
            readable=self.readable - gone,
            writable=self.writable - gone,
            required=self.required - gone,
        )

    def norm(self, name: str, value: Any, tables: Tables) -> Any:
        """`value` as this system would show it after a write: read(write(value)). Unchanged if the field
        cannot be both read and written."""
        if name not in self.readable or name not in self.writable:
            return value
        return self.read(self.write({name: value}, tables, []), tables).get(name)


@record
class Joined:
    """A record that both sides have belongs to `source` alone, but while `field` has a value of `open`."""

    source: str
    field: str = ""
    open: tuple[str, ...] = ()


@record
class Numbering:
    """A record that is made in `system` without a code gets one by the mask in the native field `path`."""

    system: str
    field: str
    path: str
    mask: str


@record
class EntityFlow:
    """Everything a flow says about one entity. `fields` holds those that can be carried over at all."""

    entity: str
    direction: str
    create_once: bool
    fields: Mapping[str, FieldRule]
    winner: tuple[str, ...]
    match: tuple[tuple[str, ...], ...]
    deletes: Deletes
    references: tuple[Reference, ...]
    requirements: tuple[Requirement, ...]
    pricing: Pricing | None
    maps: Mapping[str, ObjectMap]
    lookup_only: bool
    taken: Literal["hold", "create"] = "hold"
    """What happens to a match that is already linked to another record: a person decides, or it is
    ignored."""
    figures: Figures | None = None
    lock: Lock | None = None
    watch: Watch | None = None
    """None: what was made is not looked at again."""
    fresh_seconds: int = 10
    """What a record that is made once is made from was read at most so long before."""
    matching: Literal["keys", "company", "person"] = "keys"
    """How a record is looked for on the other side: by `match` as it stands, or as companies or people are
    told apart, by those of the fields that `match` names."""
    unique: Unique | None = None
    joined: Joined | None = None
    numbering: Numbering | None = None
    deletes_by: Mapping[str, Deletes] = field(default_factory=dict)
    """System -> what becomes of the other record once that system's is deleted, where that is not
    `deletes`."""
    delete_days: int = 7
    """How long after a deletion was first seen the other record is deleted for good, where `deletes` says
    "delete"."""
    credit: Credit | None = None
    """None: the credit position of customers does not go to the CRM."""
    turned_from: str | None = None
    """The entity whose records turn into ones of this, in place: such a record is not made on the other side,
    where what it was stands already."""

    def once_deleted(self, system: str) -> Deletes:
        """What becomes of the other record once this system's is deleted."""
        return self.deletes_by.get(system, self.deletes)

    @property
    def off(self) -> bool:
        return self.direction == "off"


@record
class Flow:
    """`version` changes whenever the shipped files, the overrides or the compiler's meaning change."""

    name: str
    crm: str
    sage: str
    version: str
    entities: Mapping[str, EntityFlow]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """What this pair cannot carry -> why, in sentences for people."""
