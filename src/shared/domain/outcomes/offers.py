"""What a quotation was priced with, and whether the ledger came to the same."""

from decimal import Decimal

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import counted

NO_LINES_YET = "it has no lines yet, and they may just be on their way"
_COMMENT = 60
"""Sage 50 takes so many characters as the comment of a line."""


def used(number: int, code: str, price: Decimal, source: str, discount: str, entered: str) -> str:
    """`entered`: what the CRM's line had in its place, see below."""
    less = f" less {discount}" if discount else ""
    other = f", in place of {entered}" if entered else ""
    return f"line {number}: {code} at {price}, {source}{less}{other}"


def entered(price: Decimal | None, discount: Decimal | None) -> str:
    """What somebody had entered in the CRM's line; None for what does not count as entered."""
    if not discount:
        return str(price or "")
    return f"{price} less {_plain(discount)} %" if price else f"a discount of {_plain(discount)} %"


def whole_discount(discount: Decimal) -> str:
    """`discount`: what the CRM's document had for all of its lines."""
    return f"the discount of {_plain(discount)} % on the whole quotation does not count, and is taken off it"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def on_line(source: str, discount: str) -> str:
    """The same for the line itself, where it has to be short."""
    words = source[:1].upper() + source[1:]
    return (f"{words}, less {discount}" if discount else words)[:_COMMENT]


def no_prices(system: str) -> str:
    return f"The prices of its lines cannot be read from {title(system)}: choose a product on every line."


def edited_meanwhile(crm: str, system: str, label: str) -> Outcome:
    why = (
        f"The lines were changed in {title(crm)} while {title(system)} made quotation {label} of the "
        "earlier ones, so nothing goes back: put the lines back as they were, or delete both and make a "
        "new quotation"
    )
    return Outcome("held", why, Rule.CONFLICT, "lines")


def disagrees(system: str, label: str, net: tuple[Decimal, Decimal], tax: tuple[Decimal, Decimal]) -> Outcome:
    """Each pair: as it was worked out, as the ledger shows it."""
    why = (
        f"{title(system)} made quotation {label} with {net[1]} net and {tax[1]} tax, and its prices come to "
        f"{net[0]} net and {tax[0]} tax: nothing goes back until both agree. Correct its lines there, or "
        "look at how the company rounds discounts"
    )
    return Outcome("held", why, Rule.TOTALS, "net", str(net[1]))


def not_counted(number: int, code: str, entered: str, ledger: str) -> str:
    """`entered`: what the CRM's line had, see above."""
    return f"line {number}: {ledger} prices {code}, in place of {entered}"


def given(number: int, code: str, price: Decimal, discount: Decimal, ledger: str) -> str:
    """What a line costs that the ledger priced."""
    less = f" less {discount.normalize():f} %" if discount else ""
    return f"line {number}: {code} at {price}{less}, priced by {ledger}"


def not_proved(system: str) -> Outcome:
    """The flow lets the ledger price it, and nobody has seen that this site does."""
    name = title(system)
    why = (
        f"{name} is to price it, and tieout check has not proved yet that this {name} does: enter price_test "
        'in the settings and check, or write by = "tieout" under quotation.pricing in the flow'
    )
    return Outcome("held", why, Rule.PRICE, "lines.unit_price")


def not_as_asked(system: str, label: str, what: str) -> Outcome:
    """`what`: one of the sentences below."""
    why = (
        f"{title(system)} made quotation {label}, which {what}: nothing goes back until both agree. Correct "
        "the one or the other"
    )
    return Outcome("held", why, Rule.TOTALS, "lines")


def other_lines(wanted: int, found: int) -> str:
    return f"has {counted(found, 'line')} in place of {wanted}"


def other_product(number: int, wanted: str, found: str) -> str:
    return f"has {found or 'no product'} in line {number} in place of {wanted or 'no product'}"


def other_quantity(number: int, code: str, wanted: Decimal, found: Decimal) -> str:
    return f"has {found.normalize():f} of {code} in line {number} in place of {wanted.normalize():f}"


def other_currency(wanted: str, found: str) -> str:
    return f"has the currency {found} in place of {wanted}"


def other_totals(net: tuple[Decimal, Decimal], tax: tuple[Decimal, Decimal]) -> str:
    """Each pair: what the lines come to, what the document shows."""
    return f"shows {net[1]} net and {tax[1]} tax, where its lines come to {net[0]} net and {tax[0]} tax"


def not_priced(system: str, label: str, number: int, code: str) -> Outcome:
    """`number`: the first line that came back without a price."""
    name = title(system)
    why = (
        f"{name} made quotation {label} without a price for line {number} ({code}): nothing goes back until "
        f"it has one. Enter it in {name}, there and at the product"
    )
    return Outcome("held", why, Rule.PRICE, "lines.unit_price")
