"""VAT as the ledger itself would charge it, and what nobody can tell is named."""

from typing import Any

import pytest

from shared.mapping.compile import compile_flow
from shared.operations.preview import preview_entity
from shared.sync.engine.preview import Forecast
from tests.stories.orders import SAGE, Orders

BY_CODE = {
    "systems/sugarcrm/sales_order.toml": (
        "[line]\n"
        'sku = { path = "code_c", default = "S1" }\n'
        'nominal = { path = "nominal_c", access = "read" }\n'
    )
}
"""A SugarCRM whose opportunities name a product of Sage's in a field of their own."""


class Sales(Orders):
    """Sage 50 has the tax codes T0, T1, T4 and T5; a deal with `code_c` sells that product."""

    def __init__(self) -> None:
        super().__init__()
        self.rig.flow = compile_flow(self.rig.flow.name, BY_CODE)
        self.rig.systems[SAGE].tables["tax_codes"] = [
            {"id": code, "rate": rate, "name": ""}
            for code, rate in (("0", "0"), ("1", "20"), ("4", "0"), ("5", "5"))
        ]

    def buyer(self, reference: str, code: str, country: str = "", ticked: bool = False, **more: Any) -> None:
        self.customer(reference)
        values = {"defTaxCode": code, "countryCode": country, "defTaxCodeUseDefault": ticked, **more}
        self.rig.systems[SAGE].put("customer", reference, values)

    def product(self, code: str, tax: str, **more: Any) -> None:
        self.rig.systems[SAGE].put("product", code, {"stockCode": code, "taxCode": tax, **more})

    def lines(self) -> dict[str, tuple[str, str, str]]:
        """Customer -> (tax code, rate, nominal) of the first line of its order."""
        found = self.native(SAGE).values()
        return {
            one["customerAccountRef"]: tuple(
                str(one["invoiceItems"][0][name]) for name in ("taxCode", "taxRate", "nominal")
            )  # type: ignore[misc]
            for one in found
        }

    def previewed(self) -> list[Forecast]:
        return list(preview_entity(self.rig.services(), self.entity))


def test_a6_export_and_ec_customers_get_their_own_tax_code() -> None:
    here = Sales()
    for reference, code, country in (
        ("UK000001", "1", "GB"),
        ("EXPORT01", "0", "US"),
        ("EUCUST01", "4", "DE"),
    ):
        here.buyer(reference, code, country)
        here.win(reference, customer=reference)
    here.sync()
    assert here.lines() == {
        "UK000001": ("1", "20", "4000"),
        "EXPORT01": ("0", "0", "4000"),
        "EUCUST01": ("4", "0", "4000"),
    }
    assert [row.outcome.notes for row in here.rows()] == [(), (), ()]


@pytest.mark.parametrize(
    ("own", "ticked", "item", "code"),
    [("1", False, "0", "0"), ("0", True, "1", "0"), ("4", False, "1", "1"), ("4", True, "1", "4")],
)
def test_a6_customer_times_item(own: str, ticked: bool, item: str, code: str) -> None:
    here = Sales()
    here.buyer("BUYER001", own, "GB", ticked)
    here.product("BOLT", item)
    here.win(customer="BUYER001", code_c="bolt")
    here.sync()
    assert here.lines()["BUYER001"][0] == code


@pytest.mark.parametrize(("own", "ticked"), [("1", False), ("0", True), ("4", False), ("4", True)])
def test_a6_a_line_without_an_item_takes_the_customers(own: str, ticked: bool) -> None:
    here = Sales()
    here.buyer("BUYER001", own, "DE", ticked)
    here.win(customer="BUYER001")
    here.sync()
    assert here.lines()["BUYER001"][0] == own


def test_zero_rated_goods_stay_zero_rated_and_go_to_their_nominal() -> None:
    here = Sales()
    here.buyer("BAKER001", "1", "GB", defNomCode="4001")
    here.product("FLOUR", "0", nominalCode="4002")
    here.win("flour", customer="BAKER001", code_c="FLOUR")
    here.sync()
    assert here.lines()["BAKER001"] == ("0", "0", "4002")
    here.buyer("MILLER01", "1", "GB", defNomCode="4001", defNomCodeUseDefault=True)
    here.win("more", customer="MILLER01", code_c="FLOUR")
    here.sync()
    assert here.lines()["MILLER01"] == ("0", "0", "4001")


def test_a_nominal_that_the_crm_states_stays() -> None:
    here = Sales()
    here.buyer("BAKER001", "1", "GB", defNomCode="4001", defNomCodeUseDefault=True)
    here.product("FLOUR", "0", nominalCode="4002")
    here.win("flour", customer="BAKER001", code_c="FLOUR", nominal_c="4900")
    here.sync()
    assert here.lines()["BAKER001"] == ("0", "0", "4900")


def test_a_customer_abroad_whose_box_is_not_ticked_is_named_in_preview_and_log() -> None:
    here = Sales()
    here.buyer("EUCUST01", "4", "DE")
    here.product("BOLT", "1")
    here.win(customer="EUCUST01", code_c="BOLT")
    (forecast,) = here.previewed()
    assert forecast.would == "create"
    (note,) = forecast.notes
    assert "EUCUST01 is abroad (DE)" in note and "line 1: T1; the customer's own is T4" in note
    here.sync()
    assert here.lines()["EUCUST01"][0] == "1"
    here.says("created", "EUCUST01 is abroad (DE)", "T1", "T4")


def test_a_customer_abroad_whose_own_code_charges_is_named() -> None:
    here = Sales()
    here.buyer("EXPORT01", "1", "US")
    here.win(customer="EXPORT01")
    here.sync()
    here.says("created", "EXPORT01 is abroad (US)", "T1, 20 %")


def test_one_search_for_the_items_of_a_batch_and_none_without_items() -> None:
    here = Sales()
    here.buyer("BUYER001", "1", "GB")
    for code in ("BOLT", "NUT"):
        here.product(code, "0")
    for number, code in enumerate(("BOLT", "NUT", "BOLT", "bolt")):
        here.win(f"deal-{number}", customer="BUYER001", code_c=code)
    here.sync()
    # the customer, right before the orders are made, and the items
    assert here.rig.line.calls.count("sage_50.find") == 2
    here.rig.line.calls.clear()
    here.win("plain", customer="BUYER001")
    here.sync()
    assert len(here.native(SAGE)) == 5 and here.rig.line.calls.count("sage_50.find") == 1


def test_a_code_given_for_all_in_the_users_own_rules_is_for_all() -> None:
    here = Sales()
    here.new_rules('[sales_order.pricing]\ntax_code = "T5"\n')
    here.buyer("EXPORT01", "0", "US")
    here.win(customer="EXPORT01")
    here.sync()
    assert here.lines()["EXPORT01"][:2] == ("5", "5")
