"""A tax that vanishes on one side, without another in its place, is not passed on: it stays, and is told.

On a real Vtiger 8.1.0 another program's `revise` drops the taxes of a product that it does not send; on 8.4.0
those of a service.
"""

from decimal import Decimal
from typing import Any

import pytest

from shared.systems.memory import MemorySystem
from tests.stories.customers import SAGE, TABLES, VTIGER, Customers, Rules
from tests.stories.world import Values

CODES = {"GB_ZERO": "0", "GB_STANDARD": "20", "GB_LOWER": "5"}
KINDS = ["product", "service"]


class Items(Customers):
    """One item at 20 %, known on both sides."""

    def __init__(self, entity: str, rules: Rules = "") -> None:
        super().__init__(rules)
        self.entity = entity
        sage = self.rig.systems[SAGE]
        assert isinstance(sage, MemorySystem)
        sage.tables["tax_codes"] = [{"id": one, "rate": rate, "name": ""} for one, rate in CODES.items()]
        TABLES["tax_codes"] = {one: Decimal(rate) for one, rate in CODES.items()}
        self.enter(
            VTIGER, "widget", sku="W1", description="A widget", price=Decimal(10), tax_rate=Decimal(20)
        )
        self.sync()
        self.wait(minutes=2)
        self.forget()

    def rates(self) -> tuple[Any, Any]:
        return tuple(self.shows(system, "widget").get("tax_rate") for system in (VTIGER, SAGE))  # type: ignore[return-value]

    def changes(self) -> list[Values]:
        return [dict(change) for row in self.rows() for change in row.changes]


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "tax_codes", TABLES["tax_codes"])


@pytest.mark.parametrize("entity", KINDS)
def test_another_program_drops_the_tax_in_vtiger_and_sage_keeps_it(entity: str) -> None:
    here = Items(entity)
    assert here.rates() == (20, 20)
    here.edit(VTIGER, "widget", tax_rate=None)
    here.sync()
    here.says("skipped", "tax rate is gone in Vtiger", "“20.00”", "stays in Sage Accounting", rule="emptied")
    assert here.rates() == (None, 20) and here.writes(SAGE) == 1
    assert {
        "field": "tax_rate",
        "system": VTIGER,
        "before": 20,
        "after": None,
        "emptied": True,
    } in here.changes()
    here.forget()
    here.wait(hours=3)
    assert here.log() == [] and here.rates() == (None, 20)


@pytest.mark.parametrize("entity", KINDS)
def test_the_tax_is_taken_off_in_sage_and_vtiger_keeps_it(entity: str) -> None:
    here = Items(entity)
    here.edit(SAGE, "widget", tax_rate=None)
    here.sync()
    here.says("skipped", "tax rate is gone in Sage Accounting", "“20.00”", "stays in Vtiger", rule="emptied")
    assert here.rates() == (20, None)


def test_what_else_was_edited_goes_and_the_tax_is_named_beside_it() -> None:
    here = Items("product")
    here.edit(VTIGER, "widget", tax_rate=None, price=Decimal(12))
    here.sync()
    here.says("updated", "price", "tax rate is gone in Vtiger", "“20.00”")
    assert here.rates() == (None, 20)
    assert here.shows(SAGE, "widget")["price"] == 12


@pytest.mark.parametrize("rate", ["0", "5"])
def test_another_rate_in_its_place_is_passed_on(rate: str) -> None:
    here = Items("product")
    here.edit(VTIGER, "widget", tax_rate=Decimal(rate))
    here.sync()
    assert here.rates() == (Decimal(rate), Decimal(rate))


def test_a_rate_after_the_loss_is_passed_on_from_either_side() -> None:
    here = Items("product")
    here.edit(VTIGER, "widget", tax_rate=None)
    here.sync()
    here.edit(SAGE, "widget", tax_rate=Decimal(5))
    here.sync()
    assert here.rates() == (5, 5)
    here.edit(SAGE, "widget", tax_rate=None)
    here.sync()
    here.edit(VTIGER, "widget", tax_rate=Decimal(20))
    here.sync()
    assert here.rates() == (20, 20)


def test_what_is_taken_off_on_both_sides_is_off() -> None:
    here = Items("product")
    here.edit(VTIGER, "widget", tax_rate=None)
    here.sync()
    here.edit(SAGE, "widget", tax_rate=None)
    here.sync()
    here.forget()
    here.edit(VTIGER, "widget", price=Decimal(13))
    here.sync()
    here.says("updated", "price")
    assert here.rates() == (None, None)


def test_a_setting_passes_it_on() -> None:
    here = Items("product", '[product.fields]\ntax_rate = { emptied = "pass" }\n')
    here.edit(VTIGER, "widget", tax_rate=None)
    here.sync()
    assert here.log() == ["updated"] and here.rates() == (None, None)


def test_other_fields_are_emptied_as_before() -> None:
    here = Items("service")
    here.edit(VTIGER, "widget", price=None)
    here.sync()
    assert here.log()[0] == "updated" and "price" not in here.shows(SAGE, "widget")
