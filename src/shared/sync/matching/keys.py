"""The normal forms of what records are known by. None is "no key at all": it neither proves nor forbids.

Nothing here judges whether a number is a real one: people who type "n/a" mean that there is none, and a
number with a wrong check digit still names the company that gave it.
"""

import re
import unicodedata
from typing import NamedTuple

_SIGNS, _NO_VAT_SIGN, _NO_DIGIT = (re.compile(one) for one in (r"[^0-9a-z]+", r"[^0-9A-Z]+", r"\D+"))
_BETWEEN = re.compile(r"[\W_]+")
_INSIDE, _WORD = re.compile("['’`.]"), re.compile(r"\w+")
_LETTERS = re.compile(r"\b[a-z](?: [a-z])+\b")
"""A. B. C. is ABC, and S. A. a legal form."""
_PLACEHOLDERS = frozenset(
    (
        *(
            "na",
            "none",
            "nil",
            "null",
            "no",
            "nonumber",
            "notapplicable",
            "notavailable",
            "notknown",
            "unknown",
        ),
        *("notregistered", "unregistered", "exempt", "appliedfor", "applied", "pending", "tbc", "tbd", "tba"),
        *("blank", "test", "dummy", "cash", "various", "x", "xxx"),
    )
)
"""What people type where there is no number, compacted."""


class Vat(NamedTuple):
    """A VAT number. `country` is "" where neither the number nor the address says it."""

    country: str
    number: str


_VAT_COUNTRIES = frozenset(
    (
        *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GB", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
_SAME_COUNTRY = {"GR": "EL", "XI": "GB", "UK": "GB"}
_LABEL = re.compile(
    r"^(?:VATREG(?:ISTRATION)?|VAT|TVA|MWST|UST|IVA|BTW)(?:ID|IDNR|NUMBER|NUM|NO|NR)?(?=[A-Z0-9])"
)
_TAIL = re.compile(r"(?<=\d)(?:MWST|TVA|IVA|MVA|VAT)$")


def vat_key(text: object, address_country: object = None) -> Vat | None:
    """Compacted; the country from the number itself, else from the address (two letters, ISO 3166).

    None for what has fewer than 7 characters or fewer than 5 digits, or one digit repeated.
    """
    compact = _NO_VAT_SIGN.sub("", _plain(text).upper())
    compact = _TAIL.sub("", _LABEL.sub("", compact))
    country, number = _prefix(compact)
    if not country and isinstance(address_country, str) and len(address_country) == 2:
        named = _SAME_COUNTRY.get(address_country.upper(), address_country.upper())
        country = named if named in _VAT_COUNTRIES else ""
    digits = [sign for sign in number if sign.isdigit()]
    if len(compact) < 7 or len(digits) < 5 or len(set(digits)) == 1:
        return None
    return Vat(country, number)


def _prefix(compact: str) -> tuple[str, str]:
    for spelled in (compact[:3], compact[:2]):
        named = "CH" if spelled == "CHE" else _SAME_COUNTRY.get(spelled, spelled)
        if named in _VAT_COUNTRIES and any(sign.isdigit() for sign in compact[len(spelled) :]):
            return named, compact[len(spelled) :]
    return "", compact


def same_vat(one: Vat | None, other: Vat | None) -> bool | None:
    """None where one of them has none. A country that nobody names is any country."""
    if one is None or other is None:
        return None
    countries = {one.country, other.country} - {""}
    return one.number == other.number and len(countries) < 2


def reference_key(text: object) -> str | None:
    """A reference as people write it here and there: capitals, spaces and dashes say nothing."""
    compact = _BETWEEN.sub("", _plain(text).casefold())
    return None if not compact or compact in _PLACEHOLDERS or set(compact) == {"0"} else compact


_FORMS = {
    "ltd": "limited limitd ltd",
    "plc": "plc",
    "llp": "llp",
    "lp": "lp",
    "llc": "llc",
    "inc": "inc incorporated corp corporation",
    "gmbh": "gmbh mbh",
    "ag": "ag",
    "kg": "kg",
    "ug": "ug",
    "sa": "sa",
    "sas": "sas sasu",
    "sarl": "sarl eurl",
    "srl": "srl",
    "spa": "spa",
    "sl": "sl slu",
    "bv": "bv bvba",
    "nv": "nv",
    "oy": "oy oyj",
    "ab": "ab",
    "as": "as asa",
    "aps": "aps",
    "pty": "pty",
    "cic": "cic",
    "dac": "dac",
    "clg": "clg",
    "kft": "kft",
    "sro": "sro",
    "doo": "doo",
}
_FORM_OF = {word: form for form, words in _FORMS.items() for word in words.split()}


class Name(NamedTuple):
    """A company's name without punctuation, case and legal form. `form` is the legal form, "" if none is
    stated."""

    text: str
    form: str


def company_name(text: object) -> Name | None:
    """Accents do not count, "&" is "and". A name that is nothing but a legal form is kept as it is."""
    words = _LETTERS.sub(lambda run: run[0].replace(" ", ""), " ".join(_words(text))).split()
    form = ""
    left = words
    while len(left) > 1 and left[-1] in _FORM_OF:
        form = _FORM_OF[left[-1]]
        left = left[:-1]
    if form and len(left) > 1 and left[-1] in ("co", "company") and left[-2] != "and":
        left = left[:-1]
    text_of = " ".join("co" if word == "company" else word for word in left)
    return Name(text_of, form) if text_of else None


def person_name(text: object) -> str | None:
    """Titles, capitals, punctuation and accents do not count."""
    words = _words(text)
    while len(words) > 2 and words[0] in ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir"):
        words = words[1:]
    return " ".join(words) or None


def email_key(text: object) -> str | None:
    folded = _plain(text).strip().casefold()
    return folded if "@" in folded else None


def postcode_key(text: object) -> str | None:
    compact = _SIGNS.sub("", _plain(text).casefold())
    return None if compact in ("", *_PLACEHOLDERS) else compact


def phone_key(text: object) -> str | None:
    """The last nine digits: +44 113 496 0000, 0044 113 496 0000 and 0113 496 0000 are one number."""
    digits = _NO_DIGIT.sub("", _plain(text))
    return digits[-9:] if len(digits) >= 6 and len(set(digits)) > 1 else None


def related(one: str, other: str) -> bool:
    """Whether two names have a word in common that says more than "the" or "services"."""
    return not _telling(one).isdisjoint(_telling(other))


_COMMON = frozenset(
    ("the", "and", "of", "co", "uk", "services", "group", "holdings", "international", "trading")
)


def _telling(name: str) -> frozenset[str]:
    words = frozenset(name.split())
    return (words - _COMMON) or words


def _words(text: object) -> list[str]:
    """Folded words: what is between dots and apostrophes belongs together, all other signs separate."""
    folded = _plain(text).casefold().replace("&", " and ").replace("+", " and ")
    return _WORD.findall(_INSIDE.sub("", folded).replace("_", " "))


def _plain(text: object) -> str:
    """Without accents, in the compatibility form: what stands in another width or script form is the same."""
    if not isinstance(text, str) or text.isascii():
        return text if isinstance(text, str) else ""
    split = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in split if not unicodedata.combining(sign)))
