"""Values in and out: what a write is taken as, and how a row is shown."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sage_sales_management.tables import COMMON, Field, Resource

Row = dict[str, Any]
NEVER = datetime(1899, 12, 30, tzinfo=UTC)


def stamp(at: datetime | None) -> str | None:
    """`2021-11-25T12:30:31.18Z`."""
    # known: document - times are UTC with up to three decimals, zeros at the end dropped
    if at is None:
        return None
    decimals = f"{at.microsecond // 1000:03d}".rstrip("0")
    return f"{at:%Y-%m-%dT%H:%M:%S}{'.' + decimals if decimals else ''}Z" if at.year >= 1000 else None


def moment(text: Any) -> datetime:
    """`2018-10-10 00:00:00`, `2021-12-01`, or ISO with Z."""
    # known: document - the forms in which a date is written
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise Refused(901, f"'{text}' is not a date") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def accepted(resource: Resource, body: Any, options: SalesOptions) -> Row:
    """What a write sets. Fields that only the vendor sets are ignored, as those are that do not exist."""
    if not isinstance(body, dict):
        raise Refused(901, "the body is not an object")
    row: Row = {}
    for name, value in body.items():
        found = resource.fields.get(name)
        if found is None:
            # known: document - id, deleted and the dates are read-only; a client repeats the id without harm
            if options.refuse_unknown and name not in COMMON:
                raise Refused(901, f"{name} does not exist")
            continue
        row[name] = _taken(resource, found, value, options)
    return row


def _taken(resource: Resource, found: Field, value: Any, options: SalesOptions) -> Any:
    if value is None:
        return None
    taken = _TAKES[found.kind](found, value, options)
    limit = found.length
    if found.name == "extId" and not (options.short_ext_ids or resource.name == "products"):
        limit = None
    if limit is not None and isinstance(taken, str) and len(taken) > limit:
        # known: document - maxLength of the schema; that a longer text is refused is guessed
        raise Refused(901, f"{found.name} is longer than {limit} characters")
    if found.name == "quantity" and options.whole_quantities and taken != int(taken):
        raise Refused(901, "quantity is not an integer")
    return taken


def _text(found: Field, value: Any, options: SalesOptions) -> str:
    if not isinstance(value, str):
        raise Refused(901, f"{found.name} is not a text")
    return value


def _number(found: Field, value: Any, options: SalesOptions) -> Decimal:
    if isinstance(value, (bool, str)):
        raise Refused(901, f"{found.name} is not a number")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise Refused(901, f"{found.name} is not a number") from None


def _whole(found: Field, value: Any, options: SalesOptions) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(901, f"{found.name} is not an integer")
    return value


def _bool(found: Field, value: Any, options: SalesOptions) -> bool:
    if not isinstance(value, bool):
        raise Refused(901, f"{found.name} is not true or false")
    return value


def _moment(found: Field, value: Any, options: SalesOptions) -> datetime:
    return moment(value)


def _ref(found: Field, value: Any, options: SalesOptions) -> int | None:
    # known: document - a reference is written as a bare integer; known: seen - 0 as a reference means none
    if isinstance(value, dict) and not options.bare_references:
        value = value.get("id")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(901, f"{found.name} is not an id")
    return value or None


_TAKES: dict[str, Callable[[Field, Any, SalesOptions], Any]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "bool": _bool,
    "moment": _moment,
    "ref": _ref,
}


def shown(resource: Resource, row: Row, title: Callable[[str, int], str | None]) -> Row:
    """A row as the API shows it. `title(resource, id)`: what people call a record."""
    # known: document - references are read as id and value; users have description, and -1 for none
    made: Row = {}
    for name in COMMON:
        value = row.get(name)
        made[name] = stamp(value) if isinstance(value, datetime) else value
    for name, found in resource.fields.items():
        value = row.get(name)
        if found.kind == "ref":
            value = _reference(resource, found, value, title)
        elif isinstance(value, datetime):
            value = stamp(value)
        made[resource.shown_name(name)] = plain(value)
    if resource.name == "sales":
        # known: document - `deleted` of a sale is a number
        made["deleted"] = int(made["deleted"])
    return dict(sorted(made.items()))


def _reference(resource: Resource, found: Field, value: Any, title: Callable[[str, int], str | None]) -> Any:
    if resource.name == "users":
        return (
            {"description": title(found.table, value), "id": value}
            if value
            else {"description": None, "id": -1}
        )
    return {"id": value, "value": title(found.table, value)} if value else None


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
