"""Contact persons. `contact_id` is ours: the contact of the address to which the person belongs.

A quiet poll makes two calls: the deleted and the changed persons. An address never moves to another contact,
so a changed address cannot change `contact_id`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import RecordRejected
from shared.ports import Snapshot, Values
from shared.systems.sage_accounting.addresses import AddressBook
from shared.systems.sage_accounting.contact_fields import PERSON
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.resource import Resource
from shared.systems.sage_accounting.values import flat, reference, top


class Persons(Resource):
    kind = PERSON
    searched = {"contact_id": "contact_id", "address_id": "address_id"}  # noqa: RUF012 - read only

    def __init__(self, context: SageContext, book: AddressBook) -> None:
        super().__init__(context)
        self._book = book

    def snapshots(self, path: str, rows: Sequence[Row], at: datetime) -> list[Snapshot]:
        """Lists also contain the persons of suppliers, which are skipped."""
        owners = self._book.owners([reference(row.get("address")) for row in rows])
        found = [
            Snapshot(
                str(row["id"]),
                {**flat(PERSON, row), "contact_id": owners.get(reference(row.get("address")), "")},
                at,
                self.version(row),
            )
            for row in rows
        ]
        customers = (
            self._book.customers([str(one.values["contact_id"]) for one in found]) if path else set[str]()
        )
        return [one for one in found if not path or one.values["contact_id"] in customers]

    def create(self, values: Values, key: str) -> Snapshot:
        """Under the main address that was listed last; if Sage refuses, under that of this moment."""
        contact = str(values.get("contact_id") or "")
        try:
            return super().create(values, key)
        except RecordRejected:
            listed = self._book.main_of(contact) if contact else ""
            if not contact or self._book.main_now(contact) == listed:
                raise
        return super().create(values, key)

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Never the main contact, which is part of the customer."""
        body = top(PERSON, given, leave=("contact_id",))
        return {
            **body,
            "address_id": self._book.main_of(str(given.get("contact_id", ""))),
            "contact_person_type_ids": ["ACCOUNTS"],
            "is_main_contact": False,
        }

    def needs(self, given: Mapping[str, Any]) -> bool:
        return "contact_id" in given

    def changed_body(self, given: Mapping[str, Any], current: Row | None) -> dict[str, Any]:
        """A person who stays with the customer keeps their address."""
        body = top(PERSON, given, leave=("contact_id",))
        wanted = str(given.get("contact_id") or "")
        if wanted and current is not None:
            address = reference(current.get("address"))
            if self._book.owners([address]).get(address) != wanted:
                body["address_id"] = self._book.main_of(wanted)
        return body
