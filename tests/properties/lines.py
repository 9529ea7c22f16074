"""One invoice on both sides, its lines edited as people do, and the invariant on them.

S13: no fact of a line is lost that neither side changed. Lines of one item that were only edited, or moved,
have the codings between them that they had; of lines that were deleted, nothing else is left over; and lines
that nobody touched have exactly their own.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.stories.drafts import Invoices, line

Row = tuple[str, int, int, str]
"""Item, quantity, price in pounds, text."""
ACCOUNTS = ("4000", "4001", "4900")


def check(
    here: Invoices, record: str, rows: Sequence[Row], accounts: Sequence[str], after: Sequence[Row]
) -> bool:
    """`after` is what a person in Vtiger makes of `rows`. Returns whether it was held. Raises AssertionError
    where a coding went wrong."""
    here.enter(*map(_line, rows), record=record)
    here.code(*({"ledger_account_id": one} for one in accounts), record=record)
    before = here.sage(record)
    here.in_vtiger(*map(_line, after), record=record)
    outcome = next((row.outcome for row in here.rows() if row.outcome.kind != "unchanged"), None)
    here.forget()
    if outcome is not None and outcome.kind == "held":
        assert here.sage(record) == before, "S13: held, and written all the same"
        return True
    now = here.sage(record)
    assert [one["product_id"] for one in now] == [row[0] for row in after], (
        "S13: the order of the editing side"
    )
    for item in {row[0] for row in rows}:
        _judge(item, rows, after, before, now)
    return False


def _judge(
    item: str, rows: Sequence[Row], after: Sequence[Row], before: Sequence[Any], now: Sequence[Any]
) -> None:
    was, there = (
        Counter(row for row in rows if row[0] == item),
        Counter(row for row in after if row[0] == item),
    )
    had, has = _codings(item, before), _codings(item, now)
    if was == there:
        assert _facts(item, before) == _facts(item, now), f"S13: {item} was not touched"
    elif was.total() == there.total():
        assert had == has, f"S13: {item} was only edited"
    elif there.total() < was.total():
        assert not has - had, f"S13: {item} has a coding that it never had"
    elif len(had) == 1 and "4000" not in had:
        assert not had - has, f"S13: {item} lost its coding"


def _codings(item: str, lines: Sequence[Any]) -> Counter[str]:
    return Counter(one["ledger_account_id"] for one in lines if one["product_id"] == item)


def _facts(item: str, lines: Sequence[Any]) -> Counter[Any]:
    return Counter(
        tuple((name, str(value)) for name, value in sorted(one.items()) if name != "id")
        for one in lines
        if one["product_id"] == item
    )


def _line(row: Row) -> dict[str, Any]:
    item, quantity, price, text = row
    return line(item, str(quantity), f"{price}.00", text)
