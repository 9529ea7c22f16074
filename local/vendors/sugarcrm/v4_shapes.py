"""How v4_1 reads its arguments and shapes its entries, whatever the method."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sugarcrm.database import Row
from local.vendors.sugarcrm.schema import Field, Module, metadata
from local.vendors.sugarcrm.sqlwhere import Broken, Refused, translate
from local.vendors.sugarcrm.v4_errors import DatabaseFailure, NullAnswer, access_denied
from local.vendors.sugarcrm.v4_values import written

_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def condition(query: Any) -> str:
    """The client's SQL for this database. Raises V4Error 40 or DatabaseFailure."""
    try:
        return translate(str(query or ""))
    except Refused:
        raise access_denied() from None
    except Broken as error:
        raise DatabaseFailure(str(error)) from None


def checked_id(value: Any) -> str:
    """Raises NullAnswer for an id with characters outside `[A-Za-z0-9_-]`."""
    text = str(value or "")
    if not text or not _ID_CHARACTERS.issuperset(text):
        raise NullAnswer
    return text


def visible(module: Module) -> list[Field]:
    """The fields v4_1 knows; a module of newer products shows all of its own."""
    known = [field for field in module.fields.values() if field.v4 is not None]
    return known or list(module.fields.values())


def chosen(module: Module, wanted: Any) -> list[str]:
    """Unknown names are silently left out; an empty list means every field."""
    names = [field.name for field in visible(module)]
    chosen = (
        [str(name) for name in wanted if str(name) in names] if isinstance(wanted, list) and wanted else names
    )
    return list(dict.fromkeys(chosen))


def ordering(module: Module, text: Any) -> str:
    """Bare field names only: anything else, even `opportunities.name`, is dropped without an error."""
    parts = []
    for item in str(text or "").split(","):
        name, _, way = item.strip().partition(" ")
        if name in module.fields:
            parts.append(f"{module.fields[name].sql} {'DESC' if way.strip().lower() == 'desc' else 'ASC'}")
    return ", ".join(parts)


def asked_links(given: Any) -> list[tuple[str, list[str]]]:
    if not isinstance(given, list):
        return []
    return [
        (str(item["name"]), [str(name) for name in item["value"]])
        for item in given
        if isinstance(item, Mapping) and item.get("name") and isinstance(item.get("value"), list)
    ]


def entry(module: Module, row: Row, names: list[str]) -> dict[str, Any]:
    return {"id": row["id"], "module_name": module.name, "name_value_list": values(module, row, names)}


def values(module: Module, row: Row, names: list[str]) -> dict[str, dict[str, Any]]:
    return {name: {"name": name, "value": _value(module, row, name)} for name in names}


def _value(module: Module, row: Row, name: str) -> Any:
    if module.name == "Currencies" and row["id"] == "-99" and name == "conversion_rate":
        return 1
    return written(module.fields[name], row.get(name))


def described(field: Field) -> dict[str, Any]:
    row = {
        "name": field.name,
        "type": field.type,
        "group": "",
        "id_name": "",
        "label": "",
        "required": 0,
        "options": [],
        "related_module": "",
        "calculated": False,
        "len": str(field.length or ""),
    }
    row |= field.v4 or {}
    if isinstance(row["options"], str):
        row["options"] = metadata()["options"][row["options"]]
    return row


def php_int(value: Any) -> int:
    """As PHP reads a number: '' and words are 0."""
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
