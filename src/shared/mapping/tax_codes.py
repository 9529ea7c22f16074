"""Sage 50's tax codes in their forms: 1, "1" and T1."""

import re
from functools import lru_cache
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot
from shared.mapping.texts import plain

TAX_NUMBERS = {f"T{index}": index for index in range(100)}
_TAX = re.compile(r"[Tt]?(\d{1,2})", re.ASCII).fullmatch


def tax_code_reader(spot: Spot) -> Convert:
    """Sage 50 shows T0 to T99 in one place and sends the integer in another: canonical is T1."""

    def read(value: Any) -> str | None:
        found = plain(value, spot)
        if found is None:
            return None
        match = _TAX(found)
        if not match:
            raise FieldUnreadable(spot.field, spot.path, value, "a tax code from T0 to T99")
        return f"T{int(match[1])}"

    return read


def tax_code_writer(spot: Spot) -> Convert:
    def write(value: Any) -> int | None:
        if value is None:
            return None
        found = TAX_NUMBERS.get(tax_name(str(value)) if value not in TAX_NUMBERS else value)
        if found is None:
            raise FieldUnreadable(spot.field, spot.path, value, "a tax code from T0 to T99")
        return found

    return write


@lru_cache(maxsize=1024)
def tax_name(code: str) -> str:
    """Sage 50's 1, "1" and "T1" are all "T1"; other ledgers' codes are left alone."""
    match = _TAX(code.strip())
    return f"T{int(match[1])}" if match else code.strip()
