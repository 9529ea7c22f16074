"""Numbers, dates and times as they are sent and received."""

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


def number(value: Any) -> Decimal:
    """JSON numbers and numeric text. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal, float)):
        raise ValueError("not a number")
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not found.is_finite():
        raise ValueError("not a number")
    return found


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def decimal_text(value: Decimal) -> str:
    """At least one decimal place, no further zeros: 30.0, 321.25."""
    text = format(value if value else Decimal(0), "f")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}"


def day(value: Any) -> str:
    """A date as YYYY-MM-DD. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("not a date")
    return date.fromisoformat(value[:10]).isoformat()


def moment(value: str) -> str:
    """A filter's date or date-time as a stamp in UTC. Raises ValueError."""
    if not _MOMENT.fullmatch(value):
        raise ValueError("not a moment")
    found = datetime.fromisoformat(value)
    found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def flag(value: Any) -> bool:
    """Raises ValueError for anything but true and false."""
    known = {True: True, False: False, "true": True, "false": False}
    if not isinstance(value, (bool, str)) or value not in known:
        raise ValueError("not true or false")
    return known[value]
