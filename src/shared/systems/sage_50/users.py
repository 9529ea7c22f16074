"""Who stands behind the names in Sage 50: a table in the settings, for the service lists no users.

`check` compares it with the names on orders. Rows of a search do not show who took an order, but a search can
leave out the names that are known.
"""

import json
from collections.abc import Mapping

from shared.errors import RuleInvalid
from shared.ports import Finding, Snapshot
from shared.systems.sage_50.reader import Reader
from shared.systems.sage_50.tables import SALES_ORDER

_SUBJECT = "users"
MOST = 20
"""Orders that are read singly for the name on them."""


def entered(options: Mapping[str, str]) -> dict[str, str]:
    """Name or code -> e-mail address. Raises RuleInvalid for a setting that is no table."""
    text = options.get("users") or "{}"
    try:
        table = json.loads(text)
    except ValueError:
        table = None
    if not isinstance(table, dict):
        raise RuleInvalid('The setting users of sage_50 is no table: write "Name" = "address" in it.')
    return {str(name): str(email) for name, email in table.items()}


def rows(table: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "email": email} for name, email in table.items()]


def findings(reader: Reader, table: Mapping[str, str]) -> list[Finding]:
    """Names on orders that the table lacks: 1 search, and a read for each of the newest of what it finds."""
    if not table:
        return []
    blank = sorted(name for name, email in table.items() if "@" not in email)
    found = [
        Finding("warning", _SUBJECT, f"“{name}” has no e-mail address: enter it in the table users.")
        for name in blank
    ]
    unknown = _unknown(reader, table)
    if unknown:
        names = ", ".join(f"“{name}”" for name in unknown)
        message = f"Orders in Sage 50 name {names}, whom the table users of the settings does not have."
        return [*found, Finding("warning", _SUBJECT, message)]
    return found or [Finding("ok", _SUBJECT, "The table users has everybody whom orders in Sage 50 name.")]


def _unknown(reader: Reader, table: Mapping[str, str]) -> list[str]:
    known = [{"field": "TAKEN_BY", "type": "ne", "value": name} for name in ["", *table]]
    orders = sorted(reader.search(SALES_ORDER, known), key=lambda one: one.version or "", reverse=True)
    read = [reader.single(SALES_ORDER, one.id) for one in orders[:MOST]]
    names = {str(one.values.get("userName") or "").strip() for one in read if isinstance(one, Snapshot)}
    folded = {name.strip().casefold() for name in table}
    return sorted(name for name in names if name and name.casefold() not in folded)
