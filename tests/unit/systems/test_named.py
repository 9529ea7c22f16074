"""Which fields a refusal names, where it says so in words only."""

import pytest

from shared.errors import OutcomeUnknown, RecordRejected
from shared.systems._named import naming
from shared.systems.sage_accounting.faults import refused_fields

FIELDS = {name: name for name in ("countryCode", "email", "name", "address1", "fax")}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (
            "Sage 50 refused to create the customer: Error converting value 'x' for countryCode.",
            ("countryCode",),
        ),
        ("Sage 50 refused to create the customer: email exceeds the maximum length of 255.", ("email",)),
        (
            "Sage 50 refused to create the customer: address1 and countryCode are wrong.",
            ("countryCode", "address1"),
        ),
        ("Sage 50 refused to create the customer: the user name is not known.", ()),
        ("Sage 50 refused to create the customer: send us an email or a fax.", ()),
        ("Sage 50 refused to write email, countryCode: no.", ()),
        ("Sage 50 refused to create the customer: Unknown property myCountryCode.", ()),
    ],
)
def test_words(said: str, named: tuple[str, ...]) -> None:
    fault = naming(RecordRejected(said), FIELDS, ": ")
    assert isinstance(fault, RecordRejected) and fault.named == named and str(fault) == said


def test_only_a_definite_refusal_names_anything() -> None:
    unknown = OutcomeUnknown("Sage 50: countryCode")
    assert naming(unknown, FIELDS, ": ") is unknown


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        (["tax_number"], ["tax_number"]),
        (["main_address.country_id", "reference"], ["main_address/country_id", "reference"]),
        (["tax_number", ""], []),
        (["base"], []),
        (["tax_number", "line_items.tax_rate_id"], []),
    ],
)
def test_sage_accounting_names_the_source(sources: list[str], named: list[str]) -> None:
    rows = [{"$message": "This field is invalid.", "$source": source} for source in sources]
    assert refused_fields(rows) == named
