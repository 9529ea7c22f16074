"""A person's name in one field or in two.

One field is the canonical form, so splitting a name never changes it: first and last name joined always give
the whole name again. The split point is kept as the record has it for as long as either half still fits.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.mapping.numbers import Convert, Spot
from shared.mapping.texts import plain


def name_reader(spot: Spot) -> Convert:
    def read(values: Iterable[Any]) -> str | None:
        words = [word for value in values for word in (plain(value, spot) or "").split()]
        return " ".join(words) or None

    return read


def name_writer(spot: Spot, paths: tuple[str, ...]) -> Convert:
    first_path, last_path = paths

    def write(value: Any, now: Mapping[str, Any]) -> list[str]:
        if value is None:
            return ["", ""]
        words = value.split()
        first, last = _words(now.get(first_path)), _words(now.get(last_path))
        if first and words[: len(first)] == first and len(words) > len(first):
            at = len(first)
        elif last and words[-len(last) :] == last:
            at = len(words) - len(last)
        else:
            at = len(words) - 1
        return [" ".join(words[:at]), " ".join(words[at:])]

    return write


def _words(value: Any) -> list[str]:
    return str(value or "").split()
