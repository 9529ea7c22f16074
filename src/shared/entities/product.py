"""A product that is sold, kept in stock or not."""

from shared.entities._types import Entity, Flag, Number, Text


class Product(Entity):
    """One item in the catalogue. Prices are net and in the base currency."""

    sku: Text = None
    name: Text = None
    description: Text = None
    price: Number = None
    base_price: Number = None
    """The price before tax and before any price list, where a system keeps it beside the price it shows."""
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
    """Blank where stock does not apply."""
    allocated: Number = None
    inactive: Flag = None
    active: Flag = None
    location: Text = None
    picture: Text = None
    """The name of its picture's file. The picture itself goes apart from the record's fields."""
