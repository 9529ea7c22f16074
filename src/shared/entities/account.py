"""A customer: an account or organisation in the CRM, a sales ledger account in Sage."""

from shared.entities._types import Flag, Number, Text, Whole
from shared.entities.address import BillingAddress, DeliveryAddress


class Account(BillingAddress, DeliveryAddress):
    """A company (or person) that buys."""

    reference: Text = None
    """The ledger's account reference, in capitals."""
    name: Text = None
    contact_name: Text = None
    phone: Text = None
    phone_2: Text = None
    fax: Text = None
    email: Text = None
    website: Text = None
    vat_number: Text = None
    currency: Text = None
    """Three letters (ISO 4217)."""
    tax_code: Text = None
    """The tax code for its documents when nothing else sets one, such as T1."""
    tax_code_always: Flag = None
    """Whether that code counts on every line, whatever the code of the item is."""
    nominal: Text = None
    nominal_always: Flag = None
    """Whether that nominal counts on every line, whatever the nominal of the item is."""
    on_hold: Flag = None
    inactive: Flag = None
    credit_limit: Number = None
    balance: Number = None
    terms: Text = None
    payment_days: Whole = None
    price_list: Text = None
    discount_rate: Number = None
    """The customer's own discount, in per cent."""
    discount_type: Whole = None
    """The ledger's code: 0 none besides, 1 by the value of the document, 2 to 6 the tables A to E."""
    analysis_1: Text = None
    analysis_2: Text = None
    analysis_3: Text = None
    notes: Text = None
    kind: Text = None
    industry: Text = None
    owner: Text = None
    sales_rep: Text = None
    """The full name of the person who looks after it."""
    read_only: Flag = None
    """Whether people cannot change it there."""
    main_contact: Text = None
    """The link of the person to talk to first."""
