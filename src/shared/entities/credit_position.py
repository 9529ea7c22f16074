"""How much a customer owes the ledger, and may owe: a copy for the CRM, which the ledger alone writes."""

from shared.entities._types import Entity, Flag, Number, Text


class CreditPosition(Entity):
    """Amounts include tax, as the ledger's do."""

    balance: Number = None
    """What is owed; below zero, what the customer has to his credit."""
    overdue: Number = None
    """The part of it that should have been paid by now."""
    credit_limit: Number = None
    account_status: Text = None
    """The ledger's own word, such as Open or Legal."""
    on_hold: Flag = None
