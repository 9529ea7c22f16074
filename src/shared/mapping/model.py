"""What rule files become: plain facts, and one compiled reader and writer per system and entity.

Nothing here knows TOML. A `Flow` is immutable and safe to share between threads and invocations.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from shared.domain.record import record
from shared.mapping.maps import ObjectMap
from shared.mapping.rules import (
    Credit,
    Deletes,
    FieldRule,
    Figures,
    Joined,
    Lock,
    Numbering,
    Pricing,
    Reference,
    Requirement,
    Unique,
    Watch,
)


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
