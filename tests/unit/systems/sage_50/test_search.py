import pytest

from shared.errors import MissingField, RuleInvalid
from shared.ports import Condition
from shared.systems.sage_50.client import resource
from shared.systems.sage_50.dates import SageDates
from shared.systems.sage_50.search import (
    any_of,
    chunks,
    column_of,
    deleted_among,
    meets,
    numeric,
    pushed,
    table_of,
)
from shared.systems.sage_50.tables import ADDRESS, CUSTOMER, INVOICE, LEDGER_ENTRY, SALES_ORDER, TABLES


def test_one_value_needs_no_or() -> None:
    assert any_of("ACCOUNT_REF", ["A"], False) == [{"field": "ACCOUNT_REF", "type": "eq", "value": "A"}]


def test_the_or_stands_in_the_first_filter_alone() -> None:
    filters = any_of("ACCOUNT_REF", ["A", "B", "C"], False)
    assert [one.get("or") for one in filters] == [True, None, None]


def test_an_in_list_is_one_filter_unless_a_value_holds_a_quote() -> None:
    assert any_of("NAME", ["A", "B"], True) == [{"field": "NAME", "type": "in", "value": "('A','B')"}]
    assert [one["type"] for one in any_of("NAME", ["A", "O'Neil"], True)] == ["eq", "eq"]
    assert [one["type"] for one in any_of("NAME", ["A"], True)] == ["eq"]


def test_chunks_lose_nothing() -> None:
    parts = list(chunks([str(n) for n in range(101)], 50))
    assert [len(part) for part in parts] == [50, 50, 1]
    assert list(chunks([])) == []


def test_columns_have_their_raw_names() -> None:
    assert column_of(SALES_ORDER, "customerOrderNumber").column == "CUST_ORDER_NUMBER"
    assert column_of(CUSTOMER, "analysis1").column == "ANALYSIS_1"
    with pytest.raises(MissingField, match="accountRef"):
        column_of(CUSTOMER, "memo")


def test_numbers_are_searched_for_numbers_alone() -> None:
    """SQL Server refuses the whole search otherwise: "Conversion failed"."""
    assert all(table.fields[table.ids[0]].number for table in (SALES_ORDER, INVOICE, LEDGER_ENTRY))
    assert not any(table.fields[table.ids[0]].number for table in (CUSTOMER, ADDRESS))
    assert numeric("1001") and numeric("0")
    assert not any(numeric(one) for one in ("", "SO-7", "-1", "1.5", "²", " 7"))


def test_objects_that_do_not_exist_are_named() -> None:
    with pytest.raises(
        RuleInvalid, match="customer, customerAddress, product, quotation, salesInvoice, salesOrder"
    ):
        table_of("Customers", TABLES)


def test_conditions_become_filters_where_the_vendor_can_test_them() -> None:
    where = (
        Condition("accountRef", "equals", "abc"),
        Condition("orderDate", "gte", "2026-01-31"),
        Condition("notes1", "blank"),
        Condition("notes2", "not_equals", "x"),
    )
    paths = (*where[1:], Condition("customerAccountRef", "equals", "abc"))
    assert pushed(SALES_ORDER, paths, SageDates()) == [
        {"field": "ORDER_DATE", "type": "gte", "value": "31/01/2026"},
        {"field": "ACCOUNT_REF", "type": "eq", "value": "ABC"},
    ]


def test_an_ordering_that_cannot_be_searched_is_refused_not_dropped() -> None:
    with pytest.raises(MissingField):
        pushed(CUSTOMER, (Condition("memo", "gt", "x"),), SageDates())


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("a", "blank"), True),
        (Condition("b", "blank"), False),
        (Condition("none", "blank"), True),
        (Condition("b", "not_blank"), True),
        (Condition("b", "equals", "x"), True),
        (Condition("b", "not_equals", "x"), False),
        (Condition("b", "in", ("x", "y")), True),
        (Condition("b", "in", ("y",)), False),
        (Condition("c", "equals", "1"), True),
        (Condition("c", "equals", "0"), False),
        (Condition("b", "gt", "z"), True),
    ],
)
def test_rows_are_tested_again_on_our_side(condition: Condition, expected: bool) -> None:
    assert meets({"a": "", "b": "x", "c": True}, (condition,)) is expected


def test_deleted_rows_are_asked_for_between_the_ids() -> None:
    filters = deleted_among(SALES_ORDER, ["1000", "999", "1001"])
    assert [(one["type"], one["value"]) for one in filters] == [("gte", "999"), ("lte", "1001"), ("eq", "1")]
    assert [one["value"] for one in deleted_among(ADDRESS, ["B/1", "A/2"])] == ["A", "B", "1"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/customer/?id=A/B", "customer"),
        ("/api/salesOrder/1042", "salesorder"),
        ("/api/searchSalesOrder", "searchsalesorder"),
        ("/api/status", "status"),
    ],
)
def test_a_lane_is_the_second_segment(path: str, name: str) -> None:
    assert resource(path) == name
