"""Which contact an address belongs to, and whether that contact is a customer. The first never changes and is
kept for a week, the second for a day.

A contact person belongs to an address and does not name its contact: this book gives the contact.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from shared.systems.sage_accounting import facts
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.main_addresses import MainAddresses
from shared.systems.sage_accounting.values import reference

_SINGLY = 10
"""Unknown addresses up to this many are read one by one; beyond it the whole list is cheaper."""


class AddressBook:
    def __init__(self, known: Facts) -> None:
        self._facts = known
        self._mains = MainAddresses(known)

    def owners(self, addresses: Sequence[str]) -> dict[str, str]:
        """Address id -> contact id, "" for an address of a bank account or one that is gone."""
        wanted = [one for one in dict.fromkeys(addresses) if one]
        missing = self._missing(wanted)
        if len(missing) > _SINGLY:
            rows = self._facts.lists.all("/addresses", {"attributes": "contact"})
            self.learn({str(row["id"]): reference(row.get("contact")) for row in rows})
        self.learn({one: self._read(one) for one in self._missing(wanted)})
        return {key: str(row["contact"]) for key, row in self._facts.cached(facts.ADDRESS, wanted).items()}

    def learn(self, owners: Mapping[str, str]) -> None:
        self._facts.remember(
            facts.ADDRESS, {address: {"contact": contact} for address, contact in owners.items()}
        )

    def customers(self, contacts: Sequence[str]) -> set[str]:
        """The contacts among these that are customers."""
        wanted = [one for one in dict.fromkeys(contacts) if one]
        own = self._mains.own(wanted)
        asked = [one for one in wanted if one not in own]
        known = self._facts.cached(facts.CUSTOMER, asked) if asked else {}
        found = self._looked_up([one for one in asked if one not in known])
        self._facts.remember(
            facts.CUSTOMER, {one: {"is": is_one} for one, is_one in found.items()}, timedelta(days=1)
        )
        known = {**known, **{one: {"is": is_one} for one, is_one in found.items()}}
        return own | {one for one, row in known.items() if row["is"]}

    def made(self, contact: str, main_address: str) -> None:
        """A customer that was just created."""
        self._mains.put(contact, main_address)

    def _looked_up(self, contacts: Sequence[str]) -> dict[str, bool]:
        """In the list of customers, as far as that is kept; the others one by one, or all at once."""
        found = dict.fromkeys(self._mains.customers(contacts), True) if contacts else {}
        missing = [one for one in contacts if one not in found]
        if len(missing) > _SINGLY:
            rows = self._facts.lists.all("/contacts", {"contact_type_id": "CUSTOMER"})
            customers = {str(row["id"]) for row in rows}
            return found | {one: one in customers for one in missing}
        self._mains.counted(len(missing))
        return found | {one: self._is_customer(one) for one in missing}

    def main_of(self, contact: str) -> str:
        """The contact's main address, to which new persons are added, as far as known. Raises RecordRejected
        when it has none."""
        address = self._mains.known(contact)
        if not address:
            return self.main_now(contact)
        self.learn({address: contact})
        return address

    def main_now(self, contact: str) -> str:
        """The same, asked for now."""
        address = self._mains.asked(contact)
        self.learn({address: contact})
        return address

    def _missing(self, wanted: Sequence[str]) -> list[str]:
        known = self._facts.cached(facts.ADDRESS, wanted)
        return [one for one in wanted if one not in known]

    def _is_customer(self, contact: str) -> bool:
        found = self._facts.client.find(
            f"/contacts/{quote(contact, safe='')}", "read a contact's type", {"attributes": "contact_types"}
        )
        return any(reference(one) == "CUSTOMER" for one in (found or {}).get("contact_types") or [])

    def _read(self, address: str) -> str:
        found = self._facts.client.find(f"/addresses/{quote(address, safe='')}", "read an address")
        return reference((found or {}).get("contact"))
