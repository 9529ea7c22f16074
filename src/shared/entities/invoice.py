"""A sales invoice, with what was paid of it and how."""

from shared.entities._types import Day, Flag, Number, Text
from shared.entities.document import Document


class Invoice(Document):
    """What a customer has been charged."""

    invoice_date: Day = None
    order_number: Text = None
    foreign: Flag = None
    """Whether it is in another currency than the company's."""
    ledger_id: Text = None
    """The ledger's own id of it: what there is of a draft before it has a number."""
    received: Number = None
    """Money, less what was refunded: payments, and payments on account that were allocated later."""
    credited: Number = None
    """By credit notes, write-offs included."""
    discounted: Number = None
    settled_otherwise: Number = None
    """What is neither; `settled_by` names it."""
    outstanding: Number = None
    """These five add up to the total."""
    settled_by: Text = None
    """The credit notes, and what settled it otherwise, each with its amount."""
    paid: Number = None
    """All that the ledger itself calls paid: the total less `outstanding`."""
