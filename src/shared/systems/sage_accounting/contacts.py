"""Customers: contacts of type CUSTOMER, with their main address, delivery address and main contact person
embedded.

A contact's version is the latest change of the contact and of its embedded records, because Sage does not say
that a changed address updates the contact's own time. For the same reason a poll reads three lists of
changes: addresses, contact persons (main ones) and, last, the contacts, so that a contact listed there
already has its new address. With the list of deleted contacts, a quiet poll makes four calls.

A missing delivery address can be created inside the contact's own PUT, so nothing is created under
/addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.errors import SyncError
from shared.ports import Snapshot, Values
from shared.systems.sage_accounting.addresses import AddressBook
from shared.systems.sage_accounting.contact_fields import CONTACT
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.just_made import as_sent, embedded, made_now
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.resource import Feed, Resource
from shared.systems.sage_accounting.values import blank, expanded, flat, reference, top, under

CUSTOMER = "CUSTOMER"
_PARTS = ("main_address", "delivery_address", "main_contact_person")
_NEW: Mapping[str, Mapping[str, Any]] = {
    "main_address": {"address_type_id": "ACCOUNTS", "name": "Main Address"},
    "delivery_address": {"address_type_id": "DELIVERY", "name": "Delivery Address"},
    "main_contact_person": {
        "contact_person_type_ids": ["ACCOUNTS"],
        "name": "Main Contact",
        "is_main_contact": True,
    },
}
_CUSTOMERS = {"contact_type_id": CUSTOMER, "exclude_system": "true"}


class Contacts(Resource):
    kind = CONTACT
    lane = "contacts"
    single = {"nested_attributes": "all", "show_balance": "true"}  # noqa: RUF012 - read only
    whole = {"attributes": "all", "nested_attributes": "all", **_CUSTOMERS}  # noqa: RUF012 - read only
    searched = {  # noqa: RUF012 - read only
        "name": "search",
        "reference": "search",
        "email": "email",
        "main_contact_person/email": "email",
    }

    def __init__(self, context: SageContext, book: AddressBook) -> None:
        super().__init__(context)
        self._book = book

    def feeds(self) -> list[Feed]:
        return [
            Feed("addresses", "/addresses", "parts", {"attributes": "contact,updated_at"}),
            Feed(
                "contact_persons",
                "/contact_persons",
                "parts",
                {"attributes": "address,is_main_contact,updated_at"},
            ),
            Feed("deleted", "/contacts", "gone", {"attributes": "deleted_at", **_CUSTOMERS}),
            Feed("since", "/contacts", "records", self.whole),
        ]

    def owners(self, feed: Feed, rows: Sequence[Row]) -> list[str]:
        if feed.path == "/addresses":
            found = {str(row["id"]): reference(row.get("contact")) for row in rows}
            self._book.learn(found)
            return self._customers(found.values())
        addresses = [reference(row.get("address")) for row in rows if row.get("is_main_contact")]
        owners = self._book.owners(addresses)
        return self._customers([owners.get(address, "") for address in addresses])

    def _customers(self, contacts: Iterable[str]) -> list[str]:
        found = [contact for contact in dict.fromkeys(contacts) if contact]
        customers = self._book.customers(found)
        return [contact for contact in found if contact in customers]

    def values(self, body: Row) -> Values:
        types = body.get("contact_types") or []
        price_type = body.get("product_sales_price_type")
        named = price_type.get("displayed_as") if isinstance(price_type, Mapping) else ""
        return {
            **flat(CONTACT, body),
            "contact_type_id": reference(types[0]) if types else "",
            "price_type": str(named or ""),
        }

    def version(self, body: Row) -> str | None:
        embedded = [body[part].get("updated_at") for part in _PARTS if isinstance(body.get(part), Mapping)]
        stamps = [str(stamp) for stamp in (body.get("updated_at"), *embedded) if stamp]
        return max(stamps, default=None)

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        body = {**top(CONTACT, given), "contact_type_ids": [CUSTOMER]}
        for part in _PARTS:
            fields = under(part, given)
            if fields or part == "main_address":
                body[part] = {**_NEW[part], **fields}
        return body

    def needs(self, given: Mapping[str, Any]) -> bool:
        return any("/" in name for name in given)

    def changed_body(self, given: Mapping[str, Any], current: Row | None) -> dict[str, Any]:
        """Embedded records are sent with their name, because Sage refuses them without it; one that does not
        exist yet is created, unless all its values are blank."""
        body = top(CONTACT, given)
        for part in _PARTS:
            fields, known = under(part, given), (current or {}).get(part)
            if not fields:
                continue
            if isinstance(known, Mapping):
                body[part] = {"name": known.get("name") or _NEW[part]["name"], **_main(part), **fields}
            elif not all(blank(value) for value in fields.values()):
                body[part] = {
                    **_NEW[part],
                    **{name: value for name, value in fields.items() if not blank(value)},
                }
        return body

    def answered(self, body: Row, at: datetime, sent: Mapping[str, Any]) -> Snapshot:
        """If the answer only names the embedded records, they are left out after a change; after a create
        they are what was sent. They are read again where they may differ: if the answer may be that of an
        earlier attempt, if Sage fills something in, or keeps less of a value than was written."""
        snapshot = super().answered(body, at, sent)
        made = "contact_type_ids" in sent
        if made:
            self._book.made(snapshot.id, reference(body.get("main_address")))
        if all(expanded(body.get(part)) for part in _PARTS):
            return snapshot
        doubtful = any(_too_long(part, sent.get(part) or {}) for part in _PARTS)
        if made:
            doubtful = doubtful or not made_now(body, self.context, at) or not as_sent(body, sent)
        if doubtful and (found := self._again(snapshot.id)) is not None:
            return replace(found, observed_at=at)
        plain = {
            name: value
            for name, value in snapshot.values.items()
            if "/" not in name and (name != "balance" or name in body)
        }
        shown = embedded(sent) if made and not doubtful else {}
        return replace(snapshot, values={**plain, **shown})

    def _again(self, record_id: str) -> Snapshot | None:
        """None if it cannot be read at the moment: the write itself is done."""
        try:
            found = self.read(record_id)
        except SyncError:
            return None
        return found if isinstance(found, Snapshot) else None


def _too_long(part: str, sent: Mapping[str, Any]) -> bool:
    return any(
        limit is not None and isinstance(value, str) and len(value) > limit
        for name, value in sent.items()
        for limit in [CONTACT.writable.get(f"{part}/{name}")]
    )


def _main(part: str) -> dict[str, Any]:
    return {"is_main_contact": True} if part == "main_contact_person" else {}
