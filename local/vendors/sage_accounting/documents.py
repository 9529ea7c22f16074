"""What invoices and quotes have in common: customer, currency, addresses, shipping and totals."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting import addresses, rates
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.document_lines import (
    percentage,
    shape_analysis,
    shape_line,
    tax_analysis,
    tax_breakdown,
)
from local.vendors.sage_accounting.errors import invalid
from local.vendors.sage_accounting.shapes import decimals, shown
from local.vendors.sage_accounting.tables import ARTEFACT_ADDRESS
from local.vendors.sage_accounting.values import rounded

_LINES = ("address_line_1", "address_line_2", "city", "region", "postal_code")


def settle(books: Books, values: Record, fresh: bool) -> Record:
    """The header, with what the caller left out filled in. Raises Refused for values that do not go
    together."""
    contact = books.find("contacts", values["contact_id"])
    if "CUSTOMER" not in contact["contact_type_ids"]:
        raise invalid("Couldn't find Customer.")
    _check_date(books, values["date"])
    found = {**values, **_currency(books, values, contact)}
    if fresh:
        found = {
            "contact_name": contact["name"],
            "contact_reference": contact["reference"],
            "terms_and_conditions": "",
            "notes": "",
            "reference": "",
            **found,
        }
        found["main_address"] = found.get("main_address") or _address(addresses.main_address(books, contact))
        delivery = addresses.delivery_address(books, contact)
        found["delivery_address"] = found.get("delivery_address") or (
            _address(delivery) if delivery else dict(found["main_address"])
        )
    return found | _totals(books, found)


def _check_date(books: Books, day: str) -> None:
    dates = books.financial_dates
    if day < dates["accounts_start_date"]:
        raise invalid("The date cannot be before your accounts start date.", "date")
    if dates["year_end_lockdown_date"] and day <= dates["year_end_lockdown_date"]:
        raise invalid("The date must be after the year end lockdown date.", "date")


def _currency(books: Books, values: Mapping[str, Any], contact: Record) -> Record:
    own = books.options.base_currency
    currency = values.get("currency_id") or contact["currency_id"]
    if currency != own and (not books.multi_currency or contact["currency_id"] != currency):
        raise invalid("This currency cannot be used for this contact.", "currency_id")
    rate = values.get("exchange_rate")
    if currency == own:
        rate = Decimal(1)
    elif not rate:
        inverse = values.get("inverse_exchange_rate")
        rate = rates.inverse(inverse) if inverse else rates.effective(books, currency)
    if rate is None or rate <= 0:
        raise invalid("There is no exchange rate for this currency.", "exchange_rate")
    return {"currency_id": currency, "exchange_rate": rate, "inverse_exchange_rate": rates.inverse(rate)}


def _address(row: Record | None) -> Record:
    return {field.name: (row or {}).get(field.name, field.empty) for field in ARTEFACT_ADDRESS}


def _totals(books: Books, found: Mapping[str, Any]) -> Record:
    lines = found["lines"]
    shipping = found.get("shipping_net_amount") or Decimal(0)
    shipping_tax = rounded(shipping * percentage(books, found.get("shipping_tax_rate_id")) / 100)
    net = sum((line["net_amount"] for line in lines), shipping)
    tax = sum((line["tax_amount"] for line in lines), shipping_tax)
    if net + tax < 0:
        raise invalid("The total cannot be negative. Create a credit note instead.", "total_amount")
    return {
        "net_amount": net,
        "tax_amount": tax,
        "total_amount": net + tax,
        "shipping_net_amount": shipping,
        "shipping_tax_amount": shipping_tax,
        "shipping_total_amount": shipping + shipping_tax,
        "total_quantity": sum((line["quantity"] for line in lines), Decimal(0)),
        "total_discount_amount": sum((line["discount_amount"] for line in lines), Decimal(0)),
    }


_TWINS = (
    "net_amount",
    "tax_amount",
    "total_amount",
    "shipping_net_amount",
    "shipping_tax_amount",
    "shipping_total_amount",
    "total_discount_amount",
)


def shape_totals(books: Books, record: Record) -> Record:
    rate = rates.to_base(books, record["exchange_rate"])
    totals = {name: record[name] for name in (*_TWINS, "total_quantity")}
    twins = {f"base_currency_{name}": rounded(record[name] * rate) for name in _TWINS}
    shipping = (
        record.get("shipping_tax_rate_id"),
        record["shipping_net_amount"],
        record["shipping_tax_amount"],
    )
    return decimals(totals | twins) | {
        "exchange_rate": rates.text(record["exchange_rate"]),
        "inverse_exchange_rate": rates.text(record["inverse_exchange_rate"]),
        "tax_analysis": tax_analysis(books, record["lines"], shipping),
        "shipping_tax_breakdown": tax_breakdown(books, shipping[0], shipping[2]),
        "base_currency_shipping_tax_breakdown": tax_breakdown(
            books, shipping[0], rounded(shipping[2] * rate)
        ),
    }


def shape_lines(books: Books, record: Record, analysis: bool = False) -> list[Record]:
    rate = rates.to_base(books, record["exchange_rate"])
    return [
        shape_line(books, line, rate) | (shape_analysis(books, line) if analysis else {})
        for line in record["lines"]
    ]


def shape_addresses(books: Books, record: Record) -> Record:
    """An address inside a document has the contact's path, as in Sage."""
    found: Record = {}
    for name in ("main_address", "delivery_address"):
        row = record[name]
        found[f"{name}_free_form"] = "\n".join(row[part] for part in _LINES if row.get(part))
        found[name] = {
            "id": record["id"],
            "displayed_as": record["contact_name"],
            "$path": f"/contacts/{record['contact_id']}",
            "deleted_at": None,
            **shown(books, ARTEFACT_ADDRESS, row),
        }
    return found
