"""Who is who: two companies of one VAT group, of one name, two people with one mailbox, father and son.

Nobody is ever fused with, or renamed after, somebody else. The single best candidate is joined; what nobody
can tell is held with both records side by side, and a person's decision is kept."""

import pytest

from tests.stories.customers import SAGE, VTIGER, Customers

GROUP = "GB123456789"


def pairs(here: Customers) -> list[tuple[str, str]]:
    both = [one for one in here.linked() if len([id for id in one.values() if id]) == 2]
    return sorted((one[VTIGER], one[SAGE]) for one in both)


def names(here: Customers, system: str) -> list[str]:
    return sorted(one["name"] for one in here.records(system))


def test_a1_two_companies_of_one_vat_group_are_never_one() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Acme Wholesale Ltd", vat_number=GROUP, billing_postcode="YO1 7HH")
    here.enter(VTIGER, "retail", name="Acme Retail Ltd", vat_number=GROUP, billing_postcode="LS1 4AP")
    here.sync()
    assert names(here, SAGE) == ["Acme Wholesale Ltd"] and names(here, VTIGER) == ["Acme Retail Ltd"]
    said = here.says("held", "Acme Wholesale Ltd", "YO1 7HH", rule="match", field="vat_number", of="retail")
    assert "Acme Retail Ltd" in said.reason and GROUP in said.reason and "another name" in said.reason


def test_a1_the_invoice_of_a_company_that_is_held_waits_and_is_on_nobody_elses_account() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Acme Wholesale Ltd", vat_number=GROUP)
    here.enter(VTIGER, "retail", name="Acme Retail Ltd", vat_number=GROUP)
    here.enter(VTIGER, "ann", "contact", full_name="Ann Other", account="retail")
    here.sync()
    assert here.records(SAGE, "contact") == []
    here.says("waiting", "retail", of="ann")


def test_a1_forty_companies_of_one_vat_group_with_an_exact_twin_each_are_not_held() -> None:
    here = Customers()
    for number in range(40):
        values = {"name": f"Acme Branch {number} Ltd", "vat_number": GROUP}
        here.enter(SAGE, f"S{number}", **values)
        here.enter(VTIGER, f"V{number}", **values)
    here.sync()
    assert pairs(here) == sorted((f"V{number}", f"S{number}") for number in range(40))
    assert "held" not in here.log()


def test_a_customer_deleted_since_the_last_full_look_is_nobodys_counterpart() -> None:
    """Most looks ask for new records only; who is one with whom is decided by all that is known now."""
    here = Customers()
    here.enter(SAGE, "S1", name="Zebra Ltd")
    here.enter(VTIGER, "a", name="Brand New Ltd")
    here.enter(VTIGER, "z", name="Zebra Ltd")

    def deleted() -> None:
        here.delete(SAGE, "S1")
        here.rig.clock.advance(15)

    with here.at(f"{SAGE}.create", deleted):
        here.hear(VTIGER, "a", "z")
    assert dict(pairs(here))["z"] in here.native(SAGE)
    assert names(here, SAGE) == ["Brand New Ltd", "Zebra Ltd"]


@pytest.mark.parametrize("written", ["GB 987 6543 21", "gb987.654.321", "987654321", "VAT No. GB987654321"])
def test_a2_one_vat_number_however_it_is_written_is_one_company(written: str) -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Delta Tools Ltd", vat_number="GB987654321", billing_country="GB")
    here.enter(VTIGER, "delta", name="Delta Tools Limited", vat_number=written, billing_country="GB")
    here.sync()
    assert pairs(here) == [("delta", "S1")]
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 1


def test_a2_a_greek_number_and_one_of_northern_ireland() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Olive SA", vat_number="EL123456789")
    here.enter(VTIGER, "olive", name="Olive S.A.", vat_number="123456789", billing_country="GR")
    here.enter(SAGE, "S2", name="Bann Linen Ltd", vat_number="XI123456780")
    here.enter(VTIGER, "bann", name="Bann Linen", vat_number="GB123456780")
    here.sync()
    assert pairs(here) == [("bann", "S2"), ("olive", "S1")]


@pytest.mark.parametrize("junk", ["N/A", "exempt", "applied for", "GB000000000", "-"])
@pytest.mark.parametrize("first", [VTIGER, SAGE])
def test_a1_a_number_that_is_none_makes_nobody_one(junk: str, first: str) -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Alder Ltd", vat_number=junk)
    here.enter(VTIGER, "birch", name="Birch Ltd", vat_number=junk)
    here.hear(first, "S1" if first == SAGE else "birch")
    here.sync()
    assert names(here, SAGE) == names(here, VTIGER) == ["Alder Ltd", "Birch Ltd"]


