"""What customers owe: postings that move a balance, as the ledger has them, and their ages.

A posting is made by people at Sage's screens, or by posting an invoice; documents move nothing until then.
It does not move the customer's RECORD_MODIFY_DATE unless `posting_touch` says so: the vendor writes nothing
of that.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from local.vendors.hyperaccounts.ledger import Ledger, Record
from local.vendors.hyperaccounts.values import Refused

_SIGNS = {"SI": 1, "SC": -1, "SR": -1, "SA": -1, "SD": -1}
"""The vendor's types: sales invoice, credit, receipt, receipt on account, discount."""
_AGES = ((30, "current"), (60, "period30Days"), (90, "period60Days"), (120, "period90Days"))
"""Younger than so many days."""


def post(ledger: Ledger, body: Mapping[str, Any]) -> str:
    """{accountRef, type, amount, date (ISO, today)}. The account's reference."""
    record = ledger.customer(body.get("accountRef"))
    kind, amount = str(body.get("type") or "SI"), Decimal(str(body.get("amount")))
    if kind not in _SIGNS:
        raise Refused(f"Unknown transaction type {kind}")
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise Refused("The amount must be above zero, in pounds and pence")
    day = str(body.get("date") or ledger.clock.now().date().isoformat())
    signed, account = amount * _SIGNS[kind], str(record["ACCOUNT_REF"])
    ledger.postings.setdefault(account, []).append((date.fromisoformat(day), signed))
    balance = {"BALANCE": record["BALANCE"] + signed}
    if ledger.options.posting_touch:
        ledger.change(record, balance)
    else:
        record.update(balance)
    return account


def aged(ledger: Ledger, reference: object) -> dict[str, Any]:
    """Raises Refused for an account that does not exist."""
    account = ledger.customer(reference)["ACCOUNT_REF"]
    names = ("current", "future", "period30Days", "period60Days", "period90Days", "older")
    sums = dict.fromkeys(names, Decimal(0))
    for day, amount in ledger.postings.get(account, ()):
        sums[_age(ledger.clock.now(), day)] += amount
    return {"total": float(sum(sums.values()))} | {name: float(sums[name]) for name in names}


def invoice(ledger: Ledger, record: Record) -> None:
    """An order is invoiced and the invoice posted: its gross is in the balance, and it is despatched."""
    gross = Decimal(str(record["ITEMS_GROSS"])) + record["CARR_NET"] + record["CARR_TAX"]
    post(ledger, {"accountRef": record["ACCOUNT_REF"], "type": "SI", "amount": gross})
    ledger.change(record, {"DESPATCH_STATUS_CODE": 2})


def _age(now: datetime, day: date) -> str:
    days = (now.date() - day).days
    if days < 0:
        return "future"
    return next((name for limit, name in _AGES if days < limit), "older")
