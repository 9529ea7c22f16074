"""Which of several native values a side had before one of ours took its place.

Where a rule file gives several values one meaning ("Approved" and "Sent" are both issued), writing that
meaning would always give the first of them. So when a write replaces another one, it is remembered with the
link, and comes back when its meaning does: an invoice that was "Sent" before it was paid is "Sent" again when
the payment is deleted. What a person chose meanwhile was replaced last, and wins.
"""

from collections.abc import Mapping
from typing import Any

Choices = Mapping[str, Mapping[str, str]]
"""Native path -> native value -> meaning, of the fields where several values have one meaning."""
Earlier = Mapping[str, Mapping[str, str]]
"""Native path -> meaning -> the native value that stood for it."""


def with_earlier(values: dict[str, Any], earlier: Earlier | None, choices: Choices) -> dict[str, Any]:
    """The native values to write, with what the side itself called the same thing."""
    kept = {
        path: before
        for path, value in values.items()
        if path in choices and (before := _kept(path, value, earlier or {}, choices[path])) is not None
    }
    return {**values, **kept} if kept else values


def remembered(
    earlier: Earlier | None, seen: Mapping[str, Any], values: Mapping[str, Any], choices: Choices
) -> Earlier | None:
    """What to remember once `values` replace `seen`; only what is not the first of its meaning anyway."""
    found = {path: dict(one) for path, one in (earlier or {}).items()}
    for path in values.keys() & choices.keys():
        meanings, before = choices[path], seen.get(path)
        meaning = meanings.get(str(before))
        if meaning is None or meaning == meanings.get(str(values[path])):
            continue
        own = found.setdefault(path, {})
        if before == _first(meaning, meanings):
            own.pop(meaning, None)
        else:
            own[meaning] = str(before)
    return {path: one for path, one in found.items() if one} or None


def _kept(path: str, value: Any, earlier: Earlier, meanings: Mapping[str, str]) -> str | None:
    """None where nothing is remembered, or where the rules have given it another meaning since."""
    meaning = meanings.get(str(value))
    before = earlier.get(path, {}).get(meaning or "")
    return before if before is not None and meanings.get(before) == meaning else None


def _first(meaning: str, meanings: Mapping[str, str]) -> str:
    return next(native for native, one in meanings.items() if one == meaning)
