"""The native field names of the records that Tieout knows, as Sage publishes them, flattened: which of them
can be written, and how long they may be.

A reference `x` is named `x_id`; fields of an embedded address or person are `main_address/city`. `virtual`
names are ours: the connector adds them, and can write some of them.
"""

from collections.abc import Mapping
from dataclasses import field

from shared.domain.record import record


@record
class Kind:
    """One resource: its path, the wrapper of its bodies, its names. `writable` is name -> greatest length,
    None: unknown."""

    object: str
    wrapper: str
    label: str
    writable: Mapping[str, int | None]
    readable: tuple[str, ...]
    references: tuple[str, ...]
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    virtual: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    """Stamps that all other kinds have."""
    required: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every native name of a snapshot."""
        return frozenset((*self.writable, *self.readable, *self.virtual, *_STAMPS)) - self.lacks


_STAMPS = ("id", "displayed_as", "created_at", "updated_at", "deleted_at")
ADDRESS: Mapping[str, int | None] = {
    "address_line_1": 50,
    "address_line_2": 50,
    "city": 50,
    "region": 50,
    "postal_code": 10,
    "country_id": None,
    "country_group_id": None,
}


def under(prefix: str, names: Mapping[str, int | None]) -> dict[str, int | None]:
    return {f"{prefix}/{name}": length for name, length in names.items()}
