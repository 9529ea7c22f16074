"""What quotations, sales orders and invoices have in common."""

from shared.entities._types import Day, Number, Text
from shared.entities.address import BillingAddress, DeliveryAddress
from shared.entities.line import Line


class Document(BillingAddress, DeliveryAddress):
    """A sales document with its customer, addresses and lines."""

    number: Text = None
    """The number assigned by the ledger."""
    name: Text = None
    """What the CRM calls it."""
    account: Text = None
    """The link of the account."""
    customer_ref: Text = None
    """The customer's account reference in the ledger."""
    customer_id: Text = None
    """The customer's id in the CRM."""
    customer_name: Text = None
    contact_name: Text = None
    phone: Text = None
    email: Text = None
    currency: Text = None
    """Three letters (ISO 4217)."""
    exchange_rate: Number = None
    """Units of the base currency for one of `currency`."""
    reference: Text = None
    amount: Number = None
    """The total the CRM shows, net or gross as the flow's pricing says."""
    net: Number = None
    tax: Number = None
    tax_mode: Text = None
    """How the CRM taxes it: by line (`individual`) or as a whole (`group`)."""
    discount: Number = None
    """Discount on the whole document, in per cent."""
    discount_amount: Number = None
    """Discount on the whole document, as an amount."""
    adjustment: Number = None
    shipping: Number = None
    """Carriage, net."""
    shipping_tax: Number = None
    deducted_tax: Number = None
    notes: Text = None
    notes_2: Text = None
    notes_3: Text = None
    analysis_1: Text = None
    analysis_2: Text = None
    analysis_3: Text = None
    taken_by: Text = None
    owner: Text = None
    """The id in the CRM of the user responsible."""
    status: Text = None
    due_date: Day = None
    lines: list[Line] | None = None
