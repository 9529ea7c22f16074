"""The people of the sample: Vtiger's contacts and Sage's contact persons, one or two with most
organisations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.demo.post import Row
from local.demo.vtiger_sage_accounting.organisations import Organisation, key

KINDS = {
    "vtiger_only": "only in Vtiger: made in Sage with their customer",
    "same_email": "in both, found by customer and e-mail address; Sage has an older job title",
    "same_name": "in both, found by customer and name; Sage lacks the mobile telephone",
    "sage_only": "only in Sage: made in Vtiger with their organisation",
    "no_organisation": "belongs to no organisation: Sage keeps people only with their customer",
    "waiting": "their organisation is held, so they wait for it",
    "last_name_only": "has no first name",
    "odd_name": "a name of several words, accents and apostrophes",
}

_FIRST = ("Jo", "Sam", "Priya", "Alan", "Megan", "Tomasz", "Grace", "Bilal", "Fiona", "Dylan")
_LAST = (
    "Barker",
    "Cartwright",
    "Desai",
    "Eastwood",
    "Fletcher",
    "Gorski",
    "Hussain",
    "Ingham",
    "Jenkins",
    "Kerr",
    "Lomax",
)
_TITLES = ("Buyer", "Accounts Manager", "Proprietor", "Stock Controller")
_HELD = ("twice_in_sage", "twice_in_vtiger", "bad_vat_number")
_KIND_WITH = {
    "same_name": "same_name",
    "same_vat_number": "same_email",
    "same_reference": "same_email",
    "bad_vat_number": "waiting",
    "no_address": "last_name_only",
    "odd_name": "odd_name",
    "sage_only": "sage_only",
}
_ODD = (
    ("Siobhán", "O'Brien-Łuczak"),
    ("Juan Carlos", "de la Cruz y Ñandú"),
    ("Anne-Marie", "D'Arcy"),
    ("Zoë", "Müller"),
    ("Bob 😀", "Smith & Wesson"),
)


@dataclass(frozen=True)
class Person:
    number: int
    kind: str
    organisation: Organisation | None
    first: str
    last: str

    def contact(self) -> Row | None:
        """As Vtiger has it; `account_id` is the organisation's number, for the loader to replace."""
        if self.kind == "sage_only":
            return None
        row: Row = {
            "firstname": self.first,
            "lastname": self.last,
            "email": self._email(),
            "title": self._title(),
            "phone": self._phone(),
            "mobile": f"07700 900{self.number:03d}",
        }
        return row | ({"account_id": self.organisation.number} if self.organisation else {})

    def person(self) -> Row | None:
        """As Sage has it; `contact_id` is the customer, whose main address the loader puts in its place."""
        if self.kind not in ("same_email", "same_name", "sage_only") or self.organisation is None:
            return None
        return {
            "id": key("person", self.number),
            "contact_id": self.organisation.sage_id,
            "contact_person_type_ids": ["SALES"],
            "name": f"{self.first} {self.last}",
            "email": "" if self.kind == "same_name" else self._email(),
            "job_title": "Assistant" if self.kind == "same_email" else self._title(),
            "telephone": self._phone(),
        }

    def _email(self) -> str:
        domain = self.organisation.domain if self.organisation else "nowhere.example"
        return f"person{self.number}@{domain}"

    def _title(self) -> str:
        return _TITLES[self.number % len(_TITLES)]

    def _phone(self) -> str:
        return f"01632 961{self.number:03d}"


def people(known: Sequence[Organisation]) -> list[Person]:
    return [
        Person(number, kind, organisation, *_name(number, kind))
        for number, (kind, organisation) in enumerate(_places(known), 1)
    ]


def _places(known: Sequence[Organisation]) -> Iterator[tuple[str, Organisation | None]]:
    for one in known:
        if one.kind not in ("twice_in_sage", "twice_in_vtiger"):
            yield _KIND_WITH.get(one.kind, "vtiger_only"), one
        if one.number % 3 == 0 and one.in_vtiger and one.kind not in _HELD:
            yield "vtiger_only", one
    yield from [("no_organisation", None)] * 2


def _name(number: int, kind: str) -> tuple[str, str]:
    if kind == "odd_name":
        return _ODD[number % len(_ODD)]
    return "" if kind == "last_name_only" else _FIRST[number % len(_FIRST)], _LAST[number % len(_LAST)]
