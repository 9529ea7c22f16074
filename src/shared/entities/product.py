"""A product that is sold, kept in stock or not."""

from shared.entities._types import Entity, Flag, Number, Text


class Product(Entity):
    """One item in the catalogue. Prices are net and in the base currency."""

    sku: Text = None
    name: Text = None
    description: Text = None
    price: Number = None
    cost: Number = None
    unit: Text = None
    barcode: Text = None
    supplier_part: Text = None
    tax_code: Text = None
    tax_rate: Number = None
    """In per cent: 20 means a fifth."""
    nominal: Text = None
    category: Text = None
    in_stock: Number = None
    allocated: Number = None
    inactive: Flag = None
    active: Flag = None
    location: Text = None
