"""Whether a document that the ledger priced itself is the one that was asked for. Pure.

What a line costs is the ledger's to say, so this compares the rest: the lines, what and how many, the
currency, and that the ledger's own lines come to its own totals.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.outcomes import offers
from shared.mapping.coding import MESSAGE_LINE
from shared.mapping.offers import totals

View = Mapping[str, Any]
_ZERO = Decimal(0)


def otherwise(asked: View, codes: Sequence[str], shown: View, shown_codes: Sequence[str]) -> str:
    """What is not as it was asked for, in words that go on "made quotation 7 and"; "" where all agrees.
    `asked` and `shown` are whole documents; codes are those of their lines, in order. What one of them does
    not say is not compared."""
    wanted = _goods(asked, codes)
    found = _goods(shown, shown_codes)
    if len(wanted) != len(found):
        return offers.other_lines(len(wanted), len(found))
    for number, (want, have) in enumerate(zip(wanted, found, strict=True), 1):
        if want[0] != have[0]:
            return offers.other_product(number, want[0], have[0])
        if want[1] != have[1]:
            return offers.other_quantity(number, want[0], want[1], have[1])
    mine, theirs = asked.get("currency"), shown.get("currency")
    if mine and theirs and mine != theirs:
        return offers.other_currency(str(mine), str(theirs))
    return _sums(shown)


def _goods(document: View, codes: Sequence[str]) -> list[tuple[str, Decimal]]:
    """Code and quantity of each line but messages."""
    lines = document.get("lines") or ()
    return [
        (code.strip().upper(), Decimal(line.get("quantity") or _ZERO))
        for line, code in zip(lines, codes, strict=True)
        if line.get("sku") != MESSAGE_LINE and code.strip().upper() != MESSAGE_LINE
    ]


def _sums(shown: View) -> str:
    lines = shown.get("lines") or ()
    if shown.get("net") is None or shown.get("tax") is None:
        return ""
    net, tax = totals(lines)
    if (net, tax) == (shown["net"], shown["tax"]):
        return ""
    return offers.other_totals((net, shown["net"]), (tax, shown["tax"]))
