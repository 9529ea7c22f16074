"""Contacts: each has one type, a permanent reference, and from the start a main address and a main person."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting import addresses
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, invalid, malformed
from local.vendors.sage_accounting.fields import BodyContext, read
from local.vendors.sage_accounting.shapes import shown, stamped
from local.vendors.sage_accounting.tables import CONTACT, CONTACT_PARTS

_TAX_NUMBER = {
    "GB": r"(GB)?(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
    "IE": r"(IE)?\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "DE": r"(DE)?\d{9}",
    "FR": r"(FR)?[A-Z0-9]{2}\d{9}",
}
_NO_TREATMENT = {
    "home_tax": False,
    "eu_tax_registered": False,
    "eu_not_tax_registered": False,
    "rest_of_world_tax": False,
    "is_importer": False,
}


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = read(BodyContext(books, "contact", True), (*CONTACT, *CONTACT_PARTS), _plain(body))
    parts = {field.name: values.pop(field.name, None) or {} for field in CONTACT_PARTS}
    settings = books.invoice_settings
    values = {
        "reference": "",
        "currency_id": books.options.base_currency,
        "credit_limit": Decimal(0),
        "locale": "en-GB",
        "credit_days": settings["customer_credit_days"],
        "credit_terms": settings["customer_credit_terms"],
        "tax_treatment": {**_NO_TREATMENT, "home_tax": True},
        "bank_account_details": {},
        "system": False,
        **_given(values),
    }
    _check(books, values, None)
    record = books.insert("contacts", {**values, "displayed_as": _display(values)}, key)
    addresses.first(books, record, parts["main_address"], parts["main_contact_person"])
    if parts["delivery_address"]:
        addresses.deliver_to(books, record, parts["delivery_address"])
    _check_tax_number(books, record)
    return record


def update(books: Books, record: Record, body: Mapping[str, Any]) -> None:
    if record["system"]:
        raise invalid("You cannot edit a system contact.")
    values = read(BodyContext(books, "contact", False), (*CONTACT, *CONTACT_PARTS), _plain(body))
    parts = {field.name: values.pop(field.name, None) for field in CONTACT_PARTS}
    _check_parts(books, parts)
    for part in ("tax_treatment", "bank_account_details"):
        if isinstance(values.get(part), dict):
            values[part] = {**(record.get(part) or {}), **values[part]}
    merged = {**record, **values}
    _check(books, merged, record)
    books.change(record, {**values, "displayed_as": _display(merged)})
    if parts["main_address"]:
        addresses.save(books, addresses.main_address(books, record), parts["main_address"], "main_address.")
    if parts["delivery_address"]:
        addresses.deliver_to(books, record, parts["delivery_address"])
    if parts["main_contact_person"]:
        person = addresses.main_person(books, record)
        addresses.save_person(books, person, parts["main_contact_person"], "main_contact_person.")
    _check_tax_number(books, record)


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    if not deletable(books, record):
        raise invalid("You cannot delete this contact as it is in use.")
    for person in addresses.persons_of(books, record["id"]):
        books.remove(person)
    for address in addresses.of_contact(books, record["id"]):
        books.remove(address)
    books.remove(record)


def deletable(books: Books, record: Record) -> bool:
    used = any(
        one["contact_id"] == record["id"]
        for resource in ("sales_invoices", "contact_payments", "sales_quotes")
        for one in books.live(resource)
    )
    supplies = any(
        one.get("usual_supplier_id") == record["id"]
        for resource in ("products", "services")
        for one in books.live(resource)
    )
    return not record["system"] and not used and not supplies


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    main, person = addresses.main_address(books, record), addresses.main_person(books, record)
    delivery = addresses.delivery_address(books, record)
    country = (main or {}).get("country_id") or books.business.country
    found = (
        stamped("contacts", record)
        | {"links": [], "deleted_at": record["deleted_at"]}
        | shown(books, CONTACT, record)
        | {
            "main_address": books.reference("addresses", (main or {}).get("id")),
            "delivery_address": books.reference("addresses", (delivery or {}).get("id")),
            "main_contact_person": books.reference("contact_persons", (person or {}).get("id")),
            "email": (person or {}).get("email", ""),
            "deletable": deletable(books, record),
            "gdpr_obfuscated": False,
            "system": record["system"],
            "is_active": True,
            "cis_registered": False,
            "cis_settings": None,
            "ni_based": False,
            "gb_based": country == "GB",
        }
    )
    if query.get("show_unfinished_recurring_invoices_status", "true") == "true":
        found["has_unfinished_recurring_invoices"] = False
    if query.get("show_balance") == "true":
        found["balance"] = _balance(books, record)
    return found


def _balance(books: Books, record: Record) -> str:
    from local.vendors.sage_accounting.settlement import ARTEFACTS, INVOICES, outstanding
    from local.vendors.sage_accounting.values import decimal_text

    return decimal_text(
        sum(
            (
                outstanding(books, one) * (1 if resource == INVOICES else -1)
                for resource in ARTEFACTS
                for one in books.live(resource)
                if one["contact_id"] == record["id"]
            ),
            Decimal(0),
        )
    )


def _plain(body: Any) -> Any:
    return body if isinstance(body, Mapping) else None


def _given(values: Mapping[str, Any]) -> Record:
    return {name: value for name, value in values.items() if value is not None}


def _display(values: Mapping[str, Any]) -> str:
    return f"{values['name']} ({values['reference']})" if values.get("reference") else str(values["name"])


def _check(books: Books, values: Record, record: Record | None) -> None:
    if len(values["contact_type_ids"]) != 1:
        raise malformed("contact", "contact_type_ids", books.options.validation_status)
    if not 0 <= (values.get("credit_days") or 0) <= 365:
        raise invalid("This field must be between 0 and 365.", "credit_days")
    _check_reference(books, values["reference"] or "", record)
    currency = values.get("currency_id") or books.options.base_currency
    if currency != books.options.base_currency and not books.multi_currency:
        raise invalid("You cannot use foreign currencies with your subscription.", "currency_id")
    if record and currency != record["currency_id"] and not deletable(books, record):
        raise invalid("You cannot change the currency of a contact that has transactions.", "currency_id")
    values["currency_id"] = currency


def _check_reference(books: Books, reference: str, record: Record | None) -> None:
    """Deleted contacts keep their references."""
    others = (one for one in books.every("contacts") if one is not record)
    if reference and any((one["reference"] or "").upper() == reference.upper() for one in others):
        raise invalid("This reference is already in use.", "reference")


def _check_tax_number(books: Books, record: Record) -> None:
    country = (addresses.main_address(books, record) or {}).get("country_id") or books.business.country
    given = (record.get("tax_number") or "").replace(" ", "").upper()
    if given and not re.fullmatch(_TAX_NUMBER.get(country, r".+"), given):
        raise invalid("The VAT number is not valid for this country.", "tax_number")


def _check_parts(books: Books, parts: Mapping[str, Any]) -> None:
    """In a PUT, a nested address or person must be complete enough to be recognised."""
    if not books.options.nested_put_needs_name:
        return
    wrong = [
        error(REQUIRED, f"{part}.name") for part, given in parts.items() if given and not given.get("name")
    ]
    person = parts["main_contact_person"]
    if person and person.get("is_main_contact") is not True:
        wrong.append(error(REQUIRED, "main_contact_person.is_main_contact"))
    if wrong:
        raise Refused(422, wrong)
