"""Whether this site keeps the type of an address that is made as a contact.

The vendor's interface takes the type, and on most sites an address made through it reads back as a delivery
address, which the warehouse could choose. So no contact is made before `check` has seen on this very site
that the type is kept, with one address of its own at a customer that the settings name. What it saw is kept:
the address may be deleted afterwards.
"""

from datetime import timedelta

from shared.ports import Cache, Clock, Finding
from shared.systems.sage_50 import search
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.reader import Reader
from shared.systems.sage_50.tables import ADDRESS

CONTACT = 1
TEST = "Tieout test"
"""Whom the test address names; no such contact is carried to the CRM."""
_KIND, _KEY, _SUBJECT = "sage_50.contact_type", "kept", "contacts"
_KEPT = timedelta(days=3650)


class ContactType:
    """`customer`: the account reference at which `check` may make its test address, "" for nowhere."""

    def __init__(
        self, client: Client, reader: Reader, cache: Cache | None, clock: Clock, customer: str
    ) -> None:
        self._client, self._reader, self._cache, self._clock = client, reader, cache, clock
        self._customer = customer.strip().upper()

    def kept(self) -> bool:
        """Whether that was ever seen. 1 read of the cache, no call."""
        if self._cache is None:
            return False
        return bool(self._cache.get(_KIND, [_KEY], self._clock.now()))

    def findings(self) -> list[Finding]:
        """Makes the test address unless it is there. Raises SyncErrors of the service."""
        if self.kept():
            return [Finding("ok", _SUBJECT, "New contacts are made in Sage 50: this site keeps their type.")]
        if not self._customer:
            return [
                Finding(
                    "warning",
                    _SUBJECT,
                    "New contacts are not made in Sage 50. To find out whether this site keeps their type, "
                    "put the reference of a customer of your own into contact_test and check again: one "
                    "test address is made there.",
                )
            ]
        if self._seen() != CONTACT:
            return [
                Finding(
                    "warning",
                    _SUBJECT,
                    f"New contacts are not made in Sage 50: the test address of {self._customer} became a "
                    "delivery address, not a contact. Delete it there, and take contact_test out.",
                )
            ]
        if self._cache is not None:
            self._cache.put(_KIND, {_KEY: {"customer": self._customer}}, self._clock.now() + _KEPT)
        message = (
            f"New contacts are made in Sage 50 from now on: the test address of {self._customer} kept its "
            "type, and may be deleted there."
        )
        return [Finding("ok", _SUBJECT, message)]

    def _seen(self) -> int | None:
        """The type that the test address shows."""
        if not self._rows():
            body = {
                "accountRef": self._customer,
                "contact": TEST,
                "description": f"{TEST}: may be deleted",
                "addressType": CONTACT,
            }
            self._client.write("POST", ADDRESS.route, body, f"make a test address of {self._customer}")
        types = [row for row in self._rows() if row is not None]
        return types[0] if types else None

    def _rows(self) -> list[int | None]:
        filters = [{"field": "ACCOUNT_REF", "type": "eq", "value": self._customer}, search.KEPT]
        return [
            None if (kind := one.values.get("addressType")) is None else int(str(kind))
            for one in self._reader.search(ADDRESS, filters)
            if one.values.get("contact") == TEST
        ]
