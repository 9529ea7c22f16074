"""Allocations: a customer's credit notes and payments on account set against his invoices.

The amounts of an allocation add up to zero: an invoice's is above it, the others' below.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, invalid
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.payments import shown_artefact
from local.vendors.sage_accounting.settlement import INVOICES, PAYABLE, artefact, outstanding, settle_paid
from local.vendors.sage_accounting.shapes import decimals, shown, stamped
from local.vendors.sage_accounting.tables import ALLOCATED, CONTACT_ALLOCATION

KIND = "CUSTOMER_ALLOCATION"


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    fields = (*CONTACT_ALLOCATION, Field("allocated_artefacts", "raw"))
    values = read(BodyContext(books, "contact_allocation", True), fields, body)
    context = BodyContext(books, "contact_allocation", True, "allocated_artefacts.")
    given = values.pop("allocated_artefacts", None) or []
    if not given:
        raise Refused(422, [error(REQUIRED, "allocated_artefacts")])
    if values["transaction_type_id"] != KIND:
        raise invalid("This transaction type cannot be used for a customer.", "transaction_type_id")
    parts = [{"id": uuid4().hex, **read(context, ALLOCATED, one)} for one in given]
    if sum((part["amount"] for part in parts), Decimal(0)) or len(parts) < 2:
        raise invalid("The allocated amounts must add up to zero.", "allocated_artefacts")
    currencies = {_check(books, values["contact_id"], part) for part in parts}
    if len(currencies) > 1:
        raise invalid("All documents must have the same currency.", "allocated_artefacts")
    if len({part["artefact_id"] for part in parts}) < len(parts):
        raise invalid("A document can be allocated only once.", "allocated_artefacts.artefact_id")
    day = values.pop("date", None) or books.clock.now().date().isoformat()
    record = books.insert(
        "contact_allocations",
        {**values, "date": day, "allocations": parts, "displayed_as": "Allocation"},
        key,
    )
    for part in parts:
        settle_paid(books, part["artefact_id"])
    return record


def allocate(books: Books, invoice: Record, giver: str, amount: Decimal) -> Record:
    """As a person sets one credit note or payment on account against an invoice."""
    return create(
        books,
        {
            "transaction_type_id": KIND,
            "contact_id": invoice["contact_id"],
            "allocated_artefacts": [
                {"artefact_id": invoice["id"], "amount": amount},
                {"artefact_id": giver, "amount": -amount},
            ],
        },
    )


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    books.remove(record)
    for part in record["allocations"]:
        settle_paid(books, part["artefact_id"])


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    allocated = [
        {
            "id": part["id"],
            "artefact": shown_artefact(books, part["artefact_id"]),
            **decimals({"amount": part["amount"]}),
        }
        for part in record["allocations"]
    ]
    return {
        **stamped("contact_allocations", record),
        **shown(books, CONTACT_ALLOCATION, record),
        "links": [],
        "transaction": None,
        "deleted_at": record["deleted_at"],
        "allocated_artefacts": allocated,
    }


def _check(books: Books, contact: str, part: Record) -> str:
    """The currency of a document that may be allocated so."""
    resource, document = artefact(books, part["artefact_id"])
    if document["contact_id"] != contact:
        raise invalid("Couldn't find Customer.")
    if document["status"] not in PAYABLE:
        raise invalid("You can only allocate what is unpaid or part-paid.", "allocated_artefacts.artefact_id")
    if (part["amount"] > 0) != (resource == INVOICES) or not part["amount"]:
        raise invalid(
            "The amount of an invoice must be above zero, that of a credit below.",
            "allocated_artefacts.amount",
        )
    if abs(part["amount"]) > outstanding(books, document):
        raise invalid("The amount is more than the outstanding amount.", "allocated_artefacts.amount")
    return str(document["currency_id"])
