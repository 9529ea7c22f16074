"""What of an invoice is paid, as the ledger's entry of it says. Pure, but for the search it is given.

An entry knows how much was allocated to it, and not by what: money, a credit note and a discount look alike.
So there is `paid` and `outstanding`, and nothing is called money received.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.ports import Snapshot

SALES_INVOICE = "SI"
WORKED_OUT = ("paid", "outstanding", "state")
"""Values of an invoice that neither its row nor its single read holds. `state` is "issued", "paid" once
nothing is outstanding, or "credit note"."""
_CREDITS = (3, 4)
Search = Callable[[Sequence[str]], Sequence[Snapshot]]


def settled(invoices: Sequence[Snapshot], search: Search) -> list[Snapshot]:
    """The invoices with `paid`, `outstanding` and `state`; amounts are blank where the ledger has no entry,
    more than one, or does not tell its amounts."""
    numbers = sorted({one.id for one in invoices})
    entries: dict[tuple[str, str], list[Snapshot]] = {}
    for entry in search(numbers) if numbers else ():
        if entry.values.get("type") == SALES_INVOICE:
            entries.setdefault(_key(entry.values, "invRef", "accountRef"), []).append(entry)
    return [_told(one, _amounts(entries.get(_key_of(one), ()))) for one in invoices]


def _told(invoice: Snapshot, amounts: dict[str, Decimal | None]) -> Snapshot:
    return replace(
        invoice,
        values={**invoice.values, **amounts, "state": _state(invoice.values, amounts["outstanding"])},
    )


def _state(values: Any, outstanding: Decimal | None) -> str:
    if values.get("invoiceTypeCode") in _CREDITS:
        return "credit note"
    return "paid" if outstanding is not None and outstanding <= 0 else "issued"


def _key_of(invoice: Snapshot) -> tuple[str, str]:
    return _key({**invoice.values, "number": invoice.id}, "number", "customerAccountRef")


def _key(values: Any, number: str, account: str) -> tuple[str, str]:
    return str(values.get(number) or ""), str(values.get(account) or "").upper()


def _amounts(entries: Sequence[Snapshot]) -> dict[str, Decimal | None]:
    gross = entries[0].values.get("grossAmount") if len(entries) == 1 else None
    paid = entries[0].values.get("amountPaid") if len(entries) == 1 else None
    if not isinstance(gross, Decimal) or not isinstance(paid, Decimal):
        return dict.fromkeys(("paid", "outstanding"))
    return {"paid": paid, "outstanding": gross - paid}
