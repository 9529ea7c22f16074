"""The customers of the sample: what the bookkeeper has in Sage 50.

Deterministic. `KINDS` says which case each represents.
"""

from collections.abc import Mapping

from local.demo.post import Advance, Row, client, post

KINDS = {
    "plain": (14, "an ordinary customer"),
    "on_hold": (2, "its account is on hold"),
    "over_limit": (1, "owes more than its credit limit"),
    "no_limit": (2, "has a credit limit of zero"),
    "inactive": (1, "is marked inactive"),
}
"""kind -> (how many, what it stands for)."""

REPS = ("Sebastian Ward", "SW", "")
"""The sales rep in Sage 50: by name, by code, or nobody."""
_FIRST = ("Ashdown", "Brackley", "Calder", "Dunmore", "Eastgate")
_SECOND = ("Joinery", "Catering", "Interiors", "Print")
_TOWNS = (("Leeds", "West Yorkshire", "LS1 4AP"), ("Bristol", "Avon", "BS1 6QH"), ("Perth", "", "PH1 5TR"))


def customers() -> list[Row]:
    """As Sage 50 has them, in the names of the API."""
    names = [f"{first} {second} Ltd" for second in _SECOND for first in _FIRST]
    kinds = [kind for kind, (count, _) in KINDS.items() for _ in range(count)]
    return [
        _customer(number, name, kind) for number, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
    ]


def reference(number: int, name: str) -> str:
    first, second = name.upper().split()[:2]
    return f"{first[:3]}{second[:3]}{number:02d}"


def _customer(number: int, name: str, kind: str) -> Row:
    town, county, postcode = _TOWNS[number % len(_TOWNS)]
    return {
        "accountRef": reference(number, name),
        "name": name,
        "contactName": f"{name.split()[0]} Accounts",
        "address1": f"{number * 3 + 1} Mill Lane",
        "address3": town,
        "address4": county,
        "address5": postcode,
        "countryCode": "GB",
        "telephone": f"01632 960{number:03d}",
        "email": f"accounts@{name.split()[0].lower()}{number}.example",
        "vatNumber": f"GB{123456780 + number}",
        "analysis1": REPS[number % len(REPS)],
        "onHold": kind == "on_hold",
        "inactiveAccount": kind == "inactive",
        "creditLimit": 0 if kind == "no_limit" else 500 if kind == "over_limit" else 5000,
    }


def size() -> int:
    return len(customers())


def load(addresses: Mapping[str, str], advance: Advance) -> None:
    with client() as opened:
        post(opened, f"{addresses['sage_50']}/_admin/customers", customers(), advance)
