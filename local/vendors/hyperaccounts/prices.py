"""Price lists, special prices and quantity discounts of the emulated company. The API only reads them.

Rows are kept by raw column; a Sage user edits them by `POST /_admin/prices`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.hyperaccounts.ledger import Ledger, Record
from local.vendors.hyperaccounts.values import MOMENT, Refused, single

CUSTOMER_LIST, SPECIAL = "P", "S"
BANDS = "ABCDE"


def lists(ledger: Ledger) -> list[dict[str, Any]]:
    # known: document - the price lists are listed with type, reference, currency and whether prices are
    #   static
    return [_shown(ledger, one) for one in ledger.price_lists.values()]


def price_list(ledger: Ledger, reference: str) -> dict[str, Any]:
    # known: guessed - the single read of a price list goes by the list's own reference
    found = ledger.price_lists.get(reference.upper())
    if found is None:
        raise Refused(f"Price list {reference} not found")
    own = [one for one in ledger.prices if one["PRICING_REF"] == found["PRICING_REF"]]
    return {**_shown(ledger, found), "prices": [single("PRICE", one) for one in own]}


def _shown(ledger: Ledger, one: Record) -> dict[str, Any]:
    # known: guessed - the currency of a list counts from 0, as in an order's read
    offset = 1 if ledger.options.list_currencies_from_zero else 0
    stamp = one["RECORD_MODIFY_DATE"].strftime(MOMENT)
    return {
        "type": one["TYPE"],
        "pricingRef": one["PRICING_REF"],
        "name": one["NAME"],
        "currency": one["CURRENCY"] - offset,
        "hasStaticPrices": int(one["STATIC"]),
        "recordCreateDate": stamp,
        "recordModifyDate": stamp,
        "recordDeleted": 0,
    }


def edit(ledger: Ledger, body: Mapping[str, Any]) -> int:
    """`lists`: reference, name, currency, static; `prices`: list or customer, stockCode, price, method;
    `customers`: account -> list; `bands`: stock code -> letter -> [[quantity, rate], ...]."""
    for one in body.get("lists", ()):
        _list(ledger, one)
    for one in body.get("prices", ()):
        _price(ledger, one)
    for account, reference in body.get("customers", {}).items():
        ledger.change(ledger.customer(account), {"PRICING_REF": reference})
    for code, bands in body.get("bands", {}).items():
        _band(ledger, code, bands)
    return len(ledger.prices)


def _list(ledger: Ledger, one: Mapping[str, Any]) -> None:
    ledger.price_lists[one["reference"]] = {
        "TYPE": one.get("type", CUSTOMER_LIST),
        "PRICING_REF": one["reference"],
        "NAME": one.get("name", one["reference"]),
        "CURRENCY": one.get("currency", 1),
        "STATIC": one.get("static", True),
        "RECORD_MODIFY_DATE": ledger.clock.now(),
    }


def _price(ledger: Ledger, one: Mapping[str, Any]) -> None:
    # known: document - type P is a customer's price list, U a supplier's, S a special price of a customer
    # known: guessed - a special price has the customer's account as its reference
    special = "customer" in one
    stored = one.get("price")
    row = ledger.new(
        "PRICE",
        {
            "PRICE_ID": len(ledger.prices) + 1,
            "TYPE": one.get("type", SPECIAL if special else CUSTOMER_LIST),
            "PRICING_REF": one["customer"] if special else one["list"],
            "STOCK_CODE": str(one["stockCode"]).upper(),
            "CALC_METHOD": one.get("method", 0),
            "STORED_PRICE": None if stored is None else Decimal(str(stored)),
        },
    )
    key = ("TYPE", "PRICING_REF", "STOCK_CODE")
    ledger.prices = [old for old in ledger.prices if any(old[name] != row[name] for name in key)] + [row]


def _band(ledger: Ledger, code: str, bands: Mapping[str, Any]) -> None:
    # known: document - rows of a product hold up to ten levels of quantity and rate for each discount table
    columns = {
        f"DISC_{letter}_LEVEL_{n}_{part}": Decimal(str(value))
        for letter, levels in bands.items()
        for n, level in enumerate(levels, 1)
        for part, value in zip(("QTY", "RATE"), level, strict=True)
    }
    ledger.change(ledger.product(code), columns)
