"""The users of a system by their e-mail addresses: what stands for one natively (an id, a name, a code), and
back.

The address is the canonical form, for it is what two systems have in common. A ledger may have several names
for one user; of two users with one address nobody can tell which is meant.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot
from shared.mapping.texts import plain


def user_table(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Native form -> address, as it stands and folded. An address that several users have ("several") is
    marked."""
    known = [(row, email) for row in rows if (email := row.get("email", "").strip().casefold())]
    table = {row["id"]: email for row, email in known}
    table |= {folded: email for row, email in known if (folded := _folded(row["id"])) not in table}
    return table | {_mark(email): email for row, email in known if row.get("several") == "1"}


def user_reader(spot: Spot) -> Convert:
    """Nothing where no table was entered at all: then the field is not known to name users."""

    def read(value: Any, table: Mapping[str, str]) -> str | None:
        found = plain(value, spot)
        if found is None or not table:
            return None
        email = table.get(found) or table.get(_folded(found))
        if email is None:
            allowed = "a name or code of the table of users in the settings"
            raise FieldUnreadable(spot.field, spot.path, value, allowed, listed=True)
        return email

    return read


def user_writer(spot: Spot) -> Convert:
    def write(value: Any, table: Mapping[str, str]) -> str:
        if value is None:
            return ""
        if _mark(value) in table:
            allowed = "an address that one user alone has"
            raise FieldUnreadable(spot.field, spot.path, value, allowed, listed=True)
        found = next((native for native, email in table.items() if email == value), None)
        if found is None:
            allowed = "the address of an active user"
            raise FieldUnreadable(spot.field, spot.path, value, allowed, listed=True)
        return found

    return write


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _mark(email: str) -> str:
    return f"<{email}>"
