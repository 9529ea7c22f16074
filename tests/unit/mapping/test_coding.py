"""Tax code and nominal of a line, chosen as Sage 50 itself does it."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.coding import item_of, ledgers_own
from shared.mapping.compile import compile_flow
from shared.mapping.faults import RuleRefused
from shared.mapping.pricing import price
from shared.mapping.rules import Pricing

RATES = {"0": Decimal(0), "1": Decimal(20), "4": Decimal(0), "5": Decimal(5)}
LEDGER = Pricing("net", "T1", "ledger", "refuse", nominal_from="ledger")
FLOW = "flows/sugarcrm--sage_50.toml"
LINES = "systems/sage_50/sales_order.toml"


def line(sku: str = "S1", **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": Decimal(1), "unit_price": Decimal(100), **more}


def priced(
    customer: dict[str, Any], item: dict[str, Any] | None = None, pricing: Pricing = LEDGER, **more: Any
) -> tuple[dict[str, Any], list[str]]:
    sold = line("BOLT" if item is not None else "S1", **more)
    view, notes = price({"lines": [sold]}, pricing, RATES, customer, {"BOLT": item or {}})
    return view["lines"][0], notes


def customer(code: str | None, ticked: bool | None = False, country: str = "") -> dict[str, Any]:
    return {
        "reference": "ACME01",
        "tax_code": code,
        "tax_code_always": ticked,
        "billing_country": country or None,
    }


MATRIX: list[tuple[str | None, bool | None, str | None, str]] = [
    ("T1", False, "T0", "T0"),
    ("T0", True, "T1", "T0"),
    ("T4", False, "T1", "T1"),
    ("T4", True, "T1", "T4"),
    ("T1", True, "T0", "T1"),
    ("T1", False, None, "T1"),
    ("T4", None, None, "T4"),
    (None, False, "T5", "T5"),
    (None, True, "T0", "T0"),
    (None, None, None, "T1"),
]


@pytest.mark.parametrize(("own", "ticked", "item", "code"), MATRIX)
def test_customer_times_item(own: str | None, ticked: bool | None, item: str | None, code: str) -> None:
    done, _ = priced(customer(own, ticked), {"tax_code": item})
    assert (done["tax_code"], done["tax_rate"]) == (code, RATES[code[1:]])


@pytest.mark.parametrize("sku", ["S1", "s2", "S3", "", "M"])
@pytest.mark.parametrize("ticked", [True, False, None])
@pytest.mark.parametrize("own", ["T0", "T1", "T4"])
def test_a_line_without_an_item_takes_the_customers(sku: str, ticked: bool | None, own: str) -> None:
    assert ledgers_own("tax_code", line(sku), customer(own, ticked), None) == own


def test_a_code_that_the_line_states_comes_first() -> None:
    done, notes = priced(customer("T0", True, "US"), {"tax_code": "T0"}, tax_code="1", nominal="4900")
    assert (done["tax_code"], done["nominal"], notes) == ("T1", "4900", [])


@pytest.mark.parametrize(
    ("own", "ticked", "item", "nominal"),
    [
        ("4001", True, "4002", "4001"),
        ("4001", False, "4002", "4002"),
        ("4001", False, None, "4001"),
        (None, False, "4002", "4002"),
        (None, True, None, None),
    ],
)
def test_the_nominal_is_chosen_likewise(
    own: str | None, ticked: bool, item: str | None, nominal: str | None
) -> None:
    done, _ = priced({"nominal": own, "nominal_always": ticked}, {"tax_code": "T1", "nominal": item})
    assert done.get("nominal") == nominal


def test_the_two_boxes_are_each_their_own() -> None:
    both = {"tax_code": "T0", "tax_code_always": True, "nominal": "4001", "nominal_always": False}
    done, _ = priced(both, {"tax_code": "T1", "nominal": "4002"})
    assert (done["tax_code"], done["nominal"]) == ("T0", "4002")


def test_an_item_without_a_record_takes_the_customers() -> None:
    done = price({"lines": [line("GONE")]}, LEDGER, RATES, customer("T4"), {})[0]["lines"][0]
    assert done["tax_code"] == "T4"


def test_item_codes_are_compared_in_capitals() -> None:
    assert [item_of({"sku": sku}) for sku in (" bolt ", "s1", None, "M")] == ["BOLT", "", "", ""]


def test_nobody_says_a_code() -> None:
    with pytest.raises(RuleRefused, match=r"Line 1: the customer in Sage has no tax code"):
        priced(customer(None), pricing=Pricing("net", None, "ledger", "refuse"))


class TestAbroad:
    def test_an_items_code_is_named(self) -> None:
        done, notes = priced(customer("T4", False, "DE"), {"tax_code": "T1"})
        assert done["tax_code"] == "T1"
        assert notes == [
            "the customer ACME01 is abroad (DE), and “Use default” is not ticked for its tax code in Sage, "
            "so the item's counts (line 1: T1; the customer's own is T4): tick it if the customer's is right"
        ]

    def test_even_the_same_code_where_it_charges(self) -> None:
        assert len(priced(customer("T1", False, "US"), {"tax_code": "T1"})[1]) == 1

    @pytest.mark.parametrize(
        ("who", "item"),
        [
            (customer("T4", True, "DE"), {"tax_code": "T1"}),
            (customer("T1", True, "US"), {"tax_code": "T0"}),
            (customer("T0", False, "US"), {"tax_code": "T0"}),
            (customer("T4", False, "DE"), None),
            (customer("T1", False, "GB"), {"tax_code": "T0"}),
            (customer("T1", False, "XI"), {"tax_code": "T0"}),
            (customer("T1", False, "IM"), None),
            (customer("T1", False, ""), {"tax_code": "T0"}),
        ],
    )
    def test_what_is_settled_is_not_named(self, who: dict[str, Any], item: dict[str, Any] | None) -> None:
        assert priced(who, item)[1] == []

    def test_a_charging_code_of_the_customers_own(self) -> None:
        done, notes = priced(customer("T1", None, "US"))
        assert done["tax_code"] == "T1"
        assert notes == [
            "the customer ACME01 is abroad (US), and its tax code in Sage is T1, 20 %: correct it there if "
            "no VAT should be charged"
        ]

    def test_home_is_a_setting(self) -> None:
        irish = Pricing("net", "T1", "ledger", "refuse", home="IE")
        assert priced(customer("T1", False, "IE"), pricing=irish)[1] == []
        assert len(priced(customer("T1", False, "GB"), pricing=irish)[1]) == 1

    def test_other_sources_of_the_code_name_nobody(self) -> None:
        flow = Pricing("net", "T1", "flow", "refuse")
        assert priced(customer("T1", False, "US"), pricing=flow)[1] == []


class TestRules:
    def pricing(self, **files: str) -> Pricing:
        names = {"flow": FLOW, "lines": LINES}
        flow = compile_flow("sugarcrm--sage_50", {names[key]: text for key, text in files.items()})
        found = flow.entities["sales_order"].pricing
        assert found is not None
        return found

    def test_the_ledger_chooses_unless_told_otherwise(self) -> None:
        shipped = self.pricing()
        assert (shipped.tax_from, shipped.nominal_from, shipped.tax_code) == ("ledger", "ledger", "T1")
        assert shipped.items is not None and shipped.items.spec.object == "product"

    @pytest.mark.parametrize(
        ("text", "tax_from"),
        [
            ('tax_code = "T5"', "flow"),
            ('tax_code = "T5"\ntax_from = "ledger"', "ledger"),
            ("tax_code = false", "ledger"),
            ('tax_from = "customer"', "customer"),
        ],
    )
    def test_a_code_of_the_users_own_means_it(self, text: str, tax_from: str) -> None:
        assert self.pricing(flow=f"[sales_order.pricing]\n{text}\n").tax_from == tax_from

    def test_a_nominal_of_the_users_own_means_it(self) -> None:
        own = '[lines.fields]\nnominal = { path = "nominal", default = "4900" }\n'
        assert self.pricing(lines=own).nominal_from == "line"
        told = '[sales_order.pricing]\nnominal_from = "ledger"\n'
        assert self.pricing(lines=own, flow=told).nominal_from == "ledger"

    def test_no_items_are_looked_up_where_nothing_asks_for_them(self) -> None:
        text = '[sales_order.pricing]\ntax_from = "customer"\nnominal_from = "line"\n'
        assert self.pricing(flow=text).items is None
