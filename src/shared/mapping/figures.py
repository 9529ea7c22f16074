"""The figures of a document, worked out in advance the way the receiving system will work them out.

A ledger rounds each line to pence, net and tax; a CRM adds up exactly and rounds at the end. What that
explains, half a penny per line, is added to the tax of the largest line and named with both totals. Beyond
that the document is refused rather than written and explained later.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.domain.record import record
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.rules import Figures
from shared.mapping.signs import refuse_credit

CENT = Decimal("0.01")
_HALF_PENNY = CENT / 2
_ZERO = Decimal(0)
_LIMIT = Decimal(10) ** 15
_LEAST_PLACES = 3
"""Exchange rates are compared to at least this many places, however short one of them is written."""

Lines = list[dict[str, Any]]


def settle(
    view: Mapping[str, Any],
    figures: Figures,
    source: str,
    target: str,
    by_line: bool,
    notes: list[str] | None = None,
) -> Lines:
    """Returns the lines with their `tax`, as they go from `source` to `target`, which rounds line by line if
    `by_line`. Any adjustment is added to `notes`.

    Raises RuleRefused when there are no lines, when one lacks what `target` needs, when the document is below
    zero, or when the total differs from the document's own by more than rounding explains.
    """
    lines = [_line(number, line, figures, target) for number, line in enumerate(view.get("lines") or (), 1)]
    if not lines:
        raise RuleRefused(Rule.LINES, "lines", "", "The invoice has no lines: add at least one.")
    asked, made = view.get(figures.total), total(lines, view.get("shipping"), by_line)
    refuse_credit(min(made, made if asked is None else pence(asked)), figures.total, title(target))
    if asked is None or pence(asked) == made:
        return lines
    adjusted = notes if notes is not None else []
    between = _Between(title(source), title(target), pence(asked), made, by_line)
    if by_line and figures.penny == "tax" and _absorb_rounding(lines, between, adjusted):
        return lines
    raise RuleRefused(Rule.TOTALS, figures.total, asked, between.refusal(figures))


@record
class _Between:
    """Two totals of one document: `asked` in `source`, `made` in `target`."""

    source: str
    target: str
    asked: Decimal
    made: Decimal
    by_line: bool

    def refusal(self, figures: Figures) -> str:
        what = "the price and tax of each line" if self.by_line else "the sum"
        told = (
            f"The totals would differ: {shown(self.asked)} in {self.source}, {shown(self.made)} in "
            f"{self.target}, which rounds {what} to pence. Change a line so that both agree."
        )
        if not self.by_line:
            return told
        if figures.penny == "refuse":
            return f'{told} (penny = "tax" in the flow would allow up to half a penny a line.)'
        return f'{told} (penny = "tax" in the flow allows up to half a penny a line, and this is more.)'


def _absorb_rounding(lines: Lines, between: _Between, notes: list[str]) -> bool:
    """Adds what rounding alone can explain, at most half a penny per line, to the tax of the largest taxed
    line: the total is then the one the customer saw."""
    taxed = [line for line in lines if line.get("tax_rate")]
    difference = between.asked - between.made
    if not taxed or abs(difference) > _HALF_PENNY * len(lines):
        return False
    largest = max(taxed, key=lambda line: abs(net(line)))
    if abs(difference) > abs(largest["tax"]):
        return False
    notes.append(
        f"the total is {shown(between.asked)} in {between.source}, and {between.target} would make it "
        f"{shown(between.made)} by rounding each line: the difference of {shown(difference)} was added to "
        f"the tax of “{shown(largest.get('description'))}”"
    )
    largest["tax"] += difference
    return True


def total(lines: Lines, shipping: Decimal | None, by_line: bool) -> Decimal:
    """The gross total, to the penny, of lines as `settle` returns them."""
    if by_line:
        return sum((net(line) + line["tax"] for line in lines), pence(shipping or _ZERO))
    exact = sum((_exact(line) for line in lines), shipping or _ZERO)
    return pence(exact)


def net(line: Mapping[str, Any]) -> Decimal:
    """The net of a line as a ledger works it out: the unit price in pence, times quantity, rounded, less the
    discount."""
    return pence(line["quantity"] * pence(line["unit_price"])) - pence(line.get("discount_amount") or _ZERO)


def pence(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def same_rate(one: Decimal, other: Decimal) -> bool:
    """Whether two exchange rates are equal to as many places as the shorter one has, in either direction."""
    return any(
        _agree(left, right) or _agree(right, left)
        for left, right in ((one, other), (_inverse(one), _inverse(other)))
    )


def _agree(short: Decimal, long: Decimal) -> bool:
    exponent = short.normalize().as_tuple().exponent
    places = max(_LEAST_PLACES, -exponent if isinstance(exponent, int) else 0)
    return long.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) == short


def _inverse(rate: Decimal) -> Decimal:
    return (1 / rate).quantize(Decimal("0.0000001"))


def _exact(line: Mapping[str, Any]) -> Decimal:
    worth: Decimal = line["quantity"] * line["unit_price"] - (line.get("discount_amount") or _ZERO)
    return worth * (1 + (line.get("tax_rate") or _ZERO) / 100)


def _line(number: int, line: Mapping[str, Any], figures: Figures, target: str) -> dict[str, Any]:
    for field in ("quantity", "unit_price"):
        if line.get(field) is None:
            raise RuleRefused(
                Rule.LINES,
                f"lines.{field}",
                "",
                f"Line {number}: the {words(field)} is blank; fill it in.",
            )
    if abs(line["quantity"] * line["unit_price"]) >= _LIMIT:
        raise RuleRefused(
            Rule.LINES,
            "lines.quantity",
            line["quantity"],
            (
                f"Line {number}: {shown(line['quantity'])} at {shown(line['unit_price'])} each is more than "
                "an invoice can hold; correct the line."
            ),
        )
    if figures.items == target and not (line.get("product") or line.get("service")):
        raise RuleRefused(
            Rule.ITEM,
            "lines.product",
            line.get("description"),
            (
                f"Line {number} (“{shown(line.get('description'))}”) has no product or service: choose "
                "one, because the other system requires it."
            ),
        )
    worth = pence(net(line) * (line.get("tax_rate") or _ZERO) / 100)
    return {**line, "tax": worth if line.get("tax") is None else line["tax"]}
