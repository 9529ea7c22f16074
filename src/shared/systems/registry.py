"""Reads the manifests: which systems there are, and what each says of itself.

A manifest is loaded when its system is first asked for, so that a webhook of one vendor pays for no other.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TypeVar

from shared.systems import SYSTEMS
from shared.systems._manifest import Manifest

Value = TypeVar("Value")


def manifest(system: str) -> Manifest:
    """Raises KeyError for a system that `SYSTEMS` does not name. The name may come from a stranger: nothing
    else is ever imported."""
    if system not in SYSTEMS:
        raise KeyError(system)
    found: Manifest = import_module(f"shared.systems.{system}.manifest").MANIFEST
    return found


class FromManifests(Mapping[str, Value]):
    """system -> what `read` takes from its manifest, without the systems for which that is None."""

    def __init__(self, read: Callable[[Manifest], Value | None]) -> None:
        self._read = read

    def __getitem__(self, system: str) -> Value:
        value = self._read(manifest(system))
        if value is None:
            raise KeyError(system)
        return value

    def __iter__(self) -> Iterator[str]:
        return (system for system in SYSTEMS if self._read(manifest(system)) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
