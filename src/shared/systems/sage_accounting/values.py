"""Sage's JSON to flat native values and back.

Promises that a snapshot holds every name of its kind, that null and "" are both "", that numbers are text
digit for digit, and that amounts are sent as text, as Sage advises.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.domain.wording import article
from shared.errors import RecordRejected
from shared.ports import Values
from shared.systems.sage_accounting.fields import Kind


def plain(value: Any) -> Any:
    """A scalar as a snapshot shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    return text(value)


def text(value: Any) -> str:
    """A number or text, digit for digit; "" for nothing."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def reference(value: Any) -> str:
    """The id of a reference, which is an object, or null."""
    return str(value.get("id") or "") if isinstance(value, Mapping) else ""


def flat(kind: Kind, body: Mapping[str, Any]) -> Values:
    """All names of the kind, taken from one record's JSON."""
    found: Values = dict.fromkeys(kind.names, "")
    for name, value in body.items():
        if name in kind.nested and isinstance(value, Mapping):
            found |= {f"{name}/{inner}": one for inner, one in _inner(value).items()}
        elif name in kind.references:
            found[f"{name}_id"] = reference(value)
        elif name in found and not isinstance(value, (Mapping, list)):
            found[name] = plain(value)
    return {name: value for name, value in found.items() if name in kind.names}


def _inner(value: Mapping[str, Any]) -> Values:
    return {
        (f"{name}_id" if isinstance(one, Mapping) else name): reference(one)
        if isinstance(one, Mapping)
        else plain(one)
        for name, one in value.items()
        if not isinstance(one, list)
    }


def expanded(value: Any) -> bool:
    """Whether an embedded record came with its fields, not as a mere reference."""
    return value is None or (
        isinstance(value, Mapping) and bool({"city", "email", "updated_at"} & value.keys())
    )


def sent(value: Any, name: str = "") -> Any:
    """A native value in the form for a body. A blank clears a field: references are sent as null, texts as an
    empty text."""
    if value is None or value == "":
        return None if name.endswith("_id") else ""
    return value if isinstance(value, int) else plain(value)


def blank(value: Any) -> bool:
    return value is None or value == ""


def writable(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to write, without our virtual ones. Raises RecordRejected for a name or a text that Sage
    would not accept."""
    given = {name: value for name, value in values.items() if name not in kind.virtual}
    refused = [name for name in given if name not in kind.writable]
    faults = [f"{name} of {article(kind.label)} cannot be set through Sage's interface" for name in refused]
    long = [name for name, value in given.items() if _too_long(kind, name, value)]
    faults += [
        f"{name} takes at most {kind.writable[name]} characters, and “{given[name]}” has {len(given[name])}"
        for name in long
    ]
    if faults:
        raise RecordRejected(faults, [*refused, *long])
    return given


def _too_long(kind: Kind, name: str, value: Any) -> bool:
    longest = kind.writable.get(name)
    return longest is not None and isinstance(value, str) and len(value) > longest


def top(kind: Kind, given: Mapping[str, Any], leave: tuple[str, ...] = ()) -> dict[str, Any]:
    """The part of a body that is not embedded."""
    return {name: sent(value, name) for name, value in given.items() if "/" not in name and name not in leave}


def under(prefix: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an embedded record: names without their prefix."""
    start = f"{prefix}/"
    return {
        name.removeprefix(start): sent(value, name) for name, value in given.items() if name.startswith(start)
    }


def number(value: Any) -> Decimal | None:
    """None for a blank, and for anything that is not a number."""
    try:
        return None if blank(value) else Decimal(str(value))
    except InvalidOperation:
        return None
