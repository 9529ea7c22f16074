"""Where a sweep keeps what it has seen of a list that is too long for one invocation."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol


class SweepParts(Protocol):
    """Parts outlast the sweep by some days and then vanish by themselves."""

    def put(self, system: str, entity: str, part: Mapping[str, Any]) -> str:
        """The part's name. The same part put twice has one name."""
        ...

    def get(self, names: Sequence[str]) -> list[dict[str, Any]] | None:
        """The parts in this order; None when one of them has vanished."""
        ...

    def erase(self, system: str, entity: str, ids: Collection[str], change: bool) -> int:
        """How many parts of this list name one of these ids; they keep all others and their own names, if
        `change`. For `erase` only: it reads all of them."""
        ...
