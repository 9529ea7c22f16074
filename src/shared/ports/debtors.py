"""What a ledger knows of its debtors: the balance of every customer, read list by list, and how much of it is
overdue. For ledgers that have it; `System.debtors` says so."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from shared.domain.record import record


@record
class Position:
    """One customer as the ledger's list shows it. Amounts have pence; a negative balance is the customer's
    credit. None: this ledger does not say. `foreign` names the currency of an account that is not kept in the
    ledger's own."""

    id: str
    reference: str
    balance: Decimal
    credit_limit: Decimal | None = None
    account_status: str | None = None
    on_hold: bool | None = None
    foreign: str = ""


@record
class Portion:
    """Some of the customers. `place` continues behind them; `last`: these were the last."""

    positions: tuple[Position, ...]
    place: str
    last: bool


class Debtors(Protocol):
    """Raises only `SyncError`s."""

    lacks: frozenset[str]
    """Fields of a credit position that this ledger does not have."""

    def portions(self, place: str, known: Sequence[str]) -> Iterator[Portion]:
        """Every customer, from `place` on ("" is the start), in as few calls as the vendor's list allows: at
        least 200 customers a call. `known`: ids from an earlier walk, by which a list without pages is cut
        into portions."""
        ...

    def of(self, ids: Sequence[str]) -> dict[str, Position]:
        """These customers as they are now; those that the ledger does not have are left out."""
        ...

    def overdue(self, positions: Sequence[Position], today: date) -> Iterator[tuple[str, Decimal]]:
        """(id, overdue amount, never below zero and never more than the balance), as they are read."""
        ...
