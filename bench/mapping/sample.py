"""10,000 won opportunities as a poll delivers them: made up, always the same, in the mix that real books
show."""

import random
from typing import Any

_STREETS = (
    "High Street",
    "Station Road",
    "Church Lane",
    "Mill Lane",
    "Victoria Road",
    "The Green",
    "Kings Way",
)
_TOWNS = (
    ("Leeds", "West Yorkshire", "LS1 {n}AA"),
    ("Bristol", "Avon", "BS1 {n}QE"),
    ("Ashford", "Kent", "TN23 {n}LR"),
    ("Dundee", "", "DD1 {n}BN"),
    ("Newry", "County Down", "BT34 {n}HX"),
)
_WORDS = (
    "Website",
    "relaunch",
    "Office",
    "chairs",
    "Annual",
    "support",
    "& maintenance",
    "Café",
    "fit-out",
    "phase",
    "two",
    "pumps",
    "and",
    "valves",
    "retainer",
    "O'Hara",
    '"Rush"',
    "refurbishment",
    "of",
    "the",
    "north",
    "warehouse",
)


def opportunities(count: int = 10_000) -> list[dict[str, Any]]:
    """Native values, related account included, all texts as SugarCRM sends them."""
    dice = random.Random(50)
    return [_opportunity(dice, number) for number in range(count)]


def _opportunity(dice: random.Random, number: int) -> dict[str, Any]:
    town, county, postcode = dice.choice(_TOWNS)
    street = f"{dice.randint(1, 240)} {dice.choice(_STREETS)}"
    if dice.random() < 0.4:
        street = f"Unit {dice.randint(1, 40)}\n{street}"
    name = " ".join(dice.choices(_WORDS, k=dice.randint(2, 6 if dice.random() < 0.9 else 14)))
    same = dice.random() < 0.7
    return {
        "id": f"opp-{number:08d}",
        "name": name,
        "amount": f"{dice.randint(50, 5_000_000) / 100:.2f}0000",
        "currency_id": "-99",
        "date_closed": f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        "date_modified": "2026-11-21T23:04:06+00:00",
        "sales_stage": "Closed Won",
        "sales_order_no_c": dice.choice(("", None)),
        "account_id": f"acc-{number % 900:06d}",
        "account.sales_account_ref_c": dice.choice((f"CUS{number % 900:04d}", f" cus{number % 900:04d}")),
        "account.name": f"Customer {number % 900} Limited",
        "account.phone_office": f"0113 {dice.randint(100, 999)} 0000",
        "account.billing_address_street": street,
        "account.billing_address_city": town,
        "account.billing_address_state": county,
        "account.billing_address_postalcode": postcode.format(n=number % 9),
        "account.billing_address_country": "UK",
        "account.shipping_address_street": street if same else "Dock 4\nThe Wharf",
        "account.shipping_address_city": town,
        "account.shipping_address_state": county,
        "account.shipping_address_postalcode": postcode.format(n=number % 9),
        "account.shipping_address_country": "UK",
    }
