"""The customers, each with its main address, to which its persons are added.

A listed one may be out of date: whoever is refused with it asks anew."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from shared.errors import RecordRejected
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.kept_list import KeptList
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.values import reference

_LISTED = {"attributes": "main_address", "contact_type_id": "CUSTOMER"}
_NONE = "-"
_FRESH, _ONCE = timedelta(seconds=10), timedelta(days=1)
"""Once in an invocation: who is not in the list then is asked for."""


class MainAddresses:
    """`known`: from the list, "" where it does not say. `asked`: by a single read. `own`: those among these
    contacts that were met in this invocation. `customers`: those that the list shows; nothing is said of the
    others."""

    def __init__(self, known: Facts) -> None:
        self._facts = known
        self._list = KeptList(known, "/contacts", _LISTED, _main)
        self._asked: dict[str, str] = {}

    def known(self, contact: str) -> str:
        listed = self._list
        if contact not in self._asked and listed.worth() and contact not in listed.rows:
            listed.follow(_ONCE)
        return self._asked.get(contact) or listed.rows.get(contact, "").removeprefix(_NONE)

    def own(self, contacts: Sequence[str]) -> set[str]:
        return {one for one in contacts if one in self._asked}

    def customers(self, contacts: Sequence[str]) -> set[str]:
        listed = self._list
        if listed.worth() and any(one not in listed.rows for one in contacts):
            listed.follow(_FRESH)
        return {one for one in contacts if one in listed.rows}

    def put(self, contact: str, address: str) -> None:
        """Of a customer that was just created."""
        self._asked[contact] = address

    def counted(self, calls: int) -> None:
        """So many single questions were asked that the list answers."""
        for _ in range(calls):
            self._list.counted()

    def asked(self, contact: str) -> str:
        """Raises RecordRejected for a customer that is gone, or has no main address."""
        found = self._facts.client.find(
            f"/contacts/{quote(contact, safe='')}",
            "find the customer's address",
            {"attributes": "main_address,deleted_at"},
        )
        if found is None or found.get("deleted_at"):
            raise RecordRejected(
                f"The customer {contact} no longer exists in Sage, so no person can be added to it"
            )
        address = reference(found.get("main_address"))
        if not address:
            raise RecordRejected(
                "The customer has no main address in Sage, and a contact person belongs to one: enter the "
                "address there"
            )
        self._list.counted()
        self._asked[contact] = address
        return address


def _main(row: Row) -> str:
    return reference(row.get("main_address")) or _NONE