def test_a1_a_number_that_many_unrelated_names_carry_is_no_number() -> None:
    here = Customers()
    for number, name in enumerate(("Alder", "Birch", "Cedar", "Damson", "Elm", "Fir")):
        here.enter(SAGE, f"S{number}", name=f"{name} Ltd", vat_number="GB123456780")
    here.enter(VTIGER, "holly", name="Holly Ltd", vat_number="GB123456780")
    here.sync()
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 7


def test_two_of_one_name_with_references_of_their_own_stay_two() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Smith Ltd", reference="SMITH01")
    here.enter(VTIGER, "leeds", name="Smith Ltd", reference="SMITH02")
    here.sync()
    assert pairs(here) != [("leeds", "S1")]
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 2


def test_two_of_one_name_are_told_apart_by_what_they_share() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Smith Ltd", billing_postcode="LS1 4AP", phone="0113 496 0000")
    here.enter(SAGE, "S2", name="Smith Ltd", billing_postcode="YO1 7HH")
    here.enter(VTIGER, "leeds", name="Smith Limited", billing_postcode="ls14ap", phone="+44 113 496 0000")
    here.enter(VTIGER, "york", name="SMITH", billing_postcode="YO1 7HH")
    here.sync()
    assert pairs(here) == [("leeds", "S1"), ("york", "S2")]


def test_one_name_in_another_legal_form_is_asked_about() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Weber Ltd")
    here.enter(VTIGER, "weber", name="Weber GmbH")
    here.sync()
    assert names(here, SAGE) == ["Weber Ltd"]
    here.says("held", "Weber Ltd", "Weber GmbH", rule="match")


def people(here: Customers, vtiger: dict[str, str | None], sage: dict[str, str | None]) -> None:
    here.enter(VTIGER, "borg", name="Borg Ltd", reference="BORG")
    here.enter(SAGE, "B1", name="Borg Ltd", reference="BORG")
    here.sync()
    here.wait(minutes=2)
    here.forget()
    here.enter(VTIGER, "v", "contact", account="borg", **vtiger)
    here.enter(SAGE, "s", "contact", account="B1", **sage)
    here.sync()


def test_a5_two_people_with_one_mailbox_are_two_people() -> None:
    here = Customers()
    box = "accounts@borg.test"
    people(
        here,
        {"full_name": "Jo Bloggs", "email": box, "job_title": "Buyer"},
        {"full_name": "Ann Other", "email": box, "job_title": "Finance Director"},
    )
    for system in (VTIGER, SAGE):
        shown = {(one["full_name"], one["job_title"]) for one in here.records(system, "contact")}
        assert shown == {("Jo Bloggs", "Buyer"), ("Ann Other", "Finance Director")}


def test_a5_one_name_is_one_person_whoever_else_uses_the_mailbox() -> None:
    here = Customers()
    people(
        here,
        {"full_name": "Ann Other", "email": "ann@borg.test"},
        {"full_name": "Mrs Ann OTHER", "email": None},
    )
    assert len(here.records(SAGE, "contact")) == len(here.records(VTIGER, "contact")) == 1


def test_a5_father_and_son_of_one_name_are_held() -> None:
    here = Customers()
    people(
        here,
        {"full_name": "John Smith", "email": "john@borg.test"},
        {"full_name": "John Smith", "email": "john.smith@borg.test"},
    )
    assert len(here.records(SAGE, "contact")) == len(here.records(VTIGER, "contact")) == 1
    here.says("held", "John Smith", "john@borg.test", "john.smith@borg.test", rule="match")


def test_a5_father_and_son_both_in_one_system() -> None:
    here = Customers()
    people(here, {"full_name": "Jo Bloggs"}, {"full_name": "Ann Other"})
    here.forget()
    here.enter(VTIGER, "father", "contact", full_name="John Smith", account="borg")
    here.enter(VTIGER, "son", "contact", full_name="John Smith", account="borg")
    here.enter(SAGE, "one", "contact", full_name="John Smith", account="B1")
    here.sync()
    smiths = [one for one in here.records(SAGE, "contact") if one["full_name"] == "John Smith"]
    assert len(smiths) == 1 and set(here.log()) == {"held"}
