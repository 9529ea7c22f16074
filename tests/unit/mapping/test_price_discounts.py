"""The discount of a line: the customer's own, or the product's table for the quantity."""

from decimal import Decimal as D
from typing import Any

import pytest

from shared.domain.prices import Level
from shared.mapping.faults import RuleRefused
from shared.mapping.price_discounts import Discount, discount_of

TABLES = {1: (Level(D(2), D(50)),), 2: (Level(D(10), D(5)), Level(D(5), D("2.5")), Level(D(100), D(12)))}


def discount(quantity: str, both: str = "hold", **customer: Any) -> Discount:
    return discount_of(3, D(quantity), {"reference": "ACME01", **customer}, TABLES, both, "Sage 50")


@pytest.mark.parametrize(
    ("quantity", "rate"),
    [("4.999", "0"), ("5", "2.5"), ("9", "2.5"), ("10", "5"), ("99", "5"), ("100", "12"), ("5000", "12")],
)
def test_the_largest_quantity_that_is_reached_counts(quantity: str, rate: str) -> None:
    assert discount(quantity, discount_type=3).rate == D(rate)


def test_a_customer_without_a_table_earns_nothing_by_quantity() -> None:
    assert discount("5000") == Discount(D(0), "")


def test_the_customers_own_percentage_counts_whatever_the_quantity() -> None:
    assert discount("1", discount_rate=D("7.50")) == Discount(D("7.50"), "7.50 % of the customer's")


@pytest.mark.parametrize(("both", "rate"), [("customer", "7"), ("quantity", "5")])
def test_both_are_decided_by_the_flow(both: str, rate: str) -> None:
    assert discount("10", both, discount_rate=D(7), discount_type=3).rate == D(rate)


def test_both_are_held_where_the_flow_does_not_say_which() -> None:
    with pytest.raises(
        RuleRefused, match=r"Line 3: the customer has a discount of 7\.00 % and .* table B"
    ) as no:
        discount("10", discount_rate=D(7), discount_type=3)
    assert no.value.held


def test_a_quantity_that_earns_nothing_is_no_doubt() -> None:
    assert discount("4", discount_rate=D(7), discount_type=3).rate == D(7)


@pytest.mark.parametrize(
    ("kind", "says"), [(1, "by the value of the document"), (9, "does not know \\(9\\)")]
)
def test_a_discount_that_only_the_ledger_can_work_out_is_held(kind: int, says: str) -> None:
    with pytest.raises(RuleRefused, match=says) as no:
        discount("1", discount_type=kind)
    assert no.value.held
