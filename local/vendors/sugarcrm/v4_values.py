"""How v4_1 reads what a client sends for a field, what it echoes, and how it writes a stored value.

Nothing is refused: texts are cut, invalid dates become blank, numbers are read with the user's own
separators."""

import re
from collections.abc import Mapping
from typing import Any

from local.vendors.sugarcrm.amounts import plain_number
from local.vendors.sugarcrm.schema import NUMERIC, Field
from local.vendors.sugarcrm.text import clean, echoed, encoded

_DATE = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}$"),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"),
}
_LEADING_NUMBER = re.compile(r"\s*[-+]?\d*\.?\d+")


def name_values(given: Any) -> dict[str, Any]:
    """The three accepted forms of a name_value_list as one map: a list of pairs, a map of pairs, a flat
    map."""
    if isinstance(given, list):
        return {
            str(item["name"]): item.get("value")
            for item in given
            if isinstance(item, Mapping) and "name" in item
        }
    if isinstance(given, Mapping):
        return {
            str(item["name"] if isinstance(item, Mapping) and "name" in item else key): item.get("value")
            if isinstance(item, Mapping)
            else item
            for key, item in given.items()
        }
    return {}


def stored(field: Field, value: Any, decimal_comma: bool) -> Any:
    """What goes into the table."""
    if field.type == "bool":
        return int(str(value).lower() in ("1", "true", "on", "yes"))
    if field.type in NUMERIC:
        number = _number(value, decimal_comma)
        return int(number) if NUMERIC[field.type] == "INTEGER" else number
    if field.type in _DATE:
        return str(value) if _DATE[field.type].match(str(value)) else None
    text = clean(_text(value))
    return text[: field.length] if field.length else text


def echo(field: Field, value: Any, decimal_comma: bool) -> Any:
    """What set_entry answers: the value as it was understood, before it was cut."""
    if field.type == "bool":
        return _text(value)
    if field.type in NUMERIC:
        number = _number(value, decimal_comma)
        return int(number) if number.is_integer() else number
    if field.type in _DATE:
        return stored(field, value, decimal_comma) or ""
    return echoed(_text(value))


def written(field: Field, value: Any) -> str:
    """A stored value as every read gives it: a string, '' for NULL."""
    if value is None:
        return ""
    return plain_number(value) if field.type in NUMERIC else encoded(str(value))


def _number(value: Any, decimal_comma: bool) -> float:
    """A JSON number is taken as it is; a text is read with the user's separators and PHP's leniency."""
    if isinstance(value, (bool, int, float)):
        return float(value)
    text = str(value or "")
    text = text.replace(".", "").replace(",", ".") if decimal_comma else text.replace(",", "")
    found = _LEADING_NUMBER.match(text)
    return float(found[0]) if found else 0.0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)
