"""A service that is sold: a product without stock."""

from shared.entities._types import Entity, Flag, Number, Text


class Service(Entity):
    """Work that is sold by price. Prices are net and in the base currency."""

    sku: Text = None
    name: Text = None
    description: Text = None
    price: Number = None
    unit: Text = None
    tax_code: Text = None
    nominal: Text = None
    inactive: Flag = None
