"""One field's value on its way into the database, as PHP and a MySQL without strict mode accept it."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from local.vendors.vtiger.errors import VtigerError, denied
from local.vendors.vtiger.schema import NUMERIC, Field, Module
from local.vendors.vtiger.server import VtigerServer
from local.vendors.vtiger.text import cleaned

NULL_WHEN_EMPTY = ("hdnDiscountPercent", "hdnDiscountAmount", "hdnTaxType", "region_id")
REFERENCES = ("reference", "owner")


def number(value: Any) -> Decimal:
    """A number; 0 for anything else."""
    try:
        found = Decimal(str(value).strip() or "0")
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def rounded(value: Any, decimals: int) -> str:
    found = number(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return format(found if found else abs(found), "f")


def plain(value: Decimal | str) -> str:
    """Without trailing zeros: 1.5, 2."""
    return format(number(value).normalize(), "f")


def wire_number(value: Decimal) -> int | float:
    """As PHP writes a float into JSON: 105, 124.7."""
    return int(value) if value == value.to_integral_value() else float(value)


def stored(server: VtigerServer, module: Module, field: Field, value: Any) -> str | None:
    """What the column holds after a write of `value`. Raises REFERENCE_INVALID."""
    text = "" if value is None or value is False else "1" if value is True else str(value)
    if field.type in REFERENCES:
        return reference(server, field, text)
    if field.type in NUMERIC:
        if field.name in NULL_WHEN_EMPTY and not text.strip():
            return None
        return rounded(text, field.decimals(module.name))
    if field.type == "boolean":
        return "1" if text.lower() in ("1", "true", "on", "yes") else "0"
    if field.type in ("date", "datetime", "time"):
        return text or None
    if field.name in NULL_WHEN_EMPTY and not text:
        return None
    return cut(field, cleaned(text, "????" if server.options.old else "??"))


def cut(field: Field, text: str) -> str:
    return text if field.length is None else text[: field.length]


def empty(module: Module, field: Field) -> str | None:
    """The value of a field that was never filled in."""
    if field.type in NUMERIC:
        start = "1" if field.name == "conversion_rate" else "0"
        return None if field.name in NULL_WHEN_EMPTY else rounded(start, field.decimals(module.name))
    if field.type == "boolean":
        return "0"
    if field.type in (*REFERENCES, "date", "datetime", "time") or field.name in NULL_WHEN_EMPTY:
        return None
    return ""


def reference(server: VtigerServer, field: Field, text: str) -> str | None:
    """The bare number. A missing record is stored as nothing; an owner is not looked up at all."""
    if not text:
        return None
    prefix, _, bare = text.partition("x")
    target = server.module_of_prefix(prefix)
    allowed = ("Users", "Groups") if field.type == "owner" else field.refers or ()
    if not bare.isdigit() or target not in allowed:
        raise VtigerError("REFERENCE_INVALID", f"Invalid reference specified for {field.name}")
    if field.type == "owner" or target in ("Users", "Currency", "Tax", "Groups"):
        return bare
    found = server.live(bare)
    return bare if found and found.module == target else None


def record_id(server: VtigerServer, wire_id: Any) -> tuple[str, int]:
    """(module, number). Raises ACCESS_DENIED for anything that is not an id."""
    prefix, _, bare = str(wire_id or "").partition("x")
    module = server.module_of_prefix(prefix)
    if module is None or not bare.isdigit():
        raise denied("Permission to perform the operation is denied for id")
    return module, int(bare)
