"""A small field that nobody can read: the record goes, the field stays as it is, and the log names it."""

from typing import Any

import pytest

from shared.ports import ObjectSpec, Snapshot
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders

ADDRESS = {"billing_street": "1 High St", "billing_town": "York"}


def stored(here: Customers, system: str, record: str, path: str, entity: str = "") -> Any:
    return here.native(system, entity)[here.id_of(system, record, entity)][path]


def spoil(here: Customers, system: str, record: str, entity: str = "", **native: Any) -> None:
    """A person enters these values, in the vendor's own words."""
    spec = here.rig.flow.entities[entity or here.entity].maps[system].spec
    here.rig.systems[system].put(spec.object, here.id_of(system, record, entity), native)


@pytest.mark.parametrize("email", ["n/a", "a@x.test; b@y.test", "none", "@smith"])
def test_a7_an_unusable_email_stops_neither_the_customer_nor_its_people(email: str) -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith Ltd", email=email, phone="01904 1", **ADDRESS)
    here.sync()
    says = here.says("created", "Vtiger", "email1", email, rule="unreadable", field="email")
    assert says.value == email
    assert here.shows(SAGE, "smith")["phone"] == "01904 1"
    assert "email" not in here.shows(SAGE, "smith")


def test_what_cannot_be_read_costs_nothing_once_it_was_told() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith Ltd", email="n/a", **ADDRESS)
    here.sync()
    here.sync()
    here.forget()
    writes = here.writes(SAGE), here.writes(VTIGER)
    here.wait(hours=50)
    assert here.log() == []
    assert (here.writes(SAGE), here.writes(VTIGER)) == writes


def test_the_corrected_email_is_passed_on() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith Ltd", email="n/a")
    here.sync()
    here.edit(VTIGER, email="ann@smith.test")
    here.sync()
    here.says("updated", "email")
    assert here.shows(SAGE)["email"] == "ann@smith.test"


@pytest.mark.parametrize("system", [VTIGER, SAGE])
def test_an_email_spoiled_later_empties_nothing(system: str) -> None:
    other = SAGE if system == VTIGER else VTIGER
    here = Customers.linked_smith(name="Smith Ltd", email="ann@smith.test")
    path = "email1" if system == VTIGER else "main_contact_person/email"
    spoil(here, system, "smith", **{path: "see notes"})
    here.sync()
    here.says("unchanged", "see notes", "ann@smith.test", field="email")
    assert here.shows(other)["email"] == "ann@smith.test"
    here.forget()
    here.wait(hours=50)
    assert here.log() == []
    assert stored(here, system, "smith", path) == "see notes"


@pytest.mark.parametrize("then", ["", "ann@smith.test", "bob@smith.test"])
def test_what_becomes_readable_again_is_an_edit_of_what_was_last_read(then: str) -> None:
    here = Customers.linked_smith(name="Smith Ltd", email="ann@smith.test")
    spoil(here, VTIGER, "smith", email1="n/a")
    here.sync()
    spoil(here, VTIGER, "smith", email1=then)
    here.sync()
    assert here.shows(SAGE).get("email", "") == then
    assert here.shows(VTIGER).get("email", "") == then


def test_an_edit_of_the_other_side_does_not_overwrite_what_nobody_could_read() -> None:
    here = Customers.linked_smith(name="Smith Ltd", email="ann@smith.test")
    spoil(here, VTIGER, "smith", email1="ann@smith.test; bob@smith.test")
    here.sync()
    here.edit(SAGE, email="carol@smith.test", phone="01904 2")
    here.sync()
    here.says("updated", "bob@smith.test", "carol@smith.test", "does not replace it", field="email")
    assert stored(here, VTIGER, "smith", "email1") == "ann@smith.test; bob@smith.test"
    assert stored(here, VTIGER, "smith", "phone") == "01904 2"
    here.forget()
    here.wait(hours=50)
    assert here.log() == []


def test_corrected_after_an_edit_of_the_other_side_it_is_a_conflict_like_any_other() -> None:
    here = Customers.linked_smith(name="Smith Ltd", email="ann@smith.test")
    spoil(here, VTIGER, "smith", email1="n/a")
    here.sync()
    here.edit(SAGE, email="carol@smith.test")
    here.sync()
    here.edit(VTIGER, email="bob@smith.test")
    here.sync()
    assert here.lost() == [(VTIGER, "email", "bob@smith.test")]
    assert here.shows(VTIGER)["email"] == here.shows(SAGE)["email"] == "carol@smith.test"


def test_put_back_as_it_was_it_takes_the_other_side_s_edit() -> None:
    here = Customers.linked_smith(name="Smith Ltd", email="ann@smith.test")
    spoil(here, VTIGER, "smith", email1="n/a")
    here.sync()
    here.edit(SAGE, email="carol@smith.test")
    here.sync()
    here.edit(VTIGER, email="ann@smith.test")
    here.sync()
    assert here.shows(VTIGER)["email"] == "carol@smith.test"


