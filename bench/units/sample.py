"""Records with every field filled that a flow knows."""

from typing import Any

LINES = (1, 5, 20, 50)
_TOWNS = ("Leeds", "York", "Skipton", "Hebden Bridge", "Harrogate")
_STREETS = ("High Street", "Mill Lane", "Station Road", "Church Walk", "Albert Terrace")


def _place(number: int) -> tuple[str, str, str]:
    return (
        f"Unit {number % 17}, {number * 7 % 211} {_STREETS[number % 5]}",
        _TOWNS[number % 5],
        f"LS{number % 27 + 1} {number % 9}AP",
    )


def filled_account(number: int) -> dict[str, Any]:
    street, town, postcode = _place(number)
    other, delivery_town, code = _place(number + 3)
    return {
        "id": f"account-{number}",
        "name": f"Hawthorn & Whitaker {number} Ltd",
        "sales_account_ref_c": f"CUST{number:04}",
        "phone_office": f"0113 496 {number:04}",
        "billing_address_street": street,
        "billing_address_city": town,
        "billing_address_state": "West Yorkshire",
        "billing_address_postalcode": postcode,
        "billing_address_country": "United Kingdom",
        "shipping_address_street": other,
        "shipping_address_city": delivery_town,
        "shipping_address_state": "North Yorkshire",
        "shipping_address_postalcode": code,
        "shipping_address_country": "United Kingdom",
    }


def filled_customer(number: int) -> dict[str, Any]:
    return {"accountRef": f"CUST{number:04}", "name": f"Hawthorn & Whitaker {number} Ltd", "currency": 1}


def organisation(number: int) -> dict[str, str]:
    street, town, postcode = _place(number)
    other, delivery_town, code = _place(number + 3)
    return {
        "accountname": f"Hawthorn & Whitaker {number} Ltd",
        "email1": f"accounts@hawthorn-whitaker{number}.test",
        "phone": f"0113 496 {number:04}",
        "cf_854": f"GB{100000000 + number * 37}",
        "cf_856": f"HAW{number:05}",
        "bill_street": street,
        "bill_city": town,
        "bill_state": "West Yorkshire",
        "bill_code": postcode,
        "bill_country": "United Kingdom",
        "ship_street": other,
        "ship_city": delivery_town,
        "ship_state": "North Yorkshire",
        "ship_code": code,
        "ship_country": "United Kingdom",
    }


def product(number: int) -> dict[str, str]:
    return {
        "productname": f"Shelf bracket {number}",
        "productcode": f"BRK-{number:03}",
        "description": f"Shelf bracket, size {number}, galvanised",
        "unit_price": f"{number + 2}.50",
        "discontinued": "1",
        "tax1": "20",
    }


def document(account: str, items: list[str]) -> dict[str, Any]:
    return {
        "subject": f"Shop fit-out of {len(items)} lines",
        "account_id": account,
        "customerno": "PO 4711",
        "invoicedate": "2026-11-01",
        "duedate": "2026-11-30",
        "currency_id": "21x1",
        "conversion_rate": "1",
        "hdnTaxType": "individual",
        "invoicestatus": "Created",
        "bill_street": "1 High St",
        "ship_street": "1 High St",
        "LineItems": [
            {
                "productid": item,
                "quantity": str(number % 7 + 1),
                "listprice": f"{number + 2}.50",
                "tax1": "20",
                "comment": f"Bay {number % 12}, left of the door",
            }
            for number, item in enumerate(items)
        ],
    }
