"""Countries as people type them."""

import pytest

from shared.mapping.countries import code_of, folded, title_of
from shared.mapping.country_texts import country_name_reader, country_name_writer, country_reader
from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Spot

SPOT = Spot("billing_country", "bill_country")
TYPED = {
    "South Korea": "KR",
    "Korea, Republic of": "KR",
    "KOR": "KR",
    "Kenya": "KE",
    "Ivory Coast": "CI",
    "Côte d’Ivoire": "CI",
    "COTE D'IVOIRE": "CI",
    "Burma": "MM",
    "Myanmar (Burma)": "MM",
    "Holland": "NL",
    "The Netherlands": "NL",
    "Russia": "RU",
    "Russian Federation": "RU",
    "England": "GB",
    "Scotland": "GB",
    "Wales": "GB",
    "Northern Ireland": "GB",
    "England, UK": "GB",
    "Great Britain": "GB",
    "U.K.": "GB",
    "uk": "GB",
    "gbr": "GB",
    "XI": "GB",
    "El": "GR",
    "USA": "US",
    "U.S.A.": "US",
    "United States of America": "US",
    "UAE": "AE",
    "Swaziland": "SZ",
    "Ceylon": "LK",
    "Zaire": "CD",
    "Viet-Nam": "VN",
    "St Lucia": "LC",
    "Bosnia & Herzegovina": "BA",
    "Curacao": "CW",
    "Türkiye": "TR",
    "turkey": "TR",
    "BU": "MM",
    "Kosovo": "XK",
    "Republic of Ireland": "IE",
    "Deutschland": "DE",
}


@pytest.mark.parametrize("text", TYPED)
def test_a_name_that_people_type(text: str) -> None:
    assert country_name_reader(SPOT)(f" {text} ") == TYPED[text] == country_reader(SPOT)(text.upper())


@pytest.mark.parametrize(
    "text",
    ["n/a", "Korea", "Yugoslavia", "Middle Earth", "Virgin Islands", "unknown", "-", "England & France"],
)
def test_what_is_no_country_or_might_be_two(text: str) -> None:
    with pytest.raises(FieldUnreadable, match="English name"):
        country_name_reader(SPOT)(text)


@pytest.mark.parametrize("text", ["NA", "n.a.", "N.A", "NI", "sc"])
def test_letters_that_may_stand_for_something_else(text: str) -> None:
    with pytest.raises(FieldUnreadable, match="name in full"):
        country_name_reader(SPOT)(text)


def test_a_ledger_s_code_is_a_code() -> None:
    assert country_reader(SPOT)("NA") == "NA" and country_name_writer(SPOT)("NA") == "Namibia"


def test_a_code_of_a_ledger_s_own_is_kept() -> None:
    assert country_reader(SPOT)("xx") == "XX" and country_name_writer(SPOT)("XX") == "XX"


def test_what_is_written_is_read_as_the_same_country() -> None:
    codes = set(TYPED.values()) | {"NA", "SC", "NI", "GS", "VC", "ST"}
    for code in codes:
        title = title_of(code)
        assert title is not None and len(title) <= 30 and "&" not in title
        assert country_name_reader(SPOT)(title) == code == code_of(code)


def test_folding_twice_changes_nothing() -> None:
    for text in TYPED:
        assert folded(folded(text)) == folded(text)
