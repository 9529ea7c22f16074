"""Values between JSON and the emulated tables: what is accepted on a write, and how each kind is shown on a
read."""

import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from local.vendors.hyperaccounts.columns import TABLES, WIDER, Column

DAY = "%d/%m/%Y"
MOMENT = "%d/%m/%Y %H:%M:%S"
FIRST_YEAR, LAST_YEAR = 1980, 2099
_EMPTY: dict[str, Any] = {"s": "", "i": 0, "d": Decimal(0), "b": False, "t": 0, "c": 1, "D": None, "T": None}
_KINDS = {9: "Sales Quote", 11: "Sales Proforma"}
_RAW_DOUBLES = {"UNIT_PRICE"}


class Refused(Exception):
    """The call is answered with `success: false` and this text."""


def blank(table: str) -> dict[str, Any]:
    return {name: _EMPTY[column.type] for name, column in TABLES[table].items()}


def accept(table: str, body: Mapping[str, Any], release: int, strict: bool) -> dict[str, Any]:
    """The columns that a write sets: null and unknown keys are skipped, "" clears.

    Raises Refused for a value that does not fit and, with `strict`, for an unknown key.
    """
    names = {one.single: one for one in TABLES[table].values() if one.single}
    unknown = [key for key in body if key not in names and key != "invoiceItems"]
    if strict and unknown:
        raise Refused(f"Unknown property {unknown[0]}")
    return {
        names[key].raw: _accepted(table, names[key], value, release)
        for key, value in body.items()
        if key in names and names[key].writable and value is not None
    }


def _accepted(table: str, column: Column, value: Any, release: int) -> Any:
    if value == "":
        return _EMPTY[column.type]
    try:
        return _typed(table, column, value, release)
    except (ValueError, TypeError, InvalidOperation):
        raise Refused(f"Error converting value {value!r} for {column.single}") from None


def _typed(table: str, column: Column, value: Any, release: int) -> Any:
    if column.type == "s":
        return _text(table, column, value, release)
    if column.type in "DT":
        when = datetime.strptime(str(value), MOMENT if " " in str(value) else DAY)  # noqa: DTZ007 the server's own time
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise Refused(
                f"{column.single} must be between 01/01/{FIRST_YEAR} and 31/12/{LAST_YEAR}, not {value}"
            )
        return when
    if column.type == "b":
        if not isinstance(value, bool) and value not in (0, 1):
            raise ValueError
        return bool(value)
    if isinstance(value, (bool, str)):
        raise ValueError
    number = Decimal(str(value))
    if column.type == "d":
        return number
    if number != int(number):
        raise ValueError
    return int(number)


def _text(table: str, column: Column, value: Any, release: int) -> str:
    if not isinstance(value, str):
        raise ValueError
    limit = WIDER.get((table, column.raw), column.length) if release >= 29 else column.length
    if limit is not None and len(value) > limit:
        raise Refused(f"{column.single} exceeds the maximum length of {limit}")
    return value.upper() if column.raw in ("ACCOUNT_REF", "STOCK_CODE") else value


def row(table: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """A search row, with the types that search rows have."""
    found = {
        column.row: _in_row(table, column, record[raw]) for raw, column in TABLES[table].items() if column.row
    }
    if table == "ORDER":
        # known: document - a label tells a quotation from an order; guessed: the label of a quotation
        found["orderOrQuote"] = _KINDS.get(record["ORDER_TYPE_CODE"], "Sales Order")
    return found


def _in_row(table: str, column: Column, value: Any) -> Any:
    if column.type == "t":
        return f"T{value}"
    if column.raw in ("ORDER_NUMBER", "DESPATCH_STATUS_CODE", "ALLOCATED_STATUS_CODE", "COURIER_NUMBER"):
        return str(value)
    if column.type == "c":
        return str(value) if table == "CUSTOMER" else value
    if column.raw == "INACTIVE_FLAG":
        return int(value)
    if table == "CUSTOMER" and column.raw in ("E_MAIL2", "E_MAIL3", "ANALYSIS_1", "ANALYSIS_2", "ANALYSIS_3"):
        return value or None
    return _plain(column, value)


def single(table: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """A single read, with the types that single reads have; an order counts its currency from zero there."""
    found = {
        column.single: _plain(column, record[raw]) for raw, column in TABLES[table].items() if column.single
    }
    if table == "ORDER":
        found["currency"] = record["CURRENCY"] - 1
    return found


def _plain(column: Column, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime(MOMENT if column.type == "T" else DAY)
    if isinstance(value, Decimal):
        double = float(value)
        return math.nextafter(double, 0) if column.raw in _RAW_DOUBLES and double % 1 else double
    return value
