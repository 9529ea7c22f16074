"""How one system reads and writes one entity: what its rule file becomes, compiled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from shared.domain.record import record
from shared.mapping.links import LinkField
from shared.ports import ObjectSpec

Tables = Mapping[str, Mapping[str, str]]
"""Reference tables by name: `currencies` is the system's currency id -> ISO code (see `reference_tables.py`).
"""


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
    rate_paths: frozenset[str] = frozenset()
    """Native fields of the record itself where a rate is written as one of the ledger's tax codes."""
    line_map: LineMap | None = None
    line_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field of a line -> its native names, of whatever way."""
    negative_lines: bool = True
    """Whether the system takes lines below zero on such a document."""
    source: str = field(default="", repr=False, compare=False)
    """The generated Python, for tests and for anyone who wants to see it."""
    narrow: Callable[[frozenset[str]], Reader] | None = field(default=None, repr=False, compare=False)
    """Compiles a reader of these fields alone (`narrow.py`)."""
    harmless: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Fields whose writing stops no record that can do without them (`narrow.py`)."""
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
