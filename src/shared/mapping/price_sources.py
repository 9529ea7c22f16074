"""Which of a ledger's prices applies to a line, and why: the customer's special price, else the price of the
customer's list, else the sales price. Pure.

A price that cannot be told for certain is refused by name, and the sales price never stands in for it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.prices import LIST, SPECIAL, PriceBook, PriceList, StoredPrice
from shared.domain.record import record
from shared.domain.rules import Rule
from shared.mapping.faults import RuleRefused, shown

View = Mapping[str, Any]


@record
class Price:
    """`source`: special, list or sales; `said`: the same for people, such as "price list TRADE"."""

    amount: Decimal
    source: str
    said: str


class PriceSources:
    """The prices of one customer. `home`: the ledger's base currency; `currencies`: id -> ISO code."""

    def __init__(
        self, book: PriceBook, customer: View, currencies: Mapping[str, str], home: str, ledger: str
    ) -> None:
        self._book, self._customer, self._home, self._ledger = book, customer, home, ledger
        self._currencies = currencies
        self.account = str(customer.get("reference") or "").upper()
        self._list = str(customer.get("price_list") or "").strip().upper()

    def of(self, number: int, code: str, product: View) -> Price:
        """The price of line `number`. Raises RuleRefused, held, where it is not certain."""
        special = self._stored(SPECIAL, self.account, code)
        if special is not None:
            return self._taken(number, special, f"special price of {self.account}")
        if self._list:
            self._list_usable(number, self._known_list(number))
            listed = self._stored(LIST, self._list, code)
            if listed is not None:
                return self._taken(number, listed, f"price list {self._list}")
        return self._sales_price(number, code, product)

    def _known_list(self, number: int) -> PriceList:
        found = self._book.lists.get(self._list)
        if found is None:
            raise self._no(
                number,
                "price_list",
                self._list,
                f"{self._ledger} does not show the price list {self._list} of customer {self.account}: look "
                "at the customer's price list there",
            )
        return found

    def _list_usable(self, number: int, one: PriceList) -> None:
        name = f"the price list {one.reference} (“{one.name}”) of customer {self.account}"
        if not one.static:
            raise self._no(
                number,
                "price_list",
                one.reference,
                f"{name} has no stored prices: {self._ledger} works them out itself, and does not say how. "
                "Give the list static prices there, or enter the quotation there",
            )
        own = self._own_currency()
        currency = self._currencies.get(one.currency, "") if one.currency else ""
        if currency != own:
            raise self._no(
                number,
                "price_list",
                one.reference,
                f"{name} is in {currency or 'no known currency'}, and the customer's account is in {own}: "
                "give the customer a list in the currency of the account",
            )

    def _own_currency(self) -> str:
        return str(self._customer.get("currency") or self._home)

    def _stored(self, kind: str, holder: str, code: str) -> StoredPrice | None:
        return next(
            (one for one in self._book.prices if (one.kind, one.holder, one.sku) == (kind, holder, code)),
            None,
        )

    def _taken(self, number: int, one: StoredPrice, said: str) -> Price:
        if one.method not in self._book.methods:
            raise self._no(
                number,
                "unit_price",
                one.method,
                f"the {said} for {one.sku} is calculated by method {one.method}, which Tieout does not "
                f"know: enter it as a fixed price in {self._ledger}, or add the method to the setting "
                "price_methods once it is known that its stored price counts",
            )
        if one.amount is None or one.amount <= 0:
            raise self._no(
                number,
                "unit_price",
                shown(one.amount),
                f"the {said} for {one.sku} has no amount stored in {self._ledger}: enter one there",
            )
        return Price(one.amount, one.kind, said)

    def _sales_price(self, number: int, code: str, product: View) -> Price:
        if self._own_currency() != self._home:
            raise self._no(
                number,
                "unit_price",
                code,
                f"the sales price of {code} is in {self._home}, and the account of customer {self.account} "
                f"is in {self._own_currency()}: give {code} a price in the customer's price list in "
                f"{self._ledger}",
            )
        amount = product.get("price")
        if amount is None or amount <= 0:
            raise self._no(
                number,
                "unit_price",
                shown(amount),
                f"{code} has no sales price in {self._ledger}: enter one there",
            )
        return Price(amount, "sales", "sales price")

    @staticmethod
    def _no(number: int, field: str, value: str, why: str) -> RuleRefused:
        return RuleRefused(Rule.PRICE, f"lines.{field}", value, f"Line {number}: {why}.", held=True)
