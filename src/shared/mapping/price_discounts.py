"""The discount of a line as the ledger gives it: the customer's own percentage, or the product's table for
the quantity. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.prices import Level
from shared.domain.record import record
from shared.domain.rules import Rule
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.numbers import tidy

View = Mapping[str, Any]
_ZERO = Decimal(0)
_NONE, _BY_VALUE, _FIRST_TABLE, _LAST_TABLE = 0, 1, 2, 6
_LETTERS = "ABCDE"


@record
class Discount:
    """`rate` in per cent; `said` for people, "" for none."""

    rate: Decimal
    said: str


def discount_of(
    number: int,
    quantity: Decimal,
    customer: View,
    bands: Mapping[int, Sequence[Level]],
    both: str,
    ledger: str,
) -> Discount:
    """`both`: what counts where the customer has a discount and the quantity earns one: "hold", "customer",
    "quantity". Raises RuleRefused, held, for a kind of discount that cannot be worked out."""
    own = customer.get("discount_rate") or _ZERO
    table = _table(number, customer, ledger)
    band = _band(bands.get(table, ()), quantity) if table else _ZERO
    if own and band and both == "hold":
        raise _no(
            number,
            customer,
            f"{shown(tidy(own))} % and {shown(tidy(band))} %",
            f"the customer has a discount of {shown(tidy(own))} % and this quantity earns "
            f"{shown(tidy(band))} % by table {_LETTERS[table - 1]}: say with both_discounts in the flow "
            f"which of them {ledger} gives",
        )
    if band and (not own or both == "quantity"):
        return Discount(
            band, f"{shown(tidy(band))} % for {shown(tidy(quantity))}, table {_LETTERS[table - 1]}"
        )
    return Discount(own, f"{shown(tidy(own))} % of the customer's") if own else Discount(_ZERO, "")


def _table(number: int, customer: View, ledger: str) -> int:
    """The number of the customer's discount table, 1 for A; 0 for none."""
    kind = int(customer.get("discount_type") or _NONE)
    if kind == _NONE:
        return 0
    if _FIRST_TABLE <= kind <= _LAST_TABLE:
        return kind - 1
    what = (
        "by the value of the document"
        if kind == _BY_VALUE
        else f"of a kind that Tieout does not know ({kind})"
    )
    raise _no(
        number,
        customer,
        str(kind),
        f"the customer has an additional discount {what}, which only {ledger} can work out: take it off the "
        "customer there, or enter the quotation there",
    )


def _band(levels: Sequence[Level], quantity: Decimal) -> Decimal:
    """The rate of the largest quantity that is reached."""
    reached = [one for one in levels if one.quantity <= quantity]
    return max(reached, key=lambda one: one.quantity).rate if reached else _ZERO


def _no(number: int, customer: View, value: str, why: str) -> RuleRefused:
    name = customer.get("reference") or customer.get("name") or ""
    return RuleRefused(Rule.PRICE, "lines.discount", value, f"Line {number}: {why} ({name}).", held=True)
