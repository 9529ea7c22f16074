"""Countries as two letters, from codes and from what people type; and by name, where people read them."""

from typing import Any

from shared.mapping.countries import DOUBTFUL, code_of, folded, title_of
from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot
from shared.mapping.texts import plain

_COUNTRY = "a country's English name or its two letters, such as GB"


def country_reader(spot: Spot) -> Convert:
    """Two letters, from a code or an English name; UK is GB. Two letters outside ISO 3166 are accepted,
    because ledgers have some of their own."""

    def read(value: Any) -> str | None:
        found = plain(value, spot)
        if found is None:
            return None
        code = code_of(found) or found.upper()
        if not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise FieldUnreadable(spot.field, spot.path, value, _COUNTRY)
        return code

    return read


def country_name_reader(spot: Spot) -> Convert:
    """The same where people type it: letters that might stand for something else are not taken for a code."""
    read_code = country_reader(spot)

    def read(value: Any) -> str | None:
        if isinstance(value, str) and folded(value) in DOUBTFUL:
            raise FieldUnreadable(spot.field, spot.path, value, "the country's name in full")
        found: str | None = read_code(value)
        return found

    return read


def country_writer(spot: Spot) -> Convert:
    """Accepts names too: the other side may keep countries as people write them."""
    read = country_reader(spot)

    def write(value: Any) -> str:
        return read(value) or ""

    return write


def country_name_writer(spot: Spot) -> Convert:
    """The country's English name, for systems where people read it; an unusual country stays as two
    letters."""
    read = country_reader(spot)

    def write(value: Any) -> str:
        code = read(value)
        return (title_of(code) or code) if code else ""

    return write
