"""A sales invoice, with what has been paid of it."""

from shared.entities._types import Day, Number, Text
from shared.entities.document import Document


class Invoice(Document):
    """What a customer has been charged."""

    invoice_date: Day = None
    order_number: Text = None
    paid: Number = None
    outstanding: Number = None
