"""The first peer: what a careful Python programmer would write by hand for this one mapping.

It does the same work as the compiled rules: reads each opportunity into named, typed values (refusing what
cannot be read), then writes the Sage order from them, with the same cuts and the same notes. No rule file can
change it.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"\s*[+-]?\d{1,15}(?:\.\d{0,12})?\s*", re.ASCII).fullmatch
_REFERENCE = re.compile(r"[A-Z0-9#_/!%&.\-$()\",']{1,8}", re.ASCII).fullmatch
_CENT = Decimal("0.01")
_MICRO = Decimal("0.000001")
_QUANTITY = Decimal(1)
_RATE = Decimal(20)
_NONE = Decimal(0)


def read(values: dict[str, Any], currencies: dict[str, str]) -> dict[str, Any]:
    """An opportunity as a sales order in our own terms. Raises ValueError for what cannot be read."""
    name, amount = _text(values["name"]), _amount(values["amount"])
    company = _text(values["account.name"])
    return {
        "number": _text(values["sales_order_no_c"]),
        "name": name,
        "order_date": _day(values["date_closed"]),
        "amount": amount,
        "currency": _currency(values["currency_id"], currencies),
        "customer_id": _text(values["account_id"]),
        "customer_ref": _reference(values["account.sales_account_ref_c"]),
        "customer_name": company,
        "phone": _phone(values["account.phone_office"]),
        "billing_name": company,
        "billing_street": _street(values["account.billing_address_street"]),
        "billing_town": _text(values["account.billing_address_city"]),
        "billing_county": _text(values["account.billing_address_state"]),
        "billing_postcode": _text(values["account.billing_address_postalcode"]),
        "billing_country": _text(values["account.billing_address_country"]),
        "delivery_name": company,
        "delivery_street": _street(values["account.shipping_address_street"]),
        "delivery_town": _text(values["account.shipping_address_city"]),
        "delivery_county": _text(values["account.shipping_address_state"]),
        "delivery_postcode": _text(values["account.shipping_address_postalcode"]),
        "delivery_country": _text(values["account.shipping_address_country"]),
        "lines": [
            {
                "sku": "S1",
                "description": name,
                "quantity": _QUANTITY,
                "unit_price": amount,
                "tax_code": "T1",
                "tax_rate": _RATE,
            }
        ],
    }


def write(order: dict[str, Any], currencies: dict[str, str], notes: list[str]) -> dict[str, Any]:
    """The Sage order to create."""
    address1, address2 = _address_lines(order["billing_street"], "billing_street", notes)
    delivery1, delivery2 = _address_lines(order["delivery_street"], "delivery_street", notes)
    return {
        "customerAccountRef": order["customer_ref"] or "",
        "orderDate": order["order_date"].isoformat(),
        "currency": currencies[order["currency"]],
        "customerTelephoneNumber": _cut(order["phone"], 30, "phone", notes),
        "address1": address1,
        "address2": address2,
        "address3": _cut(order["billing_town"], 60, "billing_town", notes),
        "address4": _cut(order["billing_county"], 60, "billing_county", notes),
        "address5": _cut(order["billing_postcode"], 60, "billing_postcode", notes),
        "delName": _cut(order["delivery_name"], 30, "delivery_name", notes),
        "delAddress1": delivery1,
        "delAddress2": delivery2,
        "delAddress3": _cut(order["delivery_town"], 60, "delivery_town", notes),
        "delAddress4": _cut(order["delivery_county"], 60, "delivery_county", notes),
        "delAddress5": _cut(order["delivery_postcode"], 60, "delivery_postcode", notes),
        "invoiceItems": [_item(line, number, notes) for number, line in enumerate(order["lines"], 1)],
    }


def _item(line: dict[str, Any], number: int, notes: list[str]) -> dict[str, Any]:
    return {
        "stockCode": line["sku"],
        "description": _cut(line["description"], 60, f"description of line {number}", notes),
        "quantity": line["quantity"],
        "unitPrice": line["unit_price"].quantize(_MICRO),
        "discount": _NONE,
        "taxCode": int(line["tax_code"][1:]),
        "taxRate": line["tax_rate"],
        "nominal": "4000",
        "departmentNumber": 0,
    }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(value)
    return value.strip() or None


def _amount(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _NUMBER(value):
        raise ValueError(value)
    number = Decimal(value)
    short = number.quantize(_CENT)
    return short if short == number else number.normalize()


def _day(value: Any) -> date | None:
    if not value:
        return None
    if len(value) != 10 or value[4] != "-" or value[7] != "-":
        raise ValueError(value)
    return date.fromisoformat(value)


def _currency(value: Any, currencies: dict[str, str]) -> str:
    return currencies[value or ""]


def _reference(value: Any) -> str | None:
    found = (_text(value) or "").upper()
    if found and not _REFERENCE(found):
        raise ValueError(value)
    return found or None


def _phone(value: Any) -> str | None:
    found = _text(value)
    return " ".join(found.split()) if found else None


def _street(value: Any) -> str | None:
    found = _text(value)
    if found is None or ("\n" not in found and "\r" not in found):
        return found
    return "\n".join([line for line in map(str.strip, found.splitlines()) if line])


def _cut(value: str | None, limit: int, what: str, notes: list[str]) -> str:
    if value is None:
        return ""
    if len(value) <= limit:
        return value
    notes.append(f"{what} cut from {len(value)} to {limit} characters")
    return value[:limit].rstrip()


def _address_lines(street: str | None, what: str, notes: list[str]) -> tuple[str, str]:
    if street is None:
        return "", ""
    if "\n" not in street and len(street) <= 60:
        return street, ""
    first, _, rest = street.partition("\n")
    if len(first) > 60 and not rest:
        at = first.rfind(" ", 0, 61)
        at = at if at > 0 else 60
        first, rest = first[:at].rstrip(), first[at:].strip()
    return _cut(first, 60, what, notes), _cut(rest.replace("\n", ", "), 60, f"{what}, last line,", notes)
