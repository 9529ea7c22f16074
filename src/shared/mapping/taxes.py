"""Tax as a rate in per cent, the one thing that a CRM's taxes and a ledger's tax codes have in common."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.rules import Rule
from shared.mapping.faults import FieldUnreadable, shown
from shared.mapping.numbers import Convert, Spot, number, tidy
from shared.mapping.tax_codes import tax_name
from shared.mapping.tax_periods import is_dated
from shared.mapping.texts import plain


def one_tax_reader(spot: Spot) -> Convert:
    """Reads the rates of all taxes that apply, joined by +; a ledger takes only one."""

    def read(value: Any) -> Decimal | None:
        if isinstance(value, str) and "+" in value:
            taxes = value.replace("+", " % and ")
            words = (
                f"There is more than one tax ({taxes} %), and the ledger takes one tax only: switch the "
                "others off."
            )
            raise FieldUnreadable(spot.field, spot.path, value, "one tax only", Rule.ONE_TAX, words)
        found = number(value, spot)
        return None if found is None else tidy(found)

    return read


def one_tax_writer(spot: Spot) -> Convert:
    return lambda value: "" if value is None else format(value, "f")


def tax_rate_reader(spot: Spot) -> Convert:
    """The ledger's tax code -> its rate."""

    def read(value: Any, table: Mapping[str, Decimal]) -> Decimal | None:
        code = plain(value, spot)
        if code is None:
            return None
        found = table.get(tax_name(code))
        if found is None:
            raise FieldUnreadable(
                spot.field,
                spot.path,
                code,
                f"one of the ledger's tax codes {_list(table)}",
                Rule.TAX,
                listed=True,
            )
        return tidy(found)

    return read


def tax_rate_writer(spot: Spot) -> Convert:
    """The first code that has the rate. Only the line of a document may take one that a code had, or will
    have, on other days; which of them fits its date is for `line_codes` to say."""
    of_line = spot.field.startswith("lines.")

    def write(value: Any, table: Mapping[str, Decimal]) -> str:
        if value is None:
            return ""
        present = {code: rate for code, rate in table.items() if not is_dated(code)}
        for code, rate in (*present.items(), *(table.items() if of_line else ())):
            if rate == value:
                return str(code)
        rates = ", ".join(dict.fromkeys(f"{shown(tidy(rate))} %" for rate in present.values()))
        allowed = f"a tax rate that the ledger has ({rates or 'none is set up'})"
        raise FieldUnreadable(
            spot.field,
            spot.path,
            f"{shown(value)} %",
            allowed,
            Rule.TAX,
            (f"The ledger has no tax rate of {shown(value)} %: choose {allowed}, or set up the rate there."),
            listed=True,
        )

    return write


def _list(table: Mapping[str, Decimal]) -> str:
    return ", ".join(code for code in table if not is_dated(code)) or "(none is set up)"
