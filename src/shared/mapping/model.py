"""What rule files become: plain facts, and one compiled reader and writer per system and entity.

Nothing here knows TOML. A `Flow` is immutable and safe to share between threads and invocations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, Protocol

from shared.mapping.links import LinkField
from shared.ports import ObjectSpec

Tables = Mapping[str, Mapping[str, str]]
"""Reference tables by name: `currencies` is the system's currency id -> ISO code (see `reference_tables.py`).
"""

RequirementRule = Literal[
    "present", "positive", "not_negative", "max_places", "at_most", "equals", "one_of", "is_false", "is_zero"
]


@dataclass(frozen=True)
class FieldRule:
    """How one canonical field travels. `direction` is "both", "from <system>" or "off". `once`: given to a
    record when it is made, and left alone from then on."""

    name: str
    direction: str
    conflict: Literal["winner", "newest", "hold"] = "winner"
    drift: Literal["revert", "ignore"] = "revert"
    once: bool = False


@dataclass(frozen=True)
class Reference:
    """The canonical `field` holds the value of `by` (a field of `entity`) of a record that must exist on
    `system`. Without `by` it holds a link, and the record is that link's."""

    name: str
    field: str
    entity: str
    system: str
    by: str | None


@dataclass(frozen=True)
class Requirement:
    """A record goes through only if `field` (or `reference.field`) keeps `rule`. `name` is its key in the
    flow file; `source`: asked only of what goes out from that system; `hold`: what does not keep it is for a
    person to decide, and not merely skipped."""

    rule: RequirementRule
    field: str
    value: Decimal | str | tuple[str, ...] | None
    message: str
    name: str
    source: str | None = None
    hold: bool = False


@dataclass(frozen=True)
class Figures:
    """`total`: the field that the lines must add up to on both sides; `rates`: the system whose exchange
    rates count; `items`: the system that takes no line without a product or service. `penny`: refuse a
    document whose total would differ for rounding alone, or lay the difference, at most half a penny a line,
    on the tax of its largest line, where the ledger takes that as it is sent."""

    total: str
    rates: str | None
    items: str | None
    penny: Literal["refuse", "tax"] = "tax"


@dataclass(frozen=True)
class Lock:
    """Nothing of a record is patched on `system` while its `field` there is none of `open`."""

    system: str
    field: str
    open: tuple[str, ...]


@dataclass(frozen=True)
class Pricing:
    """How the CRM's figures become the ledger's. `tax_code` is the flow's own, and the fallback of the other
    two."""

    prices: Literal["net", "gross"]
    tax_code: str | None
    tax_from: Literal["flow", "customer", "line"]
    penny: Literal["refuse", "accept"]
    rounding: Literal["half_up", "half_even"] = "half_up"
    total_check: bool = True


class Reader(Protocol):
    def __call__(self, values: Mapping[str, Any], tables: Tables) -> dict[str, Any]: ...


class Writer(Protocol):
    def __call__(
        self, view: Mapping[str, Any], tables: Tables, notes: list[str], creating: bool = False
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, eq=False)
class ObjectMap:
    """One system's spelling of one entity.

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
    negative_lines: bool = True
    """Whether the system takes lines below zero on such a document."""
    source: str = field(default="", repr=False, compare=False)
    """The generated Python, for tests and for the curious."""

    def without(self, paths: frozenset[str]) -> "ObjectMap":
        """The same map for an installation that lacks these native fields."""
        gone = {name for name, own in self.native_paths.items() if not paths.isdisjoint(own)}
        gone |= {name for name in self.writable - self.readable if name in paths}
        return replace(
            self,
            fields=self.fields - gone,
            readable=self.readable - gone,
            writable=self.writable - gone,
            required=self.required - gone,
        )

    def norm(self, name: str, value: Any, tables: Tables) -> Any:
        """`value` as this system would show it after a write: read(write(value)). Unchanged where it can't be
        both."""
        if name not in self.readable or name not in self.writable:
            return value
        return self.read(self.write({name: value}, tables, []), tables).get(name)


@dataclass(frozen=True)
class EntityFlow:
    """Everything a flow says of one entity. `fields` holds those that can travel at all."""

    entity: str
    direction: str
    create_once: bool
    fields: Mapping[str, FieldRule]
    winner: tuple[str, ...]
    match: tuple[tuple[str, ...], ...]
    deletes: Literal["keep", "archive", "hold"]
    references: tuple[Reference, ...]
    requirements: tuple[Requirement, ...]
    pricing: Pricing | None
    maps: Mapping[str, ObjectMap]
    lookup_only: bool
    taken: Literal["hold", "create"] = "hold"
    """What a match is worth whose record is linked to another one already: a person's decision, or nothing.
    """
    figures: Figures | None = None
    lock: Lock | None = None

    @property
    def off(self) -> bool:
        return self.direction == "off"


@dataclass(frozen=True)
class Flow:
    """`version` changes whenever the shipped files, the overrides or the compiler's meaning change."""

    name: str
    crm: str
    sage: str
    version: str
    entities: Mapping[str, EntityFlow]
