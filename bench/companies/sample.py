"""Companies and their people as two systems hold them, at stated rates, with the truth of who is who.

Reference on both sides 55 %, of which 2 % wrong (half of them another company's); VAT number on both 45 %;
names differing beyond their normal form 12 %; e-mail addresses differing 35 %; 40 companies in VAT groups; 1
% of the numbers are none ("n/a"). One company in 200 has another one of its name."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

Values = dict[str, Any]
_FIRST = [
    "Aspen",
    "Bexley",
    "Calder",
    "Denby",
    "Elland",
    "Fenton",
    "Garth",
    "Holme",
    "Ilkley",
    "Jervaux",
    "Keld",
    "Linton",
    "Malham",
    "Nidd",
    "Otley",
]
_SECOND = [
    "Park",
    "Ridge",
    "Vale",
    "Moor",
    "Bridge",
    "Mill",
    "Wood",
    "Cross",
    "Field",
    "Gate",
    "Hill",
    "Grove",
    "Court",
    "Haven",
    "Marsh",
    "Point",
]
_TRADE = [
    "Tools",
    "Foods",
    "Print",
    "Motors",
    "Textiles",
    "Timber",
    "Glass",
    "Paper",
    "Plastics",
    "Bakers",
    "Joinery",
    "Roofing",
    "Optics",
]
_FORMS = ("Ltd", "Limited", "LTD.", "", "ltd")
_GIVEN = [
    "Ann",
    "Bob",
    "Cleo",
    "Dan",
    "Eve",
    "Finn",
    "Gail",
    "Hugh",
    "Iris",
    "Jack",
    "Kate",
    "Liam",
    "Mona",
    "Ned",
    "Olga",
    "Paul",
    "Rosa",
    "Sean",
    "Tess",
    "Will",
]
_JUNK = ("n/a", "N/A", "exempt", "applied for", "GB000000000")


@dataclass
class Sample:
    """`crm` and `ledger`: record id -> canonical values; record ids end in the number of the true company, or
    person. `people` are (company, values) on either side."""

    crm: dict[str, Values] = field(default_factory=dict)
    ledger: dict[str, Values] = field(default_factory=dict)
    people: tuple[dict[str, tuple[int, Values]], dict[str, tuple[int, Values]]] = field(
        default_factory=lambda: ({}, {})
    )


def truth(record_id: str) -> str:
    """What the two records of one company, or person, have in common."""
    return record_id[1:]


def sample(count: int, seed: int = 1) -> Sample:
    made, random = Sample(), Random(seed)
    names = _names(count, random)
    groups = {number: f"GB{700000000 + number // 8:09d}" for number in range(min(40, count // 10))}
    for number in range(count):
        left, right = _company(number, names[number], groups.get(number), count, random)
        made.crm[f"V{number}"], made.ledger[f"S{number}"] = left, right
        _people(made, number, random)
    return made


def _names(count: int, random: Random) -> list[str]:
    names = [
        f"{_FIRST[n % 15]} {_SECOND[n // 15 % 16]} {_TRADE[n // 240 % 13]} {n // 3120 or ''}".strip()
        for n in range(count)
    ]
    random.shuffle(names)
    for number in range(100, count - 1, 200):
        names[number + 1] = names[number]
    return names


def _company(number: int, name: str, group: str | None, count: int, random: Random) -> tuple[Values, Values]:
    post, phone = (
        f"LS{number % 29 + 1} {number % 9}{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}",
        4960000 + number,
    )
    sides = list[Values]()
    for side in (0, 1):
        called = f"{name} {random.choice(_FORMS)}".strip()
        sides.append({"name": called.upper() if random.random() < 0.1 else called, "billing_country": "GB"})
        sides[side] |= {"billing_postcode": post if random.random() < 0.8 else None}
        sides[side] |= {"phone": f"0113 {phone}" if random.random() < 0.7 else None}
        sides[side] |= {"email": f"office@firm{number}.test"}
    if random.random() < 0.12:
        sides[random.randrange(2)]["name"] = (
            f"{name.split()[0]} {random.choice(('Holdings', 'Group', 'Trading'))} {number}"
        )
    if random.random() < 0.35:
        sides[random.randrange(2)]["email"] = f"info@firm{number}.test"
    _reference(number, sides, count, random)
    _vat(number, sides, group, random)
    return sides[0], sides[1]


def _reference(number: int, sides: list[Values], count: int, random: Random) -> None:
    own, drawn = f"REF{number:05d}", random.random()
    if drawn < 0.55:
        sides[0]["reference"] = sides[1]["reference"] = own
        if random.random() < 0.02:
            wrong = random.randrange(count) if random.random() < 0.5 else count + number
            sides[random.randrange(2)]["reference"] = f"REF{wrong:05d}"
    elif drawn < 0.9:
        sides[1]["reference"] = own


def _vat(number: int, sides: list[Values], group: str | None, random: Random) -> None:
    digits = group or f"GB{100000000 + number * 7919 % 899999999:09d}"
    spaced = f"{digits[:2]} {digits[2:5]} {digits[5:9]} {digits[9:]}"
    drawn = random.random()
    if group or drawn < 0.45:
        sides[0]["vat_number"] = random.choice((digits, spaced, digits[2:], digits.lower()))
        sides[1]["vat_number"] = digits
    elif drawn < 0.7:
        sides[random.randrange(2)]["vat_number"] = digits
    for side in sides:
        if random.random() < 0.01:
            side["vat_number"] = random.choice(_JUNK)


def _people(made: Sample, company: int, random: Random) -> None:
    """Up to three; their own address is on one side only, the same, the office's, or (2 %) another."""
    for place, given in enumerate(random.sample(_GIVEN, random.randrange(4))):
        name, drawn = f"{given} {_SECOND[(company + place) % 16]}", random.random()
        own = f"{given.lower()}@firm{company}.test"
        mails = (
            (own, None) if drawn < 0.4 else (own, own) if drawn < 0.9 else (f"office@firm{company}.test", own)
        )
        mails = (own, f"{given.lower()}.old@firm{company}.test") if drawn >= 0.98 else mails
        for side, letter in enumerate("VS"):
            shown = name.upper() if random.random() < 0.05 else name
            made.people[side][f"{letter}{company}.{place}"] = (
                company,
                {"full_name": shown, "email": mails[side]},
            )
