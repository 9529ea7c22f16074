"""One line of a quotation, order or invoice."""

from shared.entities._types import Entity, Flag, Number, Text, Whole


class Line(Entity):
    """What is sold, how much of it and for how much. Prices are in the document's currency."""

    sku: Text = None
    """The ledger's product code; Sage 50 also takes the special codes M, S1, S2 and S3."""
    product: Text = None
    """The link of the product that is sold."""
    service: Text = None
    """The link of the service that is sold."""
    description: Text = None
    quantity: Number = None
    unit_price: Number = None
    """For one unit, before discount. Net or gross as the flow's pricing says until it is priced, then net."""
    discount: Number = None
    """Discount on the line, in per cent."""
    discount_amount: Number = None
    """Discount on the line, as an amount."""
    discount_in_percent: Flag = None
    """Whether `discount_amount` is in per cent instead."""
    tax_code: Text = None
    """The ledger's tax code, such as T1."""
    tax_rate: Number = None
    """In per cent: 20 means a fifth."""
    net: Number = None
    tax: Number = None
    nominal: Text = None
    department: Whole = None
    unit: Text = None
    comment: Text = None
    details: Text = None
