"""Balances by search, and what is overdue by aged debtors.

The search rows of customers carry balance, limit, status and on hold (vendor's documents). Whether a posting
moves RECORD_MODIFY_DATE of its customer is written nowhere, so the whole list is compared; in ranges of
references, since the search has no pages and a long answer holds the resource for a minute and more.
`/api/agedDebtors` answers for one customer at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from shared.domain.credit import overdue_of
from shared.errors import RecordRejected, Unavailable
from shared.ports import Portion, Position
from shared.systems.sage_50 import search
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.search import Filters
from shared.systems.sage_50.tables import CUSTOMER
from shared.systems.sage_50.values import Values50, rounded

RANGE = 500
"""Customers in one search."""
_LATE = ("period30Days", "period60Days", "period90Days", "older")


class Debtors50:
    """`base`: the number of the company's own currency in its table."""

    lacks: frozenset[str] = frozenset()

    def __init__(self, client: Client, values: Values50, base: str) -> None:
        self._client, self._values, self._base = client, values, base

    def portions(self, place: str, known: Sequence[str]) -> Iterator[Portion]:
        """One search for each 500 of `known`; the first and the last range are open, for new ones."""
        ends = [one for one in sorted(known)[RANGE - 1 : -1 : RANGE] if one > place]
        for start, end in zip([place, *ends], [*ends, ""], strict=True):
            rows = self._client.rows(CUSTOMER.search, "list the balances of customers", _between(start, end))
            yield Portion(tuple(self._position(row) for row in rows), end, not end)

    def of(self, ids: Sequence[str]) -> dict[str, Position]:
        """One search for each 50."""
        rows = [
            row
            for part in search.chunks([one.strip().upper() for one in ids])
            for row in self._client.rows(
                CUSTOMER.search, "read the balance of customers", search.any_of("ACCOUNT_REF", part, False)
            )
        ]
        return {one.id: one for one in map(self._position, rows)}

    def overdue(self, positions: Sequence[Position], today: date) -> Iterator[tuple[str, Decimal]]:
        """One call each. Sage ages by its own calendar, whatever `today` is. A customer that Sage has no
        answer for is left out."""
        for one in positions:
            try:
                aged = self._client.get(
                    f"/api/agedDebtors/?id={quote(one.id, safe='')}", f"age the debt of {one.id}"
                )
            except RecordRejected:
                continue
            if not isinstance(aged, dict):
                raise Unavailable(
                    f"Sage 50 was asked to age the debt of {one.id} and did not answer with amounts"
                )
            late = sum((_amount(aged.get(name)) for name in _LATE), Decimal(0))
            yield one.id, overdue_of(late, _amount(aged.get("total", one.balance)))

    def _position(self, row: dict[str, Any]) -> Position:
        values = self._values.from_row(CUSTOMER, row)
        reference, currency = (
            str(values.get("accountRef") or "").strip().upper(),
            str(values.get("currency") or ""),
        )
        limit, hold = values.get("creditLimit"), values.get("onHold")
        return Position(
            reference,
            reference,
            _amount(values.get("balance")),
            None if limit is None else _amount(limit),
            str(row.get("accountStatusText") or "") or None,
            hold if isinstance(hold, bool) else None,
            currency if currency not in ("", "0", self._base) else "",
        )


def _between(start: str, end: str) -> Filters:
    """Behind `start`, up to and with `end`."""
    filters: Filters = [{"field": "ACCOUNT_REF", "type": "gt", "value": start}] if start else []
    filters += [{"field": "ACCOUNT_REF", "type": "lte", "value": end}] if end else []
    return [*filters, search.KEPT]


def _amount(value: Any) -> Decimal:
    return rounded(Decimal(str(value or 0)), 2)
