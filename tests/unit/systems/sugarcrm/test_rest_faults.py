"""v11's faults, alone and within a bulk call, that an emulated server does not show by itself."""

from typing import Any

import httpx
import pytest

from shared.errors import (
    BadCredentials,
    Halt,
    MissingPermission,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    RuleInvalid,
    StaleVersion,
    Unavailable,
)
from shared.ports import ObjectSpec, Patch, Snapshot
from tests.unit.systems.sugarcrm.fakes import ORDERS
from tests.unit.systems.sugarcrm.rest_server import ROW, refusal, system


def test_each_part_of_a_bulk_call_has_its_own_answer() -> None:
    statuses: list[tuple[int, str, type[Exception]]] = [
        (404, "not_found", RecordRejected),
        (403, "not_authorized", NotAllowed),
        (409, "edit_conflict", StaleVersion),
        (422, "invalid_parameter", RecordRejected),
        (429, "", RateLimited),
        (500, "fatal_error", OutcomeUnknown),
        (502, "", OutcomeUnknown),
    ]

    def answer(method: str, path: str, body: Any) -> Any:
        if path == "me":
            return {"current_user": {"acl": {"Opportunities": {"fields": []}}}}
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


@pytest.mark.parametrize(
    ("me", "error"),
    [
        ({"acl": {"Opportunities": {"fields": []}}}, NotAllowed),
        ({"acl": {"Opportunities": {"fields": [], "view": "no"}}}, MissingPermission),
        ({"acl": {"Opportunities": {"access": "no"}}}, MissingPermission),
        ({"user_name": "sync"}, MissingPermission),
        (None, MissingPermission),
    ],
)
def test_hidden_is_not_gone(me: Any, error: type[Exception]) -> None:
    """Whether it is hidden alone is what the user's rights say; where they do not, no record is to blame."""

    def answer(method: str, path: str, body: Any) -> Any:
        if path == "me" and me is not None:
            return {"current_user": me}
        return (
            {"next_offset": -1, "records": []}
            if method == "POST"
            else refusal(403, "not_authorized", "No access.")
        )

    with pytest.raises(error, match=r"No access\.|say what the user may do"):
        system(answer).read(ORDERS, ["o1"])


def test_a_field_that_may_be_written_in_no_record_is_told_of_the_connection() -> None:
    denied = {"sales_order_no_c": {"write": "no", "create": "no"}}

    def answer(method: str, path: str, body: Any) -> Any:
        if path == "me":
            return {"current_user": {"acl": {"Opportunities": {"fields": denied}}}}
        return refusal(403, "not_authorized", "Not allowed to edit field sales_order_no_c.")

    (number,) = system(answer).update(ORDERS, [Patch("o1", {"sales_order_no_c": "1"})])
    assert isinstance(number, MissingPermission)
    (name,) = system(answer).update(ORDERS, [Patch("o1", {"name": "Other"})])
    assert isinstance(name, NotAllowed)


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
