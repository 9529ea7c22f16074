"""How v11 writes and reads the values of a record: money as text with six decimals, ISO 8601 times with an
offset."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from local.vendors.sugarcrm.amounts import plain_number
from local.vendors.sugarcrm.clock import STORED
from local.vendors.sugarcrm.database import Row
from local.vendors.sugarcrm.schema import NUMERIC, READ_ONLY, Field, Module
from local.vendors.sugarcrm.v11_call import invalid

_SIX = Decimal("0.000001")
_WHOLE = re.compile(r"\s*[+-]?\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")


def shown(module: Module, row: Row, names: list[str], offset_minutes: int) -> dict[str, Any]:
    """A record as the API shows it; `id`, `date_modified` and the bookkeeping fields are always included."""
    record = {name: _shown(module.fields[name], row.get(name), offset_minutes) for name in names}
    if module.name in ("Accounts", "Contacts") and "email" in names:
        record["email"] = _emails(row.get("email1"))
    return {
        **record,
        "_acl": {"fields": {}},
        "_module": module.name,
        "my_favorite": False,
        "locked_fields": [],
    }


def _shown(field: Field, value: Any, offset_minutes: int) -> Any:
    if field.type == "bool":
        return bool(value)
    if value is None:
        return (
            None
            if field.column is None or field.type in ("date", "datetime") or field.type in NUMERIC
            else _blank(field)
        )
    if field.type == "int":
        return int(value)
    if field.type in NUMERIC:
        return str(Decimal(plain_number(value)).quantize(_SIX))
    return _zoned(value, offset_minutes) if field.type == "datetime" and value else value


def _blank(field: Field) -> str | None:
    """A custom field that was never filled in is null, so that the two kinds of blank stay distinct; others
    are ''."""
    return None if field.custom else ""


def _zoned(stored: str, offset_minutes: int) -> str:
    zone = timezone(timedelta(minutes=offset_minutes))
    return datetime.strptime(stored, STORED).replace(tzinfo=UTC).astimezone(zone).isoformat()


def _emails(address: Any) -> list[dict[str, Any]]:
    return (
        [{"email_address": address, "primary_address": True, "opt_out": False, "invalid_email": False}]
        if address
        else []
    )


def stored(field: Field, value: Any) -> Any:
    """What a client sent for a field, ready for the table: over-long text and text in a whole number are cut
    in silence, and an unknown choice is kept (seen live, Sugar 25.2). Raises RestError 422 for amounts and
    times."""
    if value is None:
        return None
    if field.type == "bool":
        return int(value in (True, 1, "1", "true"))
    if field.type == "int" and isinstance(value, str):
        found = _WHOLE.match(value)
        return int(found[0]) if found else None if not value.strip() else 0
    if field.type in NUMERIC:
        return _number(field, value)
    if field.type in ("date", "datetime"):
        return compared(field, value) if value else None
    return str(value)[: field.length or None]


def sent_values(module: Module, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The known, writable fields; others are ignored. The primary address of `email` becomes `email1`."""
    values = {
        name: stored(module.fields[name], value)
        for name, value in sent.items()
        if name in module.fields and name not in READ_ONLY and name not in ("id", "email", "deleted")
    }
    primary = next(
        (
            item.get("email_address")
            for item in sent.get("email") or []
            if isinstance(item, Mapping) and str(item.get("primary_address")).lower() in ("true", "1")
        ),
        None,
    )
    return {**values, "email1": primary} if primary and "email1" in module.fields else values


def compared(field: Field, value: Any) -> Any:
    """A value in a filter as the table holds it: times in UTC. Raises RestError 422."""
    if field.type == "datetime" and value:
        return _moment(field, str(value))
    if field.type == "date" and value:
        return _day(field, str(value))
    if field.type in NUMERIC and value not in ("", None) and not isinstance(value, bool):
        return _number(field, value)
    return int(value) if isinstance(value, bool) else "" if value is None else value


def _number(field: Field, value: Any) -> float | int | None:
    if value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"The value of {field.name} is not a number: {value!r}.") from None
    if not number.is_finite():
        raise invalid(f"The value of {field.name} is not a finite number.")
    return int(number) if NUMERIC[field.type] == "INTEGER" else float(number)


def _moment(field: Field, text: str) -> str:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"The value of {field.name} is not an ISO 8601 time: {text!r}.") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC).strftime(STORED)


def _day(field: Field, text: str) -> str:
    try:
        if not _DATE.match(text):
            return datetime.fromisoformat(text).date().isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise invalid(f"The value of {field.name} is not a date like 2026-01-31: {text!r}.") from None
