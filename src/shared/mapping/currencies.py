"""Currencies: a system's own id, and the ISO code."""

from collections.abc import Mapping
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot


def currency_reader(spot: Spot) -> Convert:
    """The system's own id of a currency -> ISO code. The table's "" names the base currency, for blank
    ids."""

    def read(value: Any, table: Mapping[str, str]) -> str | None:
        found = table.get("" if value is None else str(value))
        if found is None and value not in (None, ""):
            raise FieldUnreadable(
                spot.field,
                spot.path,
                value,
                f"the id of one of the currencies {_listed(table)}",
                listed=True,
            )
        return found

    return read


def currency_writer(spot: Spot) -> Convert:
    """The first id that the table has for a currency. A table is inverted once, for as long as it is the same
    object."""
    turned: tuple[Any, dict[str, str]] = (None, {})

    def write(value: Any, table: Mapping[str, str]) -> str:
        nonlocal turned
        if value is None:
            return ""
        source, ids = turned
        if source is not table:
            ids = {iso: native for native, iso in reversed([*table.items()]) if native}
            turned = (table, ids)
        if value in ids:
            return ids[value]
        allowed = f"one of the currencies {_listed(table)}"
        raise FieldUnreadable(spot.field, spot.path, value, allowed, listed=True)

    return write


def _listed(table: Mapping[str, str]) -> str:
    return ", ".join(sorted(set(table.values()))) or "(none is set up)"
