"""v11's shapes and faults that an emulated server does not show by itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.errors import (
    BadCredentials,
    Halt,
    MissingPermission,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    RuleInvalid,
    StaleVersion,
    Unavailable,
)
from shared.ports import Condition, ObjectSpec, Patch, Snapshot
from shared.systems._sign_in import NewToken
from shared.systems.sugarcrm.paging import Position
from shared.systems.sugarcrm.rest import SugarV11
from shared.systems.sugarcrm.rest_filters import after_id, after_time, condition
from shared.systems.sugarcrm.rest_records import fields_argument, linked
from shared.systems.sugarcrm.rest_sign_in import rest_token
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.unit.systems.sugarcrm.fakes import ACCOUNT, LINES, ORDERS, SECRET, Clock, bound, wire_to

Answer = Callable[[str, str, Any], Any]
ROW = {
    "id": "o1",
    "date_modified": "2026-01-01T10:00:00-04:00",
    "name": "Deal",
    "amount": "12.500000",
    "currency_id": "-99",
    "date_closed": "2026-01-01",
    "sales_stage": "Closed Won",
    "sales_order_no_c": None,
    "account_id": "a1",
}
PARENT = {"id": "a1", "name": "Smith", "sales_account_ref_c": "SMITH001"}


def system(answer: Answer, **options: str) -> SugarV11:
    """`answer(method, path, body)` gives JSON, or a whole response."""
    clock = Clock()
    binding = bound(clock)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("oauth2/token"):
            return httpx.Response(200, json={"access_token": "t2", "expires_in": 3600})
        body = json.loads(request.content) if request.content else None
        found = answer(request.method, request.url.path.removeprefix("/rest/v11_10/"), body)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    http = wire_to(handle)
    held = NewToken({"access_token": "t", "refresh_token": ""}, timedelta(hours=1))
    rest_token(http, options.get("api_version", "v11_10"), options, SECRET, binding).keep(held)
    made = make_sugarcrm(http, options, SECRET, clock, binding)
    assert isinstance(made, SugarV11)
    return made


def refusal(status: int, label: str = "x", message: str = "Because.") -> httpx.Response:
    return httpx.Response(status, json={"error": label, "error_message": message})


# ------------------------------------------------------------ related records


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


# ------------------------------------------------------------ filters


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


# ------------------------------------------------------------ bulk


def test_each_part_of_a_bulk_call_has_its_own_answer() -> None:
    statuses: list[tuple[int, str, type[Exception]]] = [
        (404, "not_found", RecordRejected),
        (403, "not_authorized", MissingPermission),
        (409, "edit_conflict", StaleVersion),
        (422, "invalid_parameter", RecordRejected),
        (429, "", RateLimited),
        (500, "fatal_error", OutcomeUnknown),
        (502, "", OutcomeUnknown),
    ]

    def answer(method: str, path: str, body: Any) -> Any:
        assert (method, path) == ("POST", "bulk")
        assert body["requests"][0] == {
            "url": "/v11_10/Opportunities/r0",
            "method": "PUT",
            "data": '{"sales_order_no_c":"1"}',
        }
        parts = [
            {"contents": {"error": label, "error_message": "Word for word."}, "status": status}
            for status, label, _ in statuses
        ]
        return [*parts, {"contents": {**ROW, "id": "r7"}, "status": 200}]

    patches = [Patch(f"r{number}", {"sales_order_no_c": "1"}) for number in range(9)]
    answers = system(answer).update(ORDERS, patches)
    assert [type(item) for item in answers] == [
        *(error for _, _, error in statuses),
        Snapshot,
        OutcomeUnknown,
    ]
    assert "Word for word." in str(answers[0])
    assert "teams" in str(answers[0])


def test_a_token_that_dies_within_a_bulk_call_is_replaced_once() -> None:
    calls = []

    def answer(method: str, path: str, body: Any) -> Any:
        calls.append(path)
        dead = {"contents": {"error": "invalid_grant", "error_message": "x"}, "status": 401}
        return [
            dead if len(calls) == 1 else {"contents": {**ROW, "id": name}, "status": 200}
            for name in ("a", "b")
        ]

    answers = system(answer).update(ORDERS, [Patch("a", {"name": "1"}), Patch("b", {"name": "1"})])
    assert [type(item) for item in answers] == [Snapshot, Snapshot]
    assert len(calls) == 2


def test_a_chunk_that_fails_does_not_stop_the_next() -> None:
    def answer(method: str, path: str, body: Any) -> Any:
        names = [part["url"].rpartition("/")[2] for part in body["requests"]]
        return (
            refusal(500)
            if "r0" in names
            else [{"contents": {**ROW, "id": name}, "status": 200} for name in names]
        )

    answers = system(answer).update(ORDERS, [Patch(f"r{number}", {"name": "x"}) for number in range(60)])
    assert [type(item) for item in answers] == [OutcomeUnknown] * 50 + [Snapshot] * 10


# ------------------------------------------------------------ faults


def test_hidden_is_not_gone() -> None:
    def answer(method: str, path: str, body: Any) -> Any:
        return (
            {"next_offset": -1, "records": []}
            if method == "POST"
            else refusal(403, "not_authorized", "No access.")
        )

    with pytest.raises(MissingPermission, match=r"No access\."):
        system(answer).read(ORDERS, ["o1"])


def test_a_proxys_404_is_not_gone() -> None:
    def answer(method: str, path: str, body: Any) -> Any:
        return (
            {"next_offset": -1, "records": []}
            if method == "POST"
            else httpx.Response(404, text="<html>nothing here")
        )

    with pytest.raises(Halt, match="url"):
        system(answer).read(ORDERS, ["o1"])


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (refusal(301, "incorrect_version"), Halt),
        (refusal(404, "no_method"), Halt),
        (httpx.Response(302, headers={"location": "https://sugar.example/"}), Halt),
        (refusal(401, "other"), BadCredentials),
        (httpx.Response(200, text="<html>"), Unavailable),
        (httpx.Response(200, json={"a": 1}), Unavailable),
        (refusal(500), Unavailable),
        (httpx.Response(429, headers={"Retry-After": "7"}), RateLimited),
    ],
)
def test_lists_that_fail(response: httpx.Response, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(system(lambda *_: response).changes(ORDERS, None))


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


@pytest.mark.parametrize("modified", [None, "yesterday"])
def test_a_list_without_times_is_refused_not_read_forever(modified: str | None) -> None:
    spec = ObjectSpec(
        "sugarcrm", "sales_order", "Opportunities", "id", "date_modified", ("name",), poll_mode="cursor"
    )
    with pytest.raises(Unavailable, match="date"):
        list(
            system(lambda *_: {"next_offset": 1, "records": [{**ROW, "date_modified": modified}]}).changes(
                spec, None, 1
            )
        )


def test_the_base_currency_comes_from_the_setting_when_nothing_answers() -> None:
    def answer(method: str, path: str, body: Any) -> Any:
        return refusal(404, "not_found") if method == "GET" else {"next_offset": -1, "records": []}

    assert system(answer, base_currency="gbp").table("currencies") == [
        {"id": "-99", "iso": "GBP", "rate": "1", "base": "1"}
    ]
    with pytest.raises(RuleInvalid, match="base_currency"):
        system(answer).table("currencies")
    with pytest.raises(RuleInvalid):
        system(answer).table("tax_codes")
