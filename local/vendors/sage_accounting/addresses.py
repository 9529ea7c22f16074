"""Addresses of contacts, and the persons that belong to them; every contact has one main address and one main
person."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid
from local.vendors.sage_accounting.fields import BodyContext, read
from local.vendors.sage_accounting.shapes import shown, stamped
from local.vendors.sage_accounting.tables import ADDRESS, PERSON

# ---------------------------------------------------------------- who has what


def of_contact(books: Books, contact: str) -> list[Record]:
    return [one for one in books.live("addresses") if one.get("contact_id") == contact]


def persons_of(books: Books, contact: str) -> list[Record]:
    mine = {one["id"] for one in of_contact(books, contact)}
    return [one for one in books.live("contact_persons") if one["address_id"] in mine]


def main_address(books: Books, contact: Record) -> Record | None:
    return books.stored("addresses", contact.get("main_address_id"))


def main_person(books: Books, contact: Record) -> Record | None:
    return books.stored("contact_persons", contact.get("main_person_id"))


def delivery_address(books: Books, contact: Record) -> Record | None:
    return next(
        (
            one
            for one in of_contact(books, contact["id"])
            if one["address_type_id"] == "DELIVERY" and not one["is_main_address"]
        ),
        None,
    )


# ---------------------------------------------------------------- with the contact


def first(books: Books, contact: Record, address: Mapping[str, Any], person: Mapping[str, Any]) -> None:
    """Creates the rows that come with a new contact, empty where nothing was given."""
    given = {
        "name": "Main Address",
        "address_type_id": "ACCOUNTS",
        "country_id": books.business.country,
        **address,
        "contact_id": contact["id"],
        "is_main_address": True,
    }
    row = create(books, given, prefix="main_address.")
    given = {
        "name": "Main Contact",
        "contact_person_type_ids": ["ACCOUNTS"],
        **person,
        "address_id": row["id"],
        "is_main_contact": True,
    }
    create_person(books, given, prefix="main_contact_person.")


def deliver_to(books: Books, contact: Record, given: Mapping[str, Any]) -> None:
    found = delivery_address(books, contact)
    if found:
        save(books, found, given, "delivery_address.")
    else:
        create(
            books,
            {
                "name": "Delivery Address",
                **given,
                "address_type_id": "DELIVERY",
                "contact_id": contact["id"],
                "is_main_address": False,
            },
            prefix="delivery_address.",
        )


# ---------------------------------------------------------------- addresses


def create(books: Books, body: Mapping[str, Any], key: str | None = None, prefix: str = "") -> Record:
    values = read(BodyContext(books, "address", True, prefix), ADDRESS, body)
    owner = values.get("contact_id")
    if owner and books.options.plan == "Start" and of_contact(books, owner):
        raise invalid("Your subscription allows one address for each contact.", "contact_id")
    record = books.insert("addresses", {**values, "displayed_as": values["name"]}, key)
    _settle_main(books, record)
    return record


def update(books: Books, record: Record, body: Mapping[str, Any]) -> None:
    save(books, record, body)
    if books.options.contact_touch and record.get("contact_id"):
        books.change(books.find("contacts", record["contact_id"]), {})


def save(books: Books, record: Record | None, body: Mapping[str, Any], prefix: str = "") -> None:
    assert record is not None
    values = read(BodyContext(books, "address", False, prefix), ADDRESS, body)
    if record["is_main_address"] and values.get("is_main_address") is False:
        raise invalid("A contact must have a main address.", "is_main_address")
    books.change(record, {**values, "displayed_as": values.get("name", record["name"])})
    _settle_main(books, record)


def _settle_main(books: Books, record: Record) -> None:
    """Each contact has one main address: the one that was marked as main last."""
    contact = books.stored("contacts", record.get("contact_id")) if record.get("contact_id") else None
    if contact is None or not record["is_main_address"]:
        return
    for other in of_contact(books, contact["id"]):
        if other is not record and other["is_main_address"]:
            books.change(other, {"is_main_address": False})
    books.change(contact, {"main_address_id": record["id"]}, touch=False)


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    if record["is_main_address"]:
        raise invalid("You cannot delete the main address of a contact.")
    for person in books.live("contact_persons"):
        if person["address_id"] == record["id"]:
            delete_person(books, person, query)
    books.remove(record)


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    return stamped("addresses", record) | {"deleted_at": record["deleted_at"]} | shown(books, ADDRESS, record)


# ---------------------------------------------------------------- persons


def create_person(books: Books, body: Mapping[str, Any], key: str | None = None, prefix: str = "") -> Record:
    values = read(BodyContext(books, "contact_person", True, prefix), PERSON, body)
    record = books.insert("contact_persons", {**values, "displayed_as": values["name"]}, key)
    _settle_main_person(books, record)
    return record


def update_person(books: Books, record: Record, body: Mapping[str, Any]) -> None:
    save_person(books, record, body)
    contact = _contact(books, record)
    if books.options.contact_touch and contact:
        books.change(contact, {})


def save_person(books: Books, record: Record | None, body: Mapping[str, Any], prefix: str = "") -> None:
    assert record is not None
    values = read(BodyContext(books, "contact_person", False, prefix), PERSON, body)
    if record.get("is_main_contact") and values.get("is_main_contact") is False:
        raise invalid("A contact must have a main contact person.", "is_main_contact")
    books.change(record, {**values, "displayed_as": values.get("name", record["name"])})
    _settle_main_person(books, record)


def _contact(books: Books, person: Record) -> Record | None:
    address = books.stored("addresses", person["address_id"])
    return (
        books.stored("contacts", address.get("contact_id")) if address and address.get("contact_id") else None
    )


def _settle_main_person(books: Books, record: Record) -> None:
    contact = _contact(books, record)
    if contact is None or not record.get("is_main_contact"):
        return
    for other in persons_of(books, contact["id"]):
        if other is not record and other.get("is_main_contact"):
            books.change(other, {"is_main_contact": False})
    books.change(contact, {"main_person_id": record["id"]}, touch=False)


def delete_person(books: Books, record: Record, query: Mapping[str, str]) -> None:
    if record.get("is_main_contact"):
        raise invalid("You cannot delete the main contact person.")
    books.remove(record)


def shape_person(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    return (
        stamped("contact_persons", record)
        | {"deleted_at": record["deleted_at"]}
        | shown(books, PERSON, record)
    )
