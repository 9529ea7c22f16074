"""A user of the CRM or the ledger, for owners and 'taken by'."""

from shared.entities._types import Entity, Flag, Text


class User(Entity):
    """Somebody who works in one of the systems."""

    user_name: Text = None
    first_name: Text = None
    last_name: Text = None
    full_name: Text = None
    email: Text = None
    inactive: Flag = None
    active: Flag = None
