"""What the service fills in on lines of a new order or quotation that lack it, when it is asked to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.hyperaccounts.ledger import Ledger, Record
from local.vendors.hyperaccounts.prices import BANDS, CUSTOMER_LIST, SPECIAL

ASK = "orderItemsDataFromStockItemData"
_FIRST_TABLE = 2


def filled(ledger: Ledger, customer: Record, body: Mapping[str, Any]) -> Any:
    """The lines of `body`, with what was asked for."""
    lines = body.get("invoiceItems")
    # known: document - orderItemsDataFromStockItemData fills missing data of lines from the product
    if ledger.options.unpriced_lines == "refused" or not body.get(ASK) or not isinstance(lines, list):
        return lines
    return [_line(ledger, customer, one) if isinstance(one, dict) else one for one in lines]


def _line(ledger: Ledger, customer: Record, line: Mapping[str, Any]) -> dict[str, Any]:
    product = ledger.products.get(str(line.get("stockCode") or "").upper())
    if product is None or line.get("unitPrice") is not None:
        return dict(line)
    if ledger.options.unpriced_lines != "customer_price":
        return {**line, "unitPrice": product["SALES_PRICE"]}
    price = _price(ledger, customer, product)
    rate = _rate(customer, product, Decimal(str(line.get("quantity") or 0)))
    return {"discount": rate, **line, "unitPrice": price}


def _price(ledger: Ledger, customer: Record, product: Record) -> Decimal:
    # known: guessed - the price is the customer's special one, that of the list, or the sales price
    for kind, holder in ((SPECIAL, customer["ACCOUNT_REF"]), (CUSTOMER_LIST, customer["PRICING_REF"])):
        for one in ledger.prices:
            own = (one["TYPE"], one["PRICING_REF"], one["STOCK_CODE"])
            if own == (kind, holder, product["STOCK_CODE"]) and one["STORED_PRICE"] is not None:
                return Decimal(one["STORED_PRICE"])
    return Decimal(product["SALES_PRICE"])


def _rate(customer: Record, product: Record, quantity: Decimal) -> Decimal:
    # known: guessed - a table's rate for the quantity takes the place of the customer's own
    table = customer["DISCOUNT_TYPE"] - _FIRST_TABLE
    if not 0 <= table < len(BANDS):
        return Decimal(customer["DISCOUNT_RATE"])
    levels = [
        tuple(product[f"DISC_{BANDS[table]}_LEVEL_{n}_{part}"] or Decimal(0) for part in ("QTY", "RATE"))
        for n in range(1, 11)
    ]
    reached = [one for one in levels if one[1] and one[0] <= quantity]
    return max(reached)[1] if reached else Decimal(customer["DISCOUNT_RATE"])
