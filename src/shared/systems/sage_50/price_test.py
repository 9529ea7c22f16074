"""Whether this site prices a quotation that names no prices, as the customer's list or special price has it.

The vendor's interface wants a price on every line, and what it makes of a line without one, with the request
to fill in the product's data, is not published. So nothing is left to Sage before `check` has seen on this
very site that it takes such a line and that the customer's own price comes back, with one test quotation
that is removed again at once. What it saw is kept.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shared.domain.prices import LIST, SPECIAL, PriceBook
from shared.errors import RecordRejected, SyncError
from shared.ports import Cache, Clock, Finding, Snapshot, Values
from shared.systems.sage_50 import search
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.prices import Prices
from shared.systems.sage_50.quote_state import QUOTE, unpriced
from shared.systems.sage_50.reader import Reader
from shared.systems.sage_50.reference import tax_codes
from shared.systems.sage_50.tables import CUSTOMER, QUOTATION
from shared.systems.sage_50.values import Values50

TEST = "Tieout price test"
"""The customer's order number of the test quotation."""
_KIND, _KEY, _SUBJECT = "sage_50.price_test", "priced", "prices"
_KEPT = timedelta(days=3650)
_ZERO = Decimal(0)


class PriceTest:
    """`at`: the reference of a customer and the code of a product, such as "ACME01 W1", at which `check` may
    make its test quotation; "" for nowhere."""

    def __init__(
        self,
        client: Client,
        reader: Reader,
        prices: Prices,
        values: Values50,
        cache: Cache | None,
        clock: Clock,
        at: str,
    ) -> None:
        self._client, self._reader, self._prices, self._values = client, reader, prices, values
        self._cache, self._clock = cache, clock
        self._customer, _, code = at.strip().upper().partition(" ")
        self._code = code.strip()

    def proved(self) -> bool:
        """Whether that was ever seen. 1 read of the cache, no call."""
        if self._cache is None:
            return False
        return bool(self._cache.get(_KIND, [_KEY], self._clock.now()))

    def findings(self) -> list[Finding]:
        """Makes the test quotation and removes it, unless it was seen before. Raises SyncErrors."""
        if self.proved():
            return [_ok("Sage 50 prices quotations itself: this site was seen to do so.")]
        if not self._code:
            return [
                _not(
                    "To find out whether this site prices them, put the reference of a customer and the "
                    "code of a product whose price for this customer is not its sales price into "
                    "price_test, such as ACME01 W1, and check again: one test quotation is made there and "
                    "removed."
                )
            ]
        book = self._prices.book([self._code])
        customer = self._reader.single(CUSTOMER, self._customer)
        product = book.products.get(self._code)
        if product is None or not isinstance(customer, Snapshot):
            what = f"customer {self._customer}" if product else f"product {self._code}"
            return [_not(f"Sage 50 has no {what}: correct price_test.")]
        expected = self._expected(book, customer.values)
        if expected is None or expected == product.get("salesPrice"):
            return [
                _not(
                    f"Sage 50 shows no stored price of {self._code} for {self._customer} that differs from "
                    "its sales price, so a test would prove nothing: put a customer and a product into "
                    "price_test of which a special price, or a list with static prices, says another one."
                )
            ]
        self._remove(self._left_over())
        try:
            made = self._made(product, customer.values)
        except RecordRejected as fault:
            return [
                _not(
                    f"This site refused a test quotation whose line has no price ({fault}). Write "
                    'by = "tieout" in the flow.'
                )
            ]
        try:
            return self._judged(made, expected)
        finally:
            self._remove([made])

    def _expected(self, book: PriceBook, customer: Mapping[str, Any]) -> Decimal | None:
        """The customer's own price of the product, where it is stored and certain."""
        own = str(customer.get("priceListRef") or "").strip().upper()
        static = own in book.lists and book.lists[own].static
        holders = [(SPECIAL, self._customer), *([(LIST, own)] if static else [])]
        for kind, holder in holders:
            for one in book.prices:
                if (one.kind, one.holder, one.sku) == (kind, holder, self._code):
                    return one.amount if one.method in book.methods else None
        return None

    def _made(self, product: Mapping[str, Any], customer: Mapping[str, Any]) -> str:
        """The number of the test quotation."""
        code = str(product.get("taxCode") or "1")
        rates = {row["id"]: row["rate"] for row in tax_codes(self._client)}
        line = {"stockCode": self._code, "quantity": Decimal(1), "taxCode": code}
        nominal = product.get("nominalCode") or "4000"
        lines = [{**line, "taxRate": Decimal(rates.get(code, "0")), "nominal": nominal}]
        head: Values = {"customerAccountRef": self._customer, "customerOrderNumber": TEST}
        head |= {"currency": customer.get("currency"), "orderType": QUOTE, "quoteStatus": 1}
        wanted = unpriced({**head, "invoiceItems": lines})
        body = self._values.to_body(QUOTATION, wanted, creating=True)
        return str(self._client.write("POST", QUOTATION.route, body, "make a test quotation"))

    def _judged(self, number: str, expected: Decimal) -> list[Finding]:
        found = self._reader.single(QUOTATION, number)
        values: Mapping[str, Any] = found.values if isinstance(found, Snapshot) else {}
        lines = values.get("invoiceItems") or [{}]
        price, discount = lines[0].get("unitPrice") or _ZERO, lines[0].get("discount") or _ZERO
        said = f"{self._code} came to {self._customer} at {price:f}"
        said += f" less {discount.normalize():f} %" if discount else ""
        if price != expected or not values.get("itemsNet"):
            return [
                _not(
                    f"{said} on the test quotation, and its price there is {expected:f}: this site does not "
                    'price as its price lists say. Write by = "tieout" in the flow.'
                )
            ]
        if self._cache is not None:
            row = {"customer": self._customer, "product": self._code}
            self._cache.put(_KIND, {_KEY: row}, self._clock.now() + _KEPT)
        return [
            _ok(f"Sage 50 prices quotations itself from now on: {said} on a test quotation, now removed.")
        ]

    def _left_over(self) -> list[str]:
        """Test quotations that an earlier check could not remove; one that became an order stays."""
        filters = [{"field": "CUST_ORDER_NUMBER", "type": "eq", "value": TEST}, search.KEPT]
        ids = [
            one.id
            for one in self._reader.search(QUOTATION, filters)
            if one.values.get("customerOrderNumber") == TEST
        ]
        found = [self._reader.single(QUOTATION, one) for one in ids]
        return [one.id for one in found if isinstance(one, Snapshot) and one.values.get("orderType") == QUOTE]

    def _remove(self, numbers: list[str]) -> None:
        """Raises the SyncError of the service with the number of the one that stays."""
        for number in numbers:
            try:
                path = f"{QUOTATION.route}/{number}"
                self._client.write("DELETE", path, {}, f"remove test quotation {number}")
            except SyncError as fault:
                raise RecordRejected(
                    f"The test quotation {number} could not be removed ({fault}): delete it in Sage 50."
                ) from None


def _ok(message: str) -> Finding:
    return Finding("ok", _SUBJECT, message)


def _not(message: str) -> Finding:
    return Finding("warning", _SUBJECT, f"Quotations are not priced by Sage 50. {message}")
