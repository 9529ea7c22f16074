"""Normal forms of keys."""

import pytest

from shared.sync.matching.keys import (
    Vat,
    company_name,
    email_key,
    person_name,
    phone_key,
    postcode_key,
    reference_key,
    related,
    same_vat,
    vat_key,
)


@pytest.mark.parametrize(
    ("text", "country", "wanted"),
    [
        ("GB 987 6543 21", None, Vat("GB", "987654321")),
        ("gb-987.654.321", "DE", Vat("GB", "987654321")),
        ("XI987654321", None, Vat("GB", "987654321")),
        ("987654321", "XI", Vat("GB", "987654321")),
        ("GR123456789", None, Vat("EL", "123456789")),
        ("123456789", "GR", Vat("EL", "123456789")),
        ("123456789", None, Vat("", "123456789")),
        ("CHE-123.456.789 MWST", None, Vat("CH", "123456789")),
        ("ATU12345678", None, Vat("AT", "U12345678")),
        ("NL123456789B01", None, Vat("NL", "123456789B01")),
        ("NO 987 654 325 MVA", None, Vat("NO", "987654325")),
        ("VAT Reg No: GB987654321", None, Vat("GB", "987654321")),
        ("１２３４５６７８９", "GB", Vat("GB", "123456789")),
    ],
)
def test_a_vat_number_is_compacted(text: str, country: str | None, wanted: Vat) -> None:
    assert vat_key(text, country) == wanted


@pytest.mark.parametrize(
    "junk",
    ["", None, 7, "n/a", "N/A", "exempt", "applied for", "GB000000000", "1111111", "12345", "GB1234", "tbc"],
)
def test_what_is_no_vat_number_is_no_key(junk: object) -> None:
    assert vat_key(junk, "GB") is None


def test_vat_numbers_are_the_same_unless_their_countries_differ() -> None:
    one = Vat("GB", "987654321")
    assert same_vat(one, Vat("", "987654321")) is True
    assert same_vat(one, Vat("IE", "987654321")) is False
    assert same_vat(one, Vat("GB", "987654322")) is False
    assert same_vat(one, None) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Delta Tools Ltd", "DELTA TOOLS LIMITED"),
        ("Delta Tools Ltd.", "Delta-Tools"),
        ("Smith & Sons Ltd", "Smith and Sons"),
        ("A.B.C. Hire Ltd", "ABC Hire"),
        ("A. B. C. Hire Ltd", "ABC Hire"),
        ("O'Brien plc", "OBrien PLC"),
        ("Café Noir S.A.", "Cafe Noir SA"),
        ("Acme Co Ltd", "Acme Company Limited"),
    ],
)
def test_one_company_name(one: str, other: str) -> None:
    left, right = company_name(one), company_name(other)
    assert left is not None and right is not None and left.text == right.text


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme Retail Ltd", "Acme Wholesale Ltd"), ("Smith & Co", "Smith"), ("Limited", "Ltd"), ("3M", "4M")],
)
def test_two_company_names(one: str, other: str) -> None:
    left, right = company_name(one), company_name(other)
    assert left is not None and right is not None and left.text != right.text


def test_other_keys() -> None:
    assert company_name("  ") is None and company_name("Weber GmbH") == ("weber", "gmbh")
    assert person_name("Dr. Ann  O'Other") == "ann oother" and person_name("") is None
    assert email_key(" Ann@Borg.TEST ") == "ann@borg.test" and email_key("n/a") is None
    assert postcode_key("ls1 4ap") == postcode_key("LS14AP") == "ls14ap" and postcode_key("n/a") is None
    assert phone_key("+44 113 496 0000") == phone_key("0113 496 0000") and phone_key("0000000") is None
    assert (
        reference_key("smith-01") == "smith01" and reference_key("N/A") is None and reference_key("0") is None
    )
    assert related("acme retail", "acme wholesale") and not related("the oak group", "the elm group")
