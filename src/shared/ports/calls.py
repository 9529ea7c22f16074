"""The port that keeps how many calls were made to each vendor."""

from collections.abc import Mapping
from typing import Protocol

from shared.domain.call_budget import Window


class CallCounts(Protocol):
    """`day` is a date in ISO form, UTC. Counts are added up; they go after some weeks. A window is what a
    limit needs to know, kept exactly."""

    def add(self, day: str, calls: Mapping[str, int]) -> None:
        """`calls`: system -> how many more."""
        ...

    def of(self, day: str) -> dict[str, int]: ...

    def window(self, system: str) -> tuple[Window, int]:
        """With the version that `save_window` asks for: 0 where none was saved."""
        ...

    def save_window(self, system: str, window: Window, version: int) -> bool:
        """False, and nothing is stored, when another was saved since `version` was read."""
        ...
