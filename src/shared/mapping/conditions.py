"""Poll conditions applied to values already read, as the vendor would apply them."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.ports import Condition


def unmet_condition(where: tuple[Condition, ...], values: Mapping[str, Any]) -> Condition | None:
    """The first condition that these native values do not meet; None when all are met. An absent value is
    blank."""
    for condition in where:
        found = values.get(condition.field)
        if found.__class__ is str and found == condition.value and condition.op == "equals":
            continue  # the usual record, told at once
        if not _TESTS[condition.op](_text(found), condition.value):
            return condition
    return None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _order(found: str, wanted: Any) -> int | None:
    """-1, 0 or 1, comparing as numbers if both are, otherwise as text (ISO dates sort as text); None when
    blank."""
    if not found:
        return None
    try:
        left, right = Decimal(found), Decimal(str(wanted))
        return (left > right) - (left < right)
    except InvalidOperation:
        return (found > str(wanted)) - (found < str(wanted))


def _compares(*answers: int) -> Callable[[str, Any], bool]:
    return lambda found, wanted: _order(found, wanted) in answers


def _same(found: str, wanted: Any) -> bool:
    return found.casefold() == str(wanted or "").casefold()


_TESTS: dict[str, Callable[[str, Any], bool]] = {
    "equals": _same,
    "not_equals": lambda found, wanted: not _same(found, wanted),
    "in": lambda found, wanted: any(_same(found, item) for item in wanted),
    "blank": lambda found, wanted: not found,
    "not_blank": lambda found, wanted: bool(found),
    "gt": _compares(1),
    "gte": _compares(0, 1),
    "lt": _compares(-1),
    "lte": _compares(-1, 0),
}
