"""A customer's credit position: what is new in the ledger's list, and what the CRM is to show of it. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.credit import pence
from shared.domain.record import record
from shared.ports import Position

AMOUNTS = ("balance", "overdue", "credit_limit")


@record
class Told:
    """What the CRM was told of one customer. `day`: the day of that (ISO). `state`: "told"; "refused", the
    CRM did not take it; "unplaced", it has no account of this customer, looked for again until `until` (ISO
    day)."""

    shown: tuple[str, ...]
    day: str
    state: str = "told"
    until: str = ""

    def row(self) -> list[str]:
        return [self.day, self.state, self.until, *self.shown]

    @classmethod
    def of(cls, row: Sequence[str]) -> "Told":
        day, state, until, *shown = row
        return cls(tuple(shown), day, state, until)


def shown(position: Position) -> tuple[str, ...]:
    """All that the ledger's list says, in texts that are equal when it says the same."""
    limit, hold = position.credit_limit, position.on_hold
    return (
        str(pence(position.balance)),
        "" if limit is None else str(pence(limit)),
        position.account_status or "",
        "" if hold is None else str(int(hold)),
        position.foreign,
    )


def is_news(position: Position, told: Told | None, today: str) -> bool:
    """Whether the CRM has to be told before the day is over. One without an account is looked for again as
    long as it is new: its account may be on the way."""
    if told is None or told.shown != shown(position):
        return True
    return told.state == "unplaced" and told.until >= today


def is_due(told: Told | None, today: str) -> bool:
    """Whether it was not looked at today: days pass, and what was current becomes overdue."""
    return told is None or told.day != today


def view(position: Position, overdue: Decimal | None, *, foreign: bool) -> dict[str, Any]:
    """Canonical field -> value. Amounts of an account in another currency are blank unless `foreign`: the CRM
    would show them as if they were in its own."""
    limit = position.credit_limit
    values: dict[str, Any] = {
        "balance": pence(position.balance),
        "overdue": None if overdue is None else pence(overdue),
        "credit_limit": None if limit is None else pence(limit),
        "account_status": position.account_status,
        "on_hold": position.on_hold,
    }
    return values | (dict.fromkeys(AMOUNTS) if position.foreign and not foreign else {})


def nothing_owed(position: Position) -> bool:
    """Nothing can be overdue, so nobody need be asked."""
    return position.balance <= 0


def differing(
    wanted: Mapping[str, Any], there: Mapping[str, Any] | None, fields: Sequence[str]
) -> dict[str, Any]:
    """What the CRM lacks; all of it where it was not read."""
    return {
        name: wanted[name]
        for name in fields
        if there is None or name not in there or there[name] != wanted[name]
    }
