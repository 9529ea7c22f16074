"""Which of Sage's tax codes a product or service gets, where Vtiger knows a rate only."""

from decimal import Decimal

import pytest

from shared.operations.preview import preview_entity
from tests.stories.customers import SAGE, VTIGER
from tests.stories.test_vat_invoices import Invoices

NOTE = (
    "its tax of 0 % is GB_ZERO in Sage Accounting, and could also be GB_EXEMPT, GB_NO_TAX: its invoices take "
    "that code, so correct it there if it is another"
)


class Items(Invoices):
    def __init__(self, entity: str = "product") -> None:
        super().__init__()
        self.entity = entity

    def taxed(self, rate: int) -> None:
        """Somebody sets this rate in Vtiger."""
        self.wait(minutes=3)
        self.edit(VTIGER, "COURSE", tax_rate=Decimal(rate))
        self.sync()

    def code(self) -> str:
        (item,) = self.native(SAGE).values()
        return str(item["sales_tax_rate_id"])


@pytest.mark.parametrize("entity", ["product", "service"])
def test_a_new_item_of_a_rate_that_several_codes_have_names_them_in_preview_and_log(entity: str) -> None:
    here = Items(entity)
    here.enter(VTIGER, "course", sku="COURSE", name="Course", description="A course", tax_rate=Decimal(0))
    (found,) = preview_entity(here.rig.services(), entity)
    assert found.notes == (NOTE,)
    here.sync()
    assert here.says("created").notes == (NOTE,) and here.code() == "GB_ZERO"


def test_a_rate_that_one_code_has_needs_no_note() -> None:
    here = Items()
    here.enter(VTIGER, "chair", sku="CHAIR", name="Chair", description="A chair", tax_rate=Decimal(20))
    here.sync()
    assert here.says("created").notes == () and here.code() == "GB_STANDARD"


def test_an_exempt_item_is_exempt_again_after_somebodys_mistake() -> None:
    here = Items()
    here.item("COURSE", "GB_EXEMPT")
    here.taxed(20)
    assert here.code() == "GB_STANDARD"
    here.taxed(0)
    assert here.code() == "GB_EXEMPT" and here.says("updated").notes == ()


def test_a_code_that_the_ledger_has_at_another_rate_now_does_not_come_back() -> None:
    here = Items()
    here.item("COURSE", "GB_EXEMPT")
    here.taxed(20)
    rates = {"GB_ZERO": "0", "GB_STANDARD": "20", "GB_EXEMPT": "5", "GB_NO_TAX": "0"}
    here.codes([{"id": code, "rate": rate, "name": ""} for code, rate in rates.items()])
    here.wait(hours=2)  # tables are read anew
    here.taxed(0)
    assert here.code() == "GB_ZERO"
    here.says("updated", "its tax of 0 % is GB_ZERO in Sage Accounting, and could also be GB_NO_TAX")
