"""Lines priced as Sage prices them: net per line, tax per line, two places, and nothing lost silently.

Line net = quantity x unit price less discount, rounded; tax = net x rate, rounded. Gross prices are split so
that net + tax gives the gross to the penny; if there is no such net, the flow's `penny` rule decides.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.rules import Rule
from shared.domain.wording import words
from shared.mapping.abroad import told_abroad
from shared.mapping.coding import MESSAGE_LINE, item_of, ledgers_own
from shared.mapping.discounts import in_ledger_terms
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.numbers import ROUNDINGS
from shared.mapping.rules import Pricing
from shared.mapping.tax_codes import tax_name

CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
_ALL, _NOTHING = Decimal(1), Decimal(0)

MADE = frozenset({"lines.tax_code", "lines.tax_rate", "lines.net", "lines.tax"})
"""What every priced line has."""


def price(
    view: Mapping[str, Any],
    pricing: Pricing,
    tax_rates: Mapping[str, Decimal],
    customer: Mapping[str, Any] | None,
    items: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Returns the view, with lines that have net unit_price, tax_code, tax_rate (per cent), net and tax, and
    notes about adjustments and about tax that the ledger's records leave open.

    `customer` is the canonical account on the ledger, `items` its canonical products by code in capitals.
    Raises RuleRefused for missing figures, unknown tax codes, a gross that no net can give, and lines that do
    not add up to `amount` (pricing.total_check).
    """
    if not view.get("lines"):
        raise RuleRefused(Rule.PRICING, "lines", "", "There are no order lines: add at least one in the CRM.")
    rates = {tax_name(code): rate for code, rate in tax_rates.items()}
    notes: list[str] = []
    priced, asked = [], Decimal(0)
    for number, line in enumerate(view["lines"], 1):
        if line.get("sku") == MESSAGE_LINE:
            priced.append(dict(line))
            continue
        line = in_ledger_terms(number, line, notes, ROUNDINGS[pricing.rounding])
        made = _Line(number, line, pricing, customer or {}, items or {})
        done, figure = made.priced(rates, notes)
        priced.append(done)
        asked += figure
    _total(view, pricing, asked)
    if pricing.tax_from == "ledger":
        notes += told_abroad(priced, view["lines"], customer or {}, pricing.home)
    return {**view, "lines": priced}, notes


def plain_worth(
    view: Mapping[str, Any],
    pricing: Pricing,
    tax_rates: Mapping[str, Decimal],
    customer: Mapping[str, Any],
    items: Mapping[str, Mapping[str, Any]],
) -> Decimal | None:
    """What the lines come to, tax included, once `price` has priced them; None where anything about them is
    unusual, and only `price` can tell."""
    asked = worth = _NOTHING
    rounding = ROUNDINGS[pricing.rounding]
    for line in view.get("lines") or ():
        quantity, unit = line.get("quantity"), line.get("unit_price")
        if quantity.__class__ is not Decimal or unit.__class__ is not Decimal or quantity < 0 or unit < 0:
            return None
        if line.get("discount") or line.get("discount_amount") or line.get("sku") == MESSAGE_LINE:
            return None
        code = _code(pricing, line, customer, items)
        rate = tax_rates.get(code) if code else None
        if rate is None:
            return None
        net = (quantity * unit).quantize(CENT, rounding)
        asked += net
        worth += net + (net * rate / _HUNDRED).quantize(CENT, rounding)
    total = view.get("amount")
    usual = pricing.prices == "net" and bool(view.get("lines"))
    return worth if usual and (not pricing.total_check or total is None or total == asked) else None


def _code(
    pricing: Pricing, line: Mapping[str, Any], customer: Mapping[str, Any], items: Mapping[str, Any]
) -> str | None:
    """The tax code asked for, else the flow's own as the fallback; as it is written there."""
    found = pricing.tax_code
    if pricing.tax_from == "ledger":
        item = items.get(item_of(line)) if items else None
        return ledgers_own("tax_code", line, customer, item) or found
    if pricing.tax_from == "customer":
        return customer.get("tax_code") or found
    return line.get("tax_code") or found if pricing.tax_from == "line" else found


def _total(view: Mapping[str, Any], pricing: Pricing, asked: Decimal) -> None:
    total = view.get("amount")
    if pricing.total_check and total is not None and total != asked:
        raise RuleRefused(
            Rule.PRICING,
            "amount",
            total,
            (
                f"The lines add up to {shown(asked)}, but the total is {shown(total)}: correct the lines or "
                "the total in the CRM."
            ),
        )


