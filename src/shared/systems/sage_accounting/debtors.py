"""Balances from the list of contacts, and what is overdue from the open invoices.

`show_balance` is a parameter of the list, 200 contacts a call; whether a posting moves a contact's time stamp
is written nowhere, so the whole list is compared. Sage has no aged debtors: what is late are open invoices
past their due date, less what the customer has to his credit. Credit notes and payments on account that are
not allocated are the difference between the open invoices and the balance.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from shared.domain.credit import late_of, pence
from shared.ports import Portion, Position
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.values import number, reference

_LISTED = {
    "attributes": "reference,balance,credit_limit,currency",
    "contact_type_id": "CUSTOMER",
    "exclude_system": "true",
    "show_balance": "true",
}
_INVOICES = "/sales_invoices"
_OPEN = ("UNPAID", "PART_PAID")
FEW = 20
"""Of more customers than this, the open invoices of all are listed instead of those of each."""

Items = list[tuple[str, Decimal]]


class SageDebtors:
    lacks = frozenset({"account_status", "on_hold"})

    def __init__(self, context: SageContext) -> None:
        self._context = context
        self._all: dict[str, Items] | None = None

    def portions(self, place: str, known: Sequence[str]) -> Iterator[Portion]:
        own = self._context.facts.base_currency()
        for batch in self._context.lists.batches("/contacts", _LISTED):
            yield Portion(tuple(_position(row, own) for row in batch.rows), "", batch.last)

    def of(self, ids: Sequence[str]) -> dict[str, Position]:
        """One call each."""
        own, client = self._context.facts.base_currency(), self._context.client
        found = {
            one: client.find(f"/contacts/{quote(one, safe='')}", "read a balance", {"show_balance": "true"})
            for one in ids
        }
        return {one: _position(row, own) for one, row in found.items() if row is not None}

    def overdue(self, positions: Sequence[Position], today: date) -> Iterator[tuple[str, Decimal]]:
        """Two calls for each of a few customers, else two for each 200 open invoices of all, once."""
        few = len(positions) <= FEW and self._all is None
        for one in positions:
            items = self._open({"contact_id": one.id}).get(one.id, []) if few else self._open_of(one.id)
            yield one.id, late_of(items, one.balance, today.isoformat())

    def _open_of(self, contact: str) -> Items:
        if self._all is None:
            self._all = self._open({})
        return self._all.get(contact, [])

    def _open(self, which: dict[str, str]) -> dict[str, Items]:
        found: dict[str, Items] = {}
        for status in _OPEN:
            asked = {"attributes": "contact,due_date,outstanding_amount", "status_id": status, **which}
            for row in self._context.lists.all(_INVOICES, asked):
                item = (str(row.get("due_date") or ""), _amount(row.get("outstanding_amount")))
                found.setdefault(reference(row.get("contact")), []).append(item)
        return found


def _position(row: Row, own: str) -> Position:
    """A limit of 0 is how Sage shows that none was entered."""
    currency = reference(row.get("currency"))
    return Position(
        str(row["id"]),
        str(row.get("reference") or ""),
        _amount(row.get("balance")),
        _amount(row.get("credit_limit")),
        foreign=currency if currency not in ("", own) else "",
    )


def _amount(value: Any) -> Decimal:
    return pence(number(value) or Decimal(0))
