"""Postal addresses, written out as fields of the entity, so that each part can be mapped by one line."""

from shared.entities._types import Entity, Text


class BillingAddress(Entity):
    """Where the bill goes. `street` may have several lines, joined by line feeds."""

    billing_name: Text = None
    billing_street: Text = None
    billing_town: Text = None
    billing_county: Text = None
    billing_postcode: Text = None
    billing_country: Text = None
    """The country as the source writes it, or two letters where the map says `country_code`."""


class DeliveryAddress(Entity):
    """Where the goods go."""

    delivery_name: Text = None
    delivery_street: Text = None
    delivery_town: Text = None
    delivery_county: Text = None
    delivery_postcode: Text = None
    delivery_country: Text = None
