"""A quotation: prices offered until a date."""

from shared.entities._types import Day, Flag, Text
from shared.entities.document import Document


class Quotation(Document):
    """What has been offered to a customer."""

    quotation_date: Day = None
    expires_on: Day = None
    locked: Flag = None
    """Whether the CRM's people may no longer change it."""
    cancelled: Flag = None
    """Whether the order that the ledger made of it was cancelled there."""
    invoice_number: Text = None
    """The number of the invoice that the ledger made of it."""
