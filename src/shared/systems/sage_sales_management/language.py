"""The filter language, as far as it is documented or seen: `=`, `>`, `LIKE`, `AND`, `OR`, quoted texts and
dates. Pure.

How a quote is written inside a text is not documented, so none is ever sent: such a text is searched with
LIKE and a
wildcard in its place, and what comes back is compared here.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

_LONGEST = 1500
_UNSAFE = frozenset("'\"\\%_[]\n\r\t")


def equals(field: str, value: str) -> str:
    """Finds all records whose field has this text, and perhaps others."""
    if not _UNSAFE & set(value):
        return f"{field}='{value}'"
    plain = "".join("%" if sign in _UNSAFE else sign for sign in value)
    return f"{field} LIKE '{plain}'"


def is_id(field: str, record_id: str) -> str:
    return f"{field}={record_id}"


def any_of(conditions: Sequence[str]) -> Iterator[str]:
    """One or more filters that together find what any of the conditions finds."""
    part: list[str] = []
    for condition in conditions:
        if part and sum(len(one) + 4 for one in part) + len(condition) > _LONGEST:
            yield f"({' OR '.join(part)})"
            part = []
        part.append(condition)
    if part:
        yield f"({' OR '.join(part)})"


def changed_since(moment: str, anchor: str = "") -> str:
    """Created, updated or deleted after `moment`: a record that was never updated has no dateUpdated, and a
    deletion
    leaves it alone. `anchor`: a record that is named in any case."""
    tests = [f"{field}>'{moment}'" for field in ("dateCreated", "dateUpdated", "dateDeleted")]
    return f"({' OR '.join([*tests, *([is_id('id', anchor)] if anchor else [])])})"


def second(at: datetime) -> str:
    """Whole seconds, the only form in which dates were seen in filters."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
