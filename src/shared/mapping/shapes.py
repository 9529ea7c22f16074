"""What a value in a TOML file should be, in words: instead of what pydantic says of its own types."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

_WANTED = {
    "string": "write a text, in quotes",
    "int": "write a whole number, without quotes",
    "float": "write a number, without quotes",
    "decimal": "write a number, without quotes",
    "bool": "write true or false, without quotes",
    "dict": "write a table here",
    "model": "write a table here",
    "list": 'write a list, such as ["a", "b"]',
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least {}"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "at most {}"),
    "less_than": ("lt", "less than {}"),
}


def expected(kind: str, context: Mapping[str, Any], message: str) -> str:
    """What a fault of this kind wants, given pydantic's context of it. What is not known here is its
    message."""
    if kind == "literal_error":
        return "allowed: " + str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    if kind in _LIMITS:
        key, said = _LIMITS[kind]
        return f"it has to be {said.format(context.get(key))}"
    if kind in ("string_too_short", "too_short"):
        return "it must not be empty" if context.get("min_length") == 1 else "it has too few items"
    for name, said in _WANTED.items():
        if kind.startswith(name) and kind not in ("string_pattern_mismatch", "string_too_long"):
            return said
    return message[:1].lower() + message[1:]


def choices(context: Mapping[str, Any]) -> list[str]:
    """The values that a choice has."""
    return [part.strip().strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(",")]


def near(value: Any, names: Iterable[str]) -> str:
    """'; did you mean "a"?', or nothing."""
    found = difflib.get_close_matches(str(value), sorted(names), 1, 0.6)
    return f'; did you mean "{found[0]}"?' if found else ""


def ended(text: str) -> str:
    """With the full stop of a sentence that is no question."""
    return text if text.endswith("?") else f"{text}."


def plain(value: Any) -> str:
    """A value as it stands in the file: no Python."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "[" + ", ".join(f'"{one}"' if isinstance(one, str) else plain(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)
