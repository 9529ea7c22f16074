"""A person at an account."""

from shared.entities._types import Entity, Flag, Text


class Contact(Entity):
    """Somebody to talk to. `full_name` is for systems that keep a name in one field."""

    account_ref: Text = None
    """The account reference of its account in the ledger."""
    account: Text = None
    """The link of the account."""
    account_id: Text = None
    """The id of its account in the CRM."""
    first_name: Text = None
    last_name: Text = None
    full_name: Text = None
    salutation: Text = None
    job_title: Text = None
    email: Text = None
    phone: Text = None
    mobile: Text = None
    fax: Text = None
    street: Text = None
    town: Text = None
    county: Text = None
    postcode: Text = None
    country: Text = None
    notes: Text = None
    owner: Text = None
    read_only: Flag = None
    """Whether people cannot change it there."""
