"""A service that is sold: a product without stock."""

from shared.entities._types import Entity, Flag, Number, Text


class Service(Entity):
    """Work that is sold at a price. Prices are net and in the base currency."""

    sku: Text = None
    name: Text = None
    description: Text = None
    price: Number = None
    cost: Number = None
    unit: Text = None
    tax_code: Text = None
    tax_rate: Number = None
    """In per cent: 20 means a fifth."""
    nominal: Text = None
    inactive: Flag = None
    active: Flag = None
