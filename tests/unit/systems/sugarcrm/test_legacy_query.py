"""The SQL of v4_1 queries: nothing a value holds can leave its quotes, and columns carry their table."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import RuleInvalid
from shared.ports import Condition
from shared.systems.sugarcrm.legacy_query import BY_TIME, after, column, condition, quote, where
from shared.systems.sugarcrm.paging import Position
from tests.unit.systems.sugarcrm.fakes import CHANGED, ORDERS, recorded


def parse(sql: str) -> tuple[str, str]:
    """A MySQL text literal at the start of `sql`, and what follows it."""
    assert sql[0] == "'"
    text, place = "", 1
    while True:
        if sql[place] == "\\":
            text += {"0": "\0"}.get(sql[place + 1], sql[place + 1])
            place += 2
        elif sql[place : place + 2] == "''":
            text += "'"
            place += 2
        elif sql[place] == "'":
            return text, sql[place + 1 :]
        else:
            text += sql[place]
            place += 1


@given(st.one_of(st.text(), st.text(alphabet="'\\\0\"%_a;-")))
def test_any_text_survives_quoting(value: str) -> None:
    assert parse(quote(value) + " OR 1=1") == (value, " OR 1=1")


def test_the_poll_query_is_the_recorded_one() -> None:
    expected = recorded("get_entry_list_unsynced")["request"]["form"]["rest_data"]
    assert where(ORDERS) == expected["query"]
    assert expected["order_by"] == BY_TIME


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Condition("name", "equals", "O'Hara"), "opportunities.name = 'O''Hara'"),
        (
            Condition("x_c", "not_equals", "a"),
            "(opportunities_cstm.x_c IS NULL OR opportunities_cstm.x_c <> 'a')",
        ),
        (
            Condition("x_c", "not_blank"),
            "(opportunities_cstm.x_c IS NOT NULL AND opportunities_cstm.x_c <> '')",
        ),
        (Condition("sales_stage", "in", ("a", "b'")), "opportunities.sales_stage IN ('a', 'b''')"),
        (Condition("amount", "gte", "5"), "opportunities.amount >= '5'"),
    ],
)
def test_conditions(item: Condition, expected: str) -> None:
    assert condition(ORDERS, item) == expected


@pytest.mark.parametrize(
    "item",
    [
        Condition("account.name", "blank"),
        Condition("email1", "equals", "x"),
        Condition("name; DROP TABLE x", "blank"),
        Condition("name", "equals", None),
        Condition("name", "in", ()),
        Condition("name", "gt", ("a",)),
    ],
)
def test_what_sugar_cannot_filter_is_a_rule_error(item: Condition) -> None:
    with pytest.raises(RuleInvalid):
        condition(ORDERS, item)


def test_positions() -> None:
    at = datetime(2026, 11, 21, 23, 4, 6, tzinfo=UTC)
    assert after(ORDERS, Position()) == []
    assert after(ORDERS, Position(id="a'")) == ["opportunities.id > 'a'''"]
    assert after(CHANGED, Position(since=at)) == ["opportunities.date_modified >= '2026-11-21 23:04:06'"]
    assert after(CHANGED, Position(since=at, strict=True)) == [
        "opportunities.date_modified > '2026-11-21 23:04:06'"
    ]
    assert after(CHANGED, Position(at, False, at, "b")) == [
        "(opportunities.date_modified > '2026-11-21 23:04:06' OR (opportunities.date_modified = '2026-11-21 "
        "23:04:06' AND opportunities.id > 'b'))"
    ]
    assert column("AOS_Quotes", "total_amt") == "aos_quotes.total_amt"
