"""A sales order: in a CRM often a won opportunity."""

from shared.entities._types import Day, Flag, Text
from shared.entities.document import Document


class SalesOrder(Document):
    """What a customer has ordered."""

    order_date: Day = None
    customer_order_number: Text = None
    """The number the customer knows it by."""
    cancelled: Flag = None
    """Whether the ledger has it as cancelled."""
