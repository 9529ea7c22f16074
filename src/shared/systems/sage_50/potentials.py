"""Potentials in the sales ledger: customers with a status of their own, since Sage 50 has no ledger of
prospects.

The setting `potential_status` names it by number and text, because a search row shows the text alone, and a
single read and a write the number alone. Without it no customer is a potential.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.domain.record import record
from shared.errors import RecordRejected, RuleInvalid
from shared.ports import Values
from shared.systems.sage_50.fields import Table

PATH, YES, NO = "potential", "yes", "no"
"""The native path by which rules know it, and what it holds."""
_STATUS, _TEXT, _OPEN = "accountStatus", "accountStatusText", 0


@record
class Potentials:
    """`number` is None where customers alone are in the ledger."""

    number: int | None = None
    text: str = ""

    def in_row(self, table: Table, row: Mapping[str, Any]) -> Values:
        if table.object != "customer" or (self.number is not None and _TEXT not in row):
            return {}
        return {PATH: YES if self.number is not None and _folded(row[_TEXT]) == _folded(self.text) else NO}

    def in_single(self, table: Table, found: Mapping[str, Any]) -> Values:
        if table.object != "customer" or (self.number is not None and found.get(_STATUS) is None):
            return {}
        return {PATH: YES if self.number is not None and str(found[_STATUS]) == str(self.number) else NO}

    def written(self, values: Mapping[str, Any], creating: bool) -> dict[str, Any]:
        """What a write holds of it: the status, or nothing for a new customer, who has the first one anyway.
        Raises RecordRejected where there is no such status."""
        rest = {name: value for name, value in values.items() if name != PATH}
        is_one = values.get(PATH) == YES
        if PATH not in values or (creating and not is_one):
            return rest
        if is_one and self.number is None:
            raise RecordRejected(
                "The ledger has no status for potentials: name it in the setting potential_status of "
                'sage_50, such as "5 Prospect"',
                [PATH],
            )
        return rest if self.number is None else {**rest, _STATUS: self.number if is_one else _OPEN}


def entered(options: Mapping[str, str]) -> Potentials:
    """Raises RuleInvalid."""
    stated = options.get("potential_status", "").strip()
    if not stated:
        return Potentials()
    found = re.fullmatch(r"(\d{1,3})\s+(\S.*)", stated)
    if found is None or int(found[1]) == _OPEN:
        raise RuleInvalid(
            f"The setting potential_status of sage_50 is '{stated}': write the number of an account status, "
            'not 0, and its text, such as "5 Prospect".'
        )
    return Potentials(int(found[1]), found[2])


def _folded(value: Any) -> str:
    return " ".join(str(value or "").split()).casefold()
