"""v11's shapes and filters that an emulated server does not show by itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.errors import (
    Halt,
    RuleInvalid,
)
from shared.ports import Condition, ObjectSpec, Snapshot
from shared.systems.sugarcrm.paging import Position
from shared.systems.sugarcrm.rest_filters import after_id, after_time, condition
from shared.systems.sugarcrm.rest_records import fields_argument, linked
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.unit.systems.sugarcrm.fakes import ACCOUNT, LINES, ORDERS, SECRET, Clock, bound, wire_to
from tests.unit.systems.sugarcrm.rest_server import PARENT, ROW, system


@pytest.mark.parametrize(
    "shape",
    [{"accounts": {"next_offset": -1, "records": [PARENT]}}, {"accounts": [PARENT]}, {"accounts": PARENT}],
)
def test_every_shape_of_a_link_is_read(shape: dict[str, Any]) -> None:
    def answer(method: str, path: str, body: Any) -> Any:
        assert path == "Opportunities/filter"
        return {"next_offset": -1, "records": [{**ROW, **shape}]}

    (page,) = system(answer).changes(ORDERS, None)
    found = page.records[0]
    assert isinstance(found, Snapshot)
    assert (found.values["account.name"], found.values["account.sales_account_ref_c"]) == (
        "Smith",
        "SMITH001",
    )


@pytest.mark.parametrize(
    "shape",
    [{}, {"accounts": ""}, {"accounts": {"records": []}}, {"accounts": []}, {"accounts": {"id": "a1"}}],
)
def test_a_link_that_did_not_come_is_read_in_one_batch(shape: dict[str, Any]) -> None:
    paths = []

    def answer(method: str, path: str, body: Any) -> Any:
        paths.append(path)
        if path == "Accounts/filter":
            assert body["filter"] == [{"$and": [{"id": {"$in": ["a1"]}}]}]
            return {"next_offset": -1, "records": [PARENT]}
        return {
            "next_offset": -1,
            "records": [
                {**ROW, **shape},
                {**ROW, "id": "o2", **shape},
                {**ROW, "id": "o3", "account_id": ""},
            ],
        }

    (page,) = system(answer).changes(ORDERS, None)
    refs = [item.values["account.sales_account_ref_c"] for item in page.records if isinstance(item, Snapshot)]
    assert refs == ["SMITH001", "SMITH001", None]
    assert paths == ["Opportunities/filter", "Accounts/filter"]


def test_lines_cut_off_are_read_by_their_parent() -> None:
    spec = replace(ORDERS, related=(LINES,), fields=("name",))

    def answer(method: str, path: str, body: Any) -> Any:
        if path == "RevenueLineItems/filter":
            rows = [
                {"id": f"l{number}", "name": f"L{number}", "likely_case": "1", "opportunity_id": "o1"}
                for number in range(3)
            ]
            return {"next_offset": -1, "records": rows}
        return {
            "next_offset": -1,
            "records": [{**ROW, "revenuelineitems": {"next_offset": 1, "records": [{"id": "l0"}]}}],
        }

    (page,) = system(answer).changes(spec, None)
    (found,) = page.records
    assert isinstance(found, Snapshot)
    lines: Any = found.values["lines"]
    assert [row["name"] for row in lines] == ["L0", "L1", "L2"]


def test_the_fields_argument_asks_for_links() -> None:
    names, _, nested = fields_argument(replace(ORDERS, fields=("name",), where=())).partition(",{")
    assert names == "id,date_modified,name,account_id"
    assert json.loads("{" + nested) == {"name": "accounts", "fields": ["id", "name", "sales_account_ref_c"]}
    assert linked({}, ACCOUNT) is None
    assert linked({"accounts": {}}, ACCOUNT) == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Condition("a", "equals", "x"), {"a": {"$equals": "x"}}),
        (Condition("a", "blank"), {"$or": [{"a": {"$is_null": ""}}, {"a": {"$equals": ""}}]}),
        (Condition("a", "not_blank"), {"$and": [{"a": {"$not_null": ""}}, {"a": {"$not_equals": ""}}]}),
        (Condition("a", "not_equals", "x"), {"$or": [{"a": {"$is_null": ""}}, {"a": {"$not_equals": "x"}}]}),
        (Condition("a", "in", ("x", "y")), {"a": {"$in": ["x", "y"]}}),
        (Condition("account.ref_c", "gte", "x"), {"accounts.ref_c": {"$gte": "x"}}),
    ],
)
def test_conditions(item: Condition, expected: dict[str, Any]) -> None:
    assert condition(ORDERS, item) == expected


@pytest.mark.parametrize(
    "item",
    [
        Condition("a", "equals"),
        Condition("a", "in", "x"),
        Condition("a", "in", ()),
        Condition("a", "lt", ("x",)),
    ],
)
def test_a_condition_without_its_value_is_a_rule_error(item: Condition) -> None:
    with pytest.raises(RuleInvalid, match="'a'"):
        condition(ORDERS, item)


def test_positions() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert after_id(Position()) == []
    assert after_time(Position(at, True)) == [{"date_modified": {"$gt": "2026-01-01T00:00:00+00:00"}}]
    assert after_time(Position(at, False, at, "x"))[0]["$or"][1]["$and"][1] == {"id": {"$gt": "x"}}


def test_a_capped_list_goes_on_by_its_next_offset() -> None:
    rows: list[dict[str, Any]] = [{**ROW, "id": f"o{number}", "accounts": PARENT} for number in range(5)]

    def answer(method: str, path: str, body: Any) -> Any:
        last = next((part["id"]["$gt"] for part in body["filter"][0]["$and"] if "id" in part), "")
        left = [row for row in rows if row["id"] > last]
        return {"next_offset": 2 if len(left) > 2 else -1, "records": left[:2]}

    found = [item.id for page in system(answer).changes(ORDERS, None, 100) for item in page.records]
    assert found == [f"o{number}" for number in range(5)]


def test_times_are_read_with_their_offset() -> None:
    spec = ObjectSpec(
        "sugarcrm", "sales_order", "Opportunities", "id", "date_modified", ("name",), poll_mode="cursor"
    )
    (page,) = system(lambda *_: {"next_offset": -1, "records": [ROW]}).changes(spec, None)
    assert page.cursor["high"] == "2026-01-01T14:00:00+00:00"


def test_settings_that_are_wrong_name_the_right_ones() -> None:
    with pytest.raises(Halt, match="v4_1"):
        make_sugarcrm(wire_to(), {"api": "v5"}, SECRET, Clock(), bound(Clock()))
    with pytest.raises(Halt, match="v11_10"):
        make_sugarcrm(wire_to(), {"api_version": "11.10"}, SECRET, Clock(), bound(Clock()))
    for api in ("v11", "v4_1"):
        with pytest.raises(Halt, match="page_size"):
            make_sugarcrm(wire_to(), {"api": api, "page_size": "many"}, SECRET, Clock(), bound(Clock()))