class _Line:
    """One line on its way from the CRM's figures to the ledger's."""

    def __init__(
        self,
        number: int,
        line: Mapping[str, Any],
        pricing: Pricing,
        customer: Mapping[str, Any],
        items: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.number, self.line, self.pricing = number, line, pricing
        self.customer, self.items = customer, items
        self.rounding = ROUNDINGS[pricing.rounding]
        self.quantity = self._figure("quantity")
        self.unit_price = self._figure("unit_price")
        discount = line.get("discount")
        self.left = 1 - discount / _HUNDRED if discount else _ALL
        """The share of the price that is left after the discount, where 1 is all of it."""

    def priced(self, rates: Mapping[str, Decimal], notes: list[str]) -> tuple[dict[str, Any], Decimal]:
        """The priced line, and the amount that the CRM states for it (net or gross)."""
        code = self._code()
        if code not in rates:
            raise self._refusal(
                "tax_code", code, f'tax code "{code}" does not exist in Sage; it has {", ".join(rates)}'
            )
        rate = rates[code]
        asked = self._amount(self.unit_price)
        unit, net = self.unit_price, asked
        if self.pricing.prices == "gross":
            net = self._net_of(asked, rate, notes)
            unit = self._unit_for(net)
        return {
            **self.line,
            **self._nominal(),
            "unit_price": unit,
            "tax_code": code,
            "tax_rate": rate,
            "net": net,
            "tax": self._tax(net, rate),
        }, asked

    def _figure(self, field: str) -> Decimal:
        value = self.line.get(field)
        if value is None:
            raise self._refusal(field, "", f"the {words(field)} is blank; fill it in, in the CRM")
        return Decimal(value)

    def _refusal(self, field: str, value: Any, what: str) -> RuleRefused:
        return RuleRefused(Rule.PRICING, f"lines.{field}", value, f"Line {self.number}: {what}.")

    def _nominal(self) -> dict[str, str]:
        """The nominal that the ledger would choose; nothing where the line is left to the map's default."""
        if self.pricing.nominal_from != "ledger":
            return {}
        found = ledgers_own("nominal", self.line, self.customer, self.items.get(item_of(self.line)))
        return {"nominal": found} if found else {}

    def _code(self) -> str:
        """The tax code asked for, else the flow's own as the fallback."""
        found = _code(self.pricing, self.line, self.customer, self.items)
        if not found:
            where = "the line in the CRM" if self.pricing.tax_from == "line" else "the customer in Sage"
            raise self._refusal(
                "tax_code", "", f"{where} has no tax code, and the flow does not set one; enter one"
            )
        return tax_name(found)

    def _round(self, value: Decimal) -> Decimal:
        return value.quantize(CENT, self.rounding)

    def _amount(self, unit: Decimal) -> Decimal:
        return self._round(self.quantity * unit * self.left)

    def _tax(self, net: Decimal, rate: Decimal) -> Decimal:
        return self._round(net * rate / _HUNDRED)

    def _net_of(self, gross: Decimal, rate: Decimal, notes: list[str]) -> Decimal:
        guess = self._round(gross / (1 + rate / _HUNDRED))
        best = min(
            (guess, guess - CENT, guess + CENT), key=lambda net: abs(net + self._tax(net, rate) - gross)
        )
        reached = best + self._tax(best, rate)
        if reached == gross:
            return best
        if self.pricing.penny == "refuse":
            raise self._refusal(
                "unit_price",
                gross,
                (
                    f"a gross of {shown(gross)} is not possible at {shown(rate)} % tax: {shown(best)} net "
                    f"makes {shown(reached)}; change the price by a penny, or allow the difference with "
                    'penny = "accept" in the flow'
                ),
            )
        notes.append(
            f"line {self.number}: gross {shown(gross)} became {shown(reached)}, "
            f"the nearest value that {shown(rate)} % tax allows"
        )
        return best

    def _unit_for(self, net: Decimal) -> Decimal:
        """The net unit price with the fewest places that give the line's net exactly (Sage keeps up to
        six)."""
        share = self.quantity * self.left
        if share == 0:
            return Decimal("0.00")
        for places in range(2, 7):
            unit = (net / share).quantize(Decimal(1).scaleb(-places), self.rounding)
            if self._amount(unit) == net:
                return unit
        raise self._refusal(
            "unit_price",
            self.unit_price,
            (
                f"no unit price with six decimal places gives {shown(net)} net for a quantity of "
                f"{shown(self.quantity)}; split the line"
            ),
        )
