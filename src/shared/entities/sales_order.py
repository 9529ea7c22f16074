"""A sales order: in a CRM often a won opportunity."""

from shared.entities._types import Day, Text
from shared.entities.document import Document


class SalesOrder(Document):
    """What a customer has ordered."""

    order_date: Day = None
    customer_order_number: Text = None
    """The number the customer knows it by."""
