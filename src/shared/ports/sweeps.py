"""Where a sweep keeps what it has seen of a list that is too long for one invocation."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class SweepParts(Protocol):
    """Parts outlast the sweep by some days and then vanish by themselves."""

    def put(self, system: str, entity: str, part: Mapping[str, Any]) -> str:
        """The part's name. The same part put twice has one name."""
        ...

    def get(self, names: Sequence[str]) -> list[dict[str, Any]] | None:
        """The parts in this order; None when one of them has vanished."""
        ...
