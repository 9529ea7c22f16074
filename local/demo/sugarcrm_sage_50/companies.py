"""The companies of the sample: each is an account in SugarCRM, and most are customers in Sage 50."""

import re
from dataclasses import dataclass
from itertools import product
from typing import Any

_FIRST = ("Ashdown", "Brackley", "Calder", "Dunmore", "Eastgate", "Fenwick", "Granby", "Holloway")
_SECOND = ("Joinery", "Catering", "Logistics", "Interiors", "Engineering", "Print", "Garden Centre")
_TOWNS = (
    ("Leeds", "West Yorkshire", "LS1 4AP"),
    ("Bristol", "Avon", "BS1 6QH"),
    ("Norwich", "Norfolk", "NR2 1RL"),
    ("Swansea", "West Glamorgan", "SA1 3SN"),
    ("Perth", "Perthshire", "PH1 5TR"),
    ("Derry", "Co. Londonderry", "BT48 6DQ"),
)
_KINDS = {"no_reference": 3, "unknown_reference": 2, "lower_case": 2, "euro": 2, "on_hold": 2, "inactive": 1}
_ABROAD = {
    57: ("Boston", "MA", "02110", "US", "United States", 0),
    58: ("Aarhus", "", "8000", "DK", "Denmark", 4),
}
"""An export and an EC customer: number -> town, county, postcode, country twice, own tax code."""
_LONG_STREET = (
    "Unit 14, The Old Maltings Business Park\nOff Northumberland Avenue by the Canal Basin\n"
    "First Floor, Rear Entrance"
)


@dataclass(frozen=True)
class Company:
    """`kind` is plain, or the state of the opportunities it is for."""

    number: int
    name: str
    kind: str

    @property
    def id(self) -> str:
        return f"acc00000-0000-4000-8000-{self.number:012d}"

    @property
    def reference(self) -> str:
        letters = "".join(re.sub("[^A-Z]", "", part)[:3] for part in self.name.upper().split()[:2])
        return f"{letters[:6]}{self.number:02d}"

    @property
    def in_sage(self) -> bool:
        return self.kind not in ("no_reference", "unknown_reference")

    def account(self) -> dict[str, Any]:
        """As SugarCRM has it."""
        town, county, postcode = self._place()
        written = {"no_reference": None, "lower_case": self.reference.lower()}.get(self.kind, self.reference)
        return {
            "id": self.id,
            "name": self.name,
            "sales_account_ref_c": written,
            "phone_office": self._phone(),
            "billing_address_street": self._street(),
            "billing_address_city": town,
            "billing_address_state": county,
            "billing_address_postalcode": postcode,
            "billing_address_country": self._country()[1],
            "shipping_address_street": f"Goods In, {self.number} Station Road",
            "shipping_address_city": town,
            "shipping_address_state": county,
            "shipping_address_postalcode": postcode,
            "shipping_address_country": self._country()[1],
        }

    def customer(self) -> dict[str, Any]:
        """As Sage 50 has it."""
        town, county, postcode = self._place()
        return {
            "accountRef": self.reference,
            "name": self.name[:60],
            "address1": self._street().split("\n")[0][:60],
            "address3": town,
            "address4": county,
            "address5": postcode,
            "countryCode": self._country()[0],
            "telephone": self._phone(),
            "currency": 2 if self.kind == "euro" else 1,
            "defTaxCode": _ABROAD[self.number][5] if self.number in _ABROAD else 1,
            "defTaxCodeUseDefault": self.number in _ABROAD,
            "onHold": self.kind == "on_hold",
            "inactiveAccount": self.kind == "inactive",
            "creditLimit": 5000,
        }

    def _place(self) -> tuple[str, str, str]:
        return _ABROAD[self.number][:3] if self.number in _ABROAD else _TOWNS[self.number % len(_TOWNS)]

    def _country(self) -> tuple[str, str]:
        """As Sage 50 and as SugarCRM write it."""
        return _ABROAD[self.number][3:5] if self.number in _ABROAD else ("GB", "United Kingdom")

    def _street(self) -> str:
        return _LONG_STREET if self.number % 9 == 0 else f"{self.number * 3 + 1} Mill Lane"

    def _phone(self) -> str:
        return f"01632 960{self.number:03d}"


def companies() -> list[Company]:
    names = [f"{first} {second} Ltd" for second, first in product(_SECOND, _FIRST)]
    kinds = [kind for kind, count in _KINDS.items() for _ in range(count)]
    kinds += ["plain"] * (len(names) - len(kinds))
    made = [
        Company(number, name, kind) for number, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
    ]
    extra = (
        Company(57, "O'Neill & Daughters <Wholesale>", "plain"),
        Company(58, 'Café Zoë "The Ærø"', "plain"),
    )
    return [*made, *extra, *(Company(60 + n, f"Retail Counter {n + 1}", "plain") for n in range(7))]
