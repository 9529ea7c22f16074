"""JSON forms of the stored facts, with Decimal, date and datetime kept exactly.

`dumps(loads(x)) == x` for every value Tieout stores. Rows written by older releases are upgraded in
`upgrade`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from shared.domain.answer import Answer, LeftOut
from shared.domain.link import SCHEMA, Base, ChangeEvent, Intent, Lease, Link, LogRow, Outcome, Side

_TAG = "$"
_AS_IT_IS = frozenset({str, bool, int, type(None)})


def dumps(value: Any) -> str:
    """Compact JSON with tagged Decimal, date and datetime."""
    return _ENCODE(_plain(value))


def loads(text: str | bytes) -> Any:
    if isinstance(text, str):
        return _DECODE(text)
    return json.loads(text, object_hook=_untag)


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    return value if kind in _AS_IT_IS else _form(kind)(value)


@cache
def _form(kind: type[Any]) -> Callable[[Any], Any]:
    """What makes a value of this type plain, found once for each."""
    for base, form in _FORMS:
        if issubclass(kind, base):
            return form
    if is_dataclass(kind):
        names = tuple(one.name for one in fields(kind))
        if kind is LogRow:
            return _log_row(names)
        return lambda value: {name: _plain(getattr(value, name)) for name in names}
    raise TypeError(f"cannot store a {kind.__name__}")


def _log_row(names: tuple[str, ...]) -> Callable[[LogRow], dict[str, Any]]:
    """Without a number that says nothing: rows are written by the million, and most have none."""
    usual = tuple(name for name in names if name != "number")
    return lambda row: {name: _plain(getattr(row, name)) for name in (names if row.number else usual)}


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if _TAG in value:  # a vendor's own key that looks like one of our tags
        return {_TAG: "o", "v": [[key, _plain(item)] for key, item in value.items()]}
    return {key: item if type(item) in _AS_IT_IS else _plain(item) for key, item in value.items()}


_FORMS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((str, bool, int), lambda value: value),
    (Mapping, _mapping),
    ((list, tuple), lambda value: [_plain(item) for item in value]),
    (Decimal, lambda value: {_TAG: "d", "v": str(value)}),
    (datetime, lambda value: {_TAG: "t", "v": value.astimezone(UTC).isoformat()}),
    (date, lambda value: {_TAG: "a", "v": value.isoformat()}),
)


def _untag(item: dict[str, Any]) -> Any:
    tag = item.get(_TAG)
    if tag == "o":
        return dict(item["v"])
    if tag == "d":
        return Decimal(item["v"])
    if tag == "t":
        return datetime.fromisoformat(item["v"])
    if tag == "a":
        return date.fromisoformat(item["v"])
    return item


# Made once: the functions of `json` make a new one at every call that is not of the plainest form.
_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_DECODE = json.JSONDecoder(object_hook=_untag).decode


def outcome(data: dict[str, Any]) -> Outcome:
    waits = data.get("waits_for")
    return Outcome(
        **{**data, "notes": tuple(data.get("notes", ())), "waits_for": tuple(waits) if waits else None}
    )


def link(data: dict[str, Any]) -> Link:
    data = upgrade(data)
    return Link(
        **{
            **data,
            "base": {name: Base(**item) for name, item in data["base"].items()},
            "sides": {name: _side(item) for name, item in data["sides"].items()},
            "outcome": outcome(data["outcome"]) if data["outcome"] else None,
            "writes": {name: tuple(times) for name, times in data["writes"].items()},
            "lines": tuple(data.get("lines", ())),
            "row": log_row(data["row"]) if data.get("row") else None,
            "left_out": LeftOut(**data["left_out"]) if data.get("left_out") else None,
        }
    )


def _side(data: dict[str, Any]) -> Side:
    return Side(**{**data, "lines": tuple(data.get("lines", ()))})


def lease(data: dict[str, Any]) -> Lease:
    return Lease(**{**data, "intent": Intent(**data["intent"]) if data.get("intent") else None})


def event(data: dict[str, Any]) -> ChangeEvent:
    data = upgrade(data)
    return ChangeEvent(**{**data, "answer": Answer(**data["answer"]) if data.get("answer") else None})


def event_in(text: str) -> ChangeEvent:
    """The event of a message. Raises ValueError for everything that no function of ours sends, however it
    is made: a queue takes what anybody puts there."""
    try:
        found = event(loads(text))
    except Exception as fault:  # too deep, too many digits, another shape, another release
        raise ValueError(str(fault) or type(fault).__name__) from fault
    named = (found.integration, *found.subject, found.cause, found.run_id)
    if not all(isinstance(one, str) for one in named) or not isinstance(found.first_seen_at, datetime):
        raise ValueError("an event names its integration, record, cause and run in words, and has a time")
    if not isinstance(found.attempt, int) or not isinstance(found.snapshot, (Mapping, type(None))):
        raise ValueError("an event counts its attempts, and holds a record or none")
    return found


def log_row(data: dict[str, Any]) -> LogRow:
    return LogRow(
        **{
            **data,
            "outcome": outcome(data["outcome"]),
            "records": {name: tuple(item) for name, item in data["records"].items()},
            "changes": tuple(data["changes"]),
        }
    )


def upgrade(data: dict[str, Any]) -> dict[str, Any]:
    """Bring a stored row to the present schema; a row from a newer release is refused, never guessed at."""
    found = data.get("schema", SCHEMA)
    if found > SCHEMA:
        raise ValueError(
            f"stored with schema {found}; this release reads up to {SCHEMA}: deploy the newer release"
        )
    return {**data, "schema": SCHEMA}
