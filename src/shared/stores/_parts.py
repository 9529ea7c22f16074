"""A part of a sweep without some of its ids."""

from collections.abc import Collection, Mapping
from typing import Any


def part_without(part: Mapping[str, Any], ids: Collection[str]) -> dict[str, Any]:
    """The same where it names none of them."""
    return {
        name: [one for one in found if one not in ids] if isinstance(found, list) else found
        for name, found in part.items()
    }
