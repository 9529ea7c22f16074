"""The customers of the sample: organisations in Vtiger, customers in Sage, many of them both, and not always
with the same data."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5

from local.demo.post import Row

KINDS = {
    "vtiger_only": (13, "only in Vtiger: made in Sage"),
    "odd_name": (5, "the same, with a name of quotes, ampersands, emoji, HTML entities or great length"),
    "same_name": (6, "in both, found by name, written in capitals in Sage"),
    "same_vat_number": (
        4,
        "in both, found by VAT number; the names differ, so one loses the conflict and is logged",
    ),
    "same_reference": (3, "in both, found by the Sage reference; the telephones differ"),
    "euro": (2, "in both; the Sage account is in euros"),
    "twice_in_sage": (
        1,
        "two customers of this name in Sage: one of the three is left over, and a person decides",
    ),
    "twice_in_vtiger": (
        2,
        "one organisation, entered twice in Vtiger with one VAT number: the second is held",
    ),
    "bad_vat_number": (1, "a VAT number that Sage refuses: held, and its people and invoices wait"),
    "long_postcode": (1, "a postcode longer than Sage allows: cut"),
    "no_address": (2, "nothing but a name"),
    "sage_only": (8, "only in Sage: made in Vtiger"),
}
"""kind -> (how many, what it stands for)."""

_FIRST = ("Alderley", "Bramhope", "Castleton", "Denholme", "Elland", "Farsley", "Guiseley", "Harewood")
_TRADE = ("Hardware", "Builders Merchants", "Plumbing Supplies", "Garden Centre", "DIY", "Joinery")
_ODD = (
    "O'Neill & Daughters (Wholesale)",
    "Café Zoë “The Ærø”",
    "Fix-It 🔧 Tools",
    "Marks &amp; Sons Ironmongers",
    "The Worshipful Company of Ironmongers, Locksmiths and Purveyors of Fine Brassware of Greater Leeds",
)
_TOWNS = (
    ("Leeds", "West Yorkshire", "LS1 4AP"),
    ("Bristol", "Avon", "BS1 6QH"),
    ("Norwich", "Norfolk", "NR2 1RL"),
    ("Swansea", "West Glamorgan", "SA1 3SN"),
    ("Perth", "Perthshire", "PH1 5TR"),
    ("Derry", "Co. Londonderry", "BT48 6DQ"),
)
_LONG_STREET = "Unit 14, The Old Maltings Business Park\nOff Northumberland Avenue by the Canal Basin"
_NOT_IN_VTIGER, _NOT_IN_SAGE = (
    ("sage_only",),
    ("vtiger_only", "odd_name", "twice_in_vtiger", "bad_vat_number", "long_postcode", "no_address"),
)


@dataclass(frozen=True)
class Organisation:
    number: int
    name: str
    kind: str

    @property
    def in_vtiger(self) -> bool:
        return self.kind not in _NOT_IN_VTIGER

    @property
    def in_sage(self) -> bool:
        return self.kind not in _NOT_IN_SAGE

    @property
    def sage_id(self) -> str:
        return key("contact", self.number)

    @property
    def domain(self) -> str:
        return f"customer{self.number:02d}.example"

    @property
    def currency(self) -> str:
        return "EUR" if self.kind == "euro" else "GBP"

    def account(self) -> Row:
        """As Vtiger has it."""
        row: Row = {"accountname": self.name}
        if self.kind == "no_address":
            return row
        return (
            row
            | self._written("bill_", "code")
            | {
                "ship_street": f"Goods In, {self.number} Station Road",
                "ship_city": self._place()[0],
                "ship_state": self._place()[1],
                "ship_code": self._postcode(),
                "ship_country": "United Kingdom",
                "phone": self._phone(),
                "email1": f"accounts@{self.domain}",
                "website": f"www.{self.domain}",
                "cf_854": "GB12AB" if self.kind == "bad_vat_number" else self._vat_number(),
                "cf_856": self._reference() if self.kind == "same_reference" else "",
            }
        )

    def customers(self) -> list[Row]:
        """As Sage has them: one, or two with the same name."""
        made = [self._customer(self.sage_id, self._reference())]
        if self.kind == "twice_in_sage":
            made.append(self._customer(key("contact again", self.number), ""))
        return made

    def _customer(self, record: str, reference: str) -> Row:
        person = {
            "name": "Main Contact",
            "email": f"accounts@{self.domain}",
            "telephone": "0113 496 0000" if self.kind == "same_reference" else self._phone(),
        }
        town, county, postcode = self._place()
        lines = self._street().split("\n")
        row: Row = {
            "id": record,
            "name": self._name_in_sage(),
            "contact_type_ids": ["CUSTOMER"],
            "reference": reference,
            "currency_id": self.currency,
            "main_contact_person": person,
            "main_address": {
                "name": "Main Address",
                "address_line_1": lines[0],
                "address_line_2": "".join(lines[1:]),
                "city": town,
                "region": county,
                "postal_code": postcode,
                "country_id": "GB",
            },
        }
        return row | (
            {"tax_number": self._vat_number()} if self.kind in ("same_vat_number", "sage_only") else {}
        )

    def _name_in_sage(self) -> str:
        return {"same_name": self.name.upper(), "same_vat_number": self.name.replace("Ltd", "Limited")}.get(
            self.kind, self.name
        )

    def _written(self, prefix: str, postcode: str) -> Row:
        town, county, _ = self._place()
        return {
            f"{prefix}street": self._street(),
            f"{prefix}city": town,
            f"{prefix}state": county,
            f"{prefix}{postcode}": self._postcode(),
            f"{prefix}country": "United Kingdom",
        }

    def _place(self) -> tuple[str, str, str]:
        return _TOWNS[self.number % len(_TOWNS)]

    def _postcode(self) -> str:
        return f"{self._place()[2]} (gate B)" if self.kind == "long_postcode" else self._place()[2]

    def _street(self) -> str:
        return _LONG_STREET if self.number % 9 == 0 else f"{self.number * 3 + 1} Mill Lane"

    def _phone(self) -> str:
        return f"01632 960{self.number:03d}"

    def _vat_number(self) -> str:
        if self.kind == "twice_in_vtiger":
            return "GB712345678"
        return (
            f"GB{700_000_000 + self.number * 7919}"
            if self.number % 4 or self.kind == "same_vat_number"
            else ""
        )

    def _reference(self) -> str:
        letters = [sign for sign in self.name.upper() if sign.isascii() and sign.isalpha()]
        return f"{''.join(letters[:6])}{self.number:03d}"


def key(*words: object) -> str:
    """An id like Sage's, the same at every start."""
    return md5(repr(("sample", *words)).encode(), usedforsecurity=False).hexdigest()


def organisations() -> list[Organisation]:
    names = iter([f"{first} {trade} Ltd" for trade in _TRADE for first in _FIRST])
    return [Organisation(number, name, kind) for number, (kind, name) in enumerate(_named(names), 1)]


def _named(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    for kind, (count, _) in KINDS.items():
        if kind == "twice_in_vtiger":
            name = next(names)
            yield from ((kind, f"{name}{ending}") for ending in ("", " (Trade Counter)")[:count])
        else:
            yield from ((kind, _ODD[index] if kind == "odd_name" else next(names)) for index in range(count))