def test_a_person_of_sage_with_two_addresses_in_one_field() -> None:
    here = Customers.linked_smith(name="Smith Ltd")
    sage = here.id_of(SAGE, "smith")
    here.enter(SAGE, "ann", "contact", full_name="Ann Smith", email="a@x.test, b@x.test", account=sage)
    here.sync()
    here.wait(minutes=5)
    here.says("created", "a@x.test, b@x.test", field="email", of="ann")
    assert here.shows(VTIGER, "ann", "contact")["full_name"] == "Ann Smith"


def test_a_country_that_nobody_knows() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith Ltd", **ADDRESS)
    spoil(here, VTIGER, "smith", bill_country="Middle Earth")
    here.sync()
    here.says("created", "Middle Earth", field="billing_country")
    assert here.shows(SAGE)["billing_town"] == "York"
    spoil(here, VTIGER, "smith", bill_country="France")
    here.sync()
    assert here.shows(SAGE)["billing_country"] == "FR"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("billing_postcode", "YO1 6GA (rear entrance)"),
        ("reference", "SMITH-AND-SONS"),
        ("email", f"{'ann' * 40}@smith.test"),
    ],
)
def test_a_key_that_is_too_long_is_left_out_and_never_cut(field: str, value: str) -> None:
    here = Customers()
    here.enter(
        VTIGER, "smith", name="Smith Ltd", phone="01904 1", **{"billing_street": "1 High St", field: value}
    )
    here.sync()
    here.says("created", value[:40], f"has {len(value)} characters", "made without it", field=field)
    assert field not in here.shows(SAGE)
    here.sync()
    writes = here.writes(SAGE), here.writes(VTIGER)
    here.forget()
    here.wait(hours=50)
    assert here.log() == []
    assert (here.writes(SAGE), here.writes(VTIGER)) == writes
    here.edit(VTIGER, **{field: value[:3] if field != "email" else "ann@smith.test"})
    here.sync()
    assert here.shows(SAGE)[field] in (value[:3], "ann@smith.test")


def test_a_key_that_grew_too_long_leaves_the_old_one_there() -> None:
    here = Customers.linked_smith(name="Smith Ltd", reference="SMITH", phone="01904 1")
    here.edit(VTIGER, reference="SMITH-AND-SONS", phone="01904 2")
    here.sync()
    here.says("updated", "phone", "SMITH-AND-SONS", "keeps what it has", field="reference")
    assert here.shows(SAGE)["reference"] == "SMITH"
    assert here.shows(SAGE)["phone"] == "01904 2"
    assert here.shows(VTIGER)["reference"] == "SMITH-AND-SONS"
    here.forget()
    here.wait(hours=50)
    assert here.log() == []


def test_other_texts_are_cut_as_the_map_says() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith Ltd", phone="0" * 60)
    here.sync()
    here.says("created", "phone cut from 60 to 50 characters")
    assert here.shows(SAGE)["phone"] == "0" * 50


def test_what_the_other_system_fills_in_by_itself_does_not_win_over_the_correction() -> None:
    """Sage gives an address without a country that of the business."""
    here = Customers()
    sage = here.rig.systems[SAGE]
    fill = sage.create

    def british(spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        return fill(spec, {"main_address/country_id": "GB", **values}, key)

    sage.create = british  # type: ignore[method-assign]
    here.enter(VTIGER, "smith", name="Smith Ltd", **ADDRESS)
    spoil(here, VTIGER, "smith", bill_country="Atlantis")
    here.sync()
    here.says("created", "Atlantis", field="billing_country")
    here.wait(hours=30)
    assert stored(here, VTIGER, "smith", "bill_country") == "Atlantis"
    spoil(here, VTIGER, "smith", bill_country="Germany")
    here.sync()
    assert here.shows(SAGE)["billing_country"] == "DE" and here.lost() == []
    assert stored(here, VTIGER, "smith", "bill_country") == "Germany"


@pytest.mark.parametrize("date", ["2026-02-30", "0000-00-00", "soon"])
def test_an_order_goes_without_a_date_that_cannot_be(date: str) -> None:
    here = Orders()
    here.win("desks", date_closed=date)
    here.sync()
    here.says("created", "date_closed", date, rule="unreadable", field="order_date")
    assert len(here.orders()) == 1 and here.number() == here.orders()[0][0]
    here.forget()
    here.wait(hours=50)
    assert here.log() == [] and len(here.orders()) == 1


def test_an_order_waits_for_an_amount_that_can_be_read() -> None:
    here = Orders()
    here.win("desks", amount="a lot")
    here.sync()
    here.says("skipped", "a lot", rule="unreadable", field="amount")
    assert here.orders() == []
