"""Did SugarCRM keep what was written? Both interfaces report success whatever they did with a value, so each
value is read back (v4_1), or looked up in the answer (v11), and compared. Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from shared.ports import Native, Patch, Values
from shared.systems.sugarcrm.records import decimal_of, text

_DOUBLE = Decimal("1e-12")
"""Amounts are stored as doubles, so they are equal only within about this share of their size."""
_SHOWN = 80


def wire_value(value: Native) -> Any:
    """As `set_entry` takes it: None clears as '' (a null is ignored), flags are digits, Decimals become JSON
    numbers."""
    if value is None:
        return ""
    return int(value) if isinstance(value, bool) else value


def name_values(record_id: str, values: Values) -> list[dict[str, Any]]:
    return [
        {"name": "id", "value": record_id},
        *({"name": name, "value": wire_value(value)} for name, value in values.items()),
    ]


def differences(patch: Patch, found: Values, is_numeric: Callable[[str], bool]) -> list[str]:
    """A sentence for each field that was cut, changed or ignored. `is_numeric` is asked only where texts
    differ."""
    return [
        _sentence(patch, name, wanted, found.get(name))
        for name, wanted in patch.values.items()
        if not _kept(name, wanted, found.get(name), is_numeric)
    ]


def shortened(patch: Patch, answer: Mapping[str, Any]) -> list[str]:
    """A sentence for each text of which the answer shows only the beginning."""
    return [
        _sentence(patch, name, wanted, found)
        for name, wanted in patch.values.items()
        if isinstance(wanted, str)
        and isinstance(found := answer.get(name), str)
        and found != wanted
        and _lines(wanted).startswith(_lines(found))
        and found
    ]


def _kept(name: str, wanted: Native, found: Native, is_numeric: Callable[[str], bool]) -> bool:
    if isinstance(wanted, bool):
        return (text(found) in ("1", "true", "True")) == wanted
    if _lines(wanted) == _lines(found):
        return True
    number, kept = decimal_of(wanted), decimal_of(found)
    if number is None or kept is None or not _near(number, kept):
        return False
    return not isinstance(wanted, str) or is_numeric(name)


def _near(wanted: Decimal, found: Decimal) -> bool:
    return abs(wanted - found) <= _DOUBLE * max(abs(wanted), Decimal(1))


def _lines(value: Native) -> str:
    return text(value).replace("\r\n", "\n").replace("\r", "\n")


def _sentence(patch: Patch, name: str, wanted: Native, found: Native) -> str:
    return (
        f"SugarCRM did not keep {name} of record {patch.id}: '{text(wanted)[:_SHOWN]}' was written, and "
        f"'{text(found)[:_SHOWN]}' is there now. Is the field long enough, and may the integration's user "
        "edit it?"
    )
