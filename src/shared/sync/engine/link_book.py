"""What a batch knows of links: native id to link, and back."""

from collections.abc import Iterable, Mapping
from typing import Any


class LinkBook:
    """What this batch knows of links: `native` is (system, entity) -> native id -> link, `ids` the way
    back."""

    __slots__ = ("asked", "ids", "labels", "loaded", "native", "seen")

    def __init__(self) -> None:
        self.native: dict[tuple[str, str], dict[str, str]] = {}
        self.ids: dict[tuple[str, str], dict[str, str]] = {}
        self.asked: set[tuple[str, str, str]] = set()
        self.loaded: set[str] = set()
        self.seen: dict[tuple[str, str], Mapping[str, Any]] = {}
        """(system, link) -> the native values last seen of that record."""
        self.labels: dict[str, str] = {}
        """Link -> what people call its record."""

    def tables(self, system: str, entities: Iterable[str]) -> dict[str, Mapping[str, str]]:
        made: dict[str, Mapping[str, str]] = {}
        for entity in entities:
            made[f"link.{entity}"] = self.native.setdefault((system, entity), {})
            made[f"native.{entity}"] = self.ids.setdefault((system, entity), {})
        return made

    def forget(self) -> None:
        """What was not found is asked again."""
        self.asked.clear()
        self.loaded.clear()
