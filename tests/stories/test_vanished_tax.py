"""A tax that is gone from an item, with no other in its place: nobody can tell whether anybody meant it."""

from decimal import Decimal

import pytest

from tests.stories.customers import SAGE, VTIGER, Customers

CODES = {"GB_STANDARD": "20.0", "GB_LOWER": "5.0"}


def item(entity: str) -> Customers:
    """Both sides hold it, at the standard rate."""
    here = Customers()
    here.rig.systems[SAGE].tables["tax_codes"] = [
        {"id": code, "rate": rate, "name": code} for code, rate in CODES.items()
    ]
    here.enter(VTIGER, "w", entity, sku="W", name="Widget", description="Widget", price=Decimal(10))
    _native(here, VTIGER, entity, tax="20.000")
    here.sync()
    here.wait(minutes=2)
    here.forget()
    assert code_of(here, entity) == "GB_STANDARD"
    return here


def _native(here: Customers, system: str, entity: str, **values: str) -> None:
    spec = here.rig.flow.entities[entity].maps[system].spec
    here.rig.systems[system].put(spec.object, here.id_of(system, "w", entity), values)


def code_of(here: Customers, entity: str) -> object:
    (record,) = here.native(SAGE, entity).values()
    return record["sales_tax_rate_id"]


@pytest.mark.parametrize("entity", ["product", "service"])
def test_a_tax_that_another_program_dropped_in_vtiger_stays_in_sage_and_is_told(entity: str) -> None:
    here = item(entity)
    _native(here, VTIGER, entity, tax="")
    here.sync()
    here.says("skipped", "tax rate is blank in", "and was 20", rule="vanished", field="tax_rate")
    assert code_of(here, entity) == "GB_STANDARD"
    assert [one["vanished"] for row in here.rows() for one in row.changes] == [True]
    here.forget()
    here.sync()
    assert here.log() == []


def test_a_tax_that_vanishes_in_sage_stays_in_vtiger() -> None:
    here = item("product")
    _native(here, SAGE, "product", sales_tax_rate_id="")
    here.sync()
    here.says("skipped", "and was 20", rule="vanished")
    assert here.native(VTIGER, "product")["w"]["tax"] == "20.000"


def test_what_was_edited_with_it_goes_over_and_the_tax_is_a_note() -> None:
    here = item("product")
    here.edit(VTIGER, "w", "product", description="Widget, blue")
    _native(here, VTIGER, "product", tax="")
    here.sync()
    here.says("updated", "description written to", "tax rate is blank in")
    assert code_of(here, "product") == "GB_STANDARD"


def test_another_tax_in_its_place_is_an_edit_and_so_is_the_next_one() -> None:
    here = item("product")
    _native(here, VTIGER, "product", tax="5.000")
    here.sync()
    here.says("updated", "tax rate written to")
    assert code_of(here, "product") == "GB_LOWER"
    _native(here, VTIGER, "product", tax="")
    here.sync()
    _native(here, VTIGER, "product", tax="20.000")
    here.sync()
    here.wait(minutes=2)
    assert code_of(here, "product") == "GB_STANDARD"


def test_a_tax_changed_in_sage_comes_back_to_an_item_that_lost_its_own() -> None:
    here = item("product")
    _native(here, VTIGER, "product", tax="")
    here.sync()
    _native(here, SAGE, "product", sales_tax_rate_id="GB_LOWER")
    here.sync()
    here.wait(minutes=2)
    assert here.native(VTIGER, "product")["w"]["tax"] == "5.00"
