"""A CRM that takes a name only once: the second company is called "Name (reference)" there, else "Name
(town)".

What is added is ours: it is not brought back to the ledger, and it goes when the name is free.
"""

import pytest

from shared.operations.compare import compare
from tests.stories.customers import SAGE, VTIGER, Customers, Vendor
from tests.stories.test_who_is_who import names, pairs


def strict(rules: str = "") -> Customers:
    here = Customers(rules)
    vendor = here.rig.systems[VTIGER]
    assert isinstance(vendor, Vendor)
    vendor.unique = {"Accounts": "accountname"}
    return here


def two_smiths(**second: str) -> Customers:
    here = strict()
    here.enter(SAGE, "S1", name="Smith Ltd", reference="A")
    here.sync()
    here.enter(SAGE, "S2", name="Smith Ltd", **second)
    here.sync()
    return here


@pytest.mark.parametrize(
    ("second", "called"),
    [
        ({"reference": "B", "billing_town": "Leeds"}, "Smith Ltd (B)"),
        ({"vat_number": "GB123456780", "billing_town": "Leeds", "reference": "B"}, "Smith Ltd (B)"),
    ],
)
def test_the_second_of_one_name_is_made_with_its_reference(second: dict[str, str], called: str) -> None:
    here = two_smiths(**second)
    assert names(here, VTIGER) == ["Smith Ltd", called] and names(here, SAGE) == ["Smith Ltd", "Smith Ltd"]
    assert any(called in note for row in here.rows() for note in row.outcome.notes)


def test_without_a_reference_it_is_made_with_its_town() -> None:
    here = strict()
    here.enter(SAGE, "S1", name="Smith Ltd", billing_postcode="YO1 7HH")
    here.sync()
    here.enter(SAGE, "S2", name="Smith Ltd", billing_postcode="LS1 4AP", billing_town="Leeds")
    here.sync()
    assert names(here, VTIGER) == ["Smith Ltd", "Smith Ltd (Leeds)"]


def test_the_addition_is_not_brought_back() -> None:
    here = two_smiths(reference="B")
    second = next(one for one, other in pairs(here) if other == "S2")
    here.edit(VTIGER, second, phone="111")
    here.sync()
    here.wait(hours=26)
    assert names(here, SAGE) == ["Smith Ltd", "Smith Ltd"] and here.shows(SAGE, "S2")["phone"] == "111"
    assert list(compare(here.rig.services())) == []


def test_a_name_edited_with_the_addition_goes_over_without_it() -> None:
    here = two_smiths(reference="B")
    second = next(one for one, other in pairs(here) if other == "S2")
    here.edit(VTIGER, second, name="Smith & Daughters Ltd (B)")
    here.sync()
    assert names(here, SAGE) == ["Smith & Daughters Ltd", "Smith Ltd"]


def test_the_addition_goes_when_the_name_is_free() -> None:
    here = two_smiths(reference="B")
    here.edit(SAGE, "S1", name="Smithson Ltd")
    here.sync()
    here.wait(minutes=3)
    assert names(here, VTIGER) == names(here, SAGE) == ["Smith Ltd", "Smithson Ltd"]


def test_a_company_renamed_to_a_name_that_is_taken_gets_the_addition_too() -> None:
    here = two_smiths(reference="B")
    here.enter(SAGE, "S3", name="Jones Ltd", reference="C")
    here.sync()
    here.edit(SAGE, "S3", name="Smith Ltd")
    here.sync()
    assert names(here, VTIGER) == ["Smith Ltd", "Smith Ltd (B)", "Smith Ltd (C)"]
    assert names(here, SAGE) == ["Smith Ltd"] * 3


def test_where_nothing_may_be_added_it_is_held_and_says_where_the_rule_is() -> None:
    here = strict("[account.unique]\nadd = []\n")
    here.enter(SAGE, "S1", name="Smith Ltd", reference="A")
    here.enter(SAGE, "S2", name="Smith Ltd", reference="B")
    here.sync()
    assert names(here, VTIGER) == ["Smith Ltd"]
    here.says("held", "Duplicate Prevention", rule="rejected", of="S2")
