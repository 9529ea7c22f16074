"""Each fault kind as a client sees it, and whether the call was executed behind it."""

import json
import time
from typing import Any

import httpx
import pytest


@pytest.fixture(autouse=True)
def _deal(sugar: Any) -> None:
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal"})
    sugar.sign_in()


def _break(sugar: Any, kind: str, **more: Any) -> None:
    sugar.admin("faults", [{"kind": kind, "match": {"method": "PUT", "path": "/Opportunities/"}, **more}])


def _write(sugar: Any) -> httpx.Response:
    answer: httpx.Response = sugar.rest("PUT", "/Opportunities/o-1", {"sales_order_no_c": "7"})
    return answer


def _number(sugar: Any) -> Any:
    return sugar.admin("opportunities")[0]["sales_order_no_c"]


@pytest.mark.parametrize(("kind", "executed"), [("429", None), ("500", None), ("503", None), ("502", "7")])
def test_statuses(sugar: Any, kind: str, executed: str | None) -> None:
    _break(sugar, kind)
    assert _write(sugar).status_code == int(kind)
    assert _number(sugar) == executed
    assert _write(sugar).status_code == 200


def test_retry_after_is_sent_when_given(sugar: Any) -> None:
    _break(sugar, "429", after=7)
    assert _write(sugar).headers["retry-after"] == "7"


def test_slow_answers_late(sugar: Any) -> None:
    _break(sugar, "slow", after=0.4)
    begun = time.monotonic()
    assert _write(sugar).status_code == 200
    assert time.monotonic() - begun >= 0.4


def test_slow_can_outlast_the_clients_patience_and_still_commit(sugar: Any) -> None:
    _break(sugar, "slow", after=0.6)
    with pytest.raises(httpx.ReadTimeout):
        sugar.rest("PUT", "/Opportunities/o-1", {"sales_order_no_c": "7"}, timeout=0.2)
    _until(lambda: _number(sugar) == "7")


def test_a_lost_reply_is_committed(sugar: Any) -> None:
    _break(sugar, "lost_reply")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        _write(sugar)
    assert _number(sugar) == "7"


def test_a_lost_request_is_not(sugar: Any) -> None:
    _break(sugar, "lost_request")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        _write(sugar)
    assert _number(sugar) is None


def test_a_late_commit_happens_after_the_connection_is_gone(sugar: Any) -> None:
    _break(sugar, "late_commit", after=0.5)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        _write(sugar)
    assert _number(sugar) is None
    _until(lambda: _number(sugar) == "7")


def test_html_is_a_page_with_status_200(sugar: Any) -> None:
    _break(sugar, "html")
    answer = _write(sugar)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert _number(sugar) is None


def test_truncated_json_cannot_be_read(sugar: Any) -> None:
    _break(sugar, "truncated_json")
    answer = _write(sugar)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert _number(sugar) == "7"


def test_an_expired_session_ends_both_kinds_of_sign_in(sugar: Any) -> None:
    session = sugar.login()
    _break(sugar, "expired_session")
    assert _write(sugar).json()["error"] == "invalid_grant"
    assert sugar.call("get_user_id", [session]).json()["number"] == 11
    assert _number(sugar) is None


def test_exclusive_is_the_maintenance_mode(sugar: Any) -> None:
    _break(sugar, "exclusive", times=-1)
    assert [_write(sugar).status_code for _ in range(3)] == [503, 503, 503]
    assert sugar.http.delete("/_admin/faults").json() == []
    assert _write(sugar).status_code == 200


def test_skip_times_and_the_v4_1_method_choose_the_calls(sugar: Any) -> None:
    session = sugar.login()
    sugar.admin("faults", [{"kind": "500", "match": {"v4 method": "^set_entry$"}, "skip": 1, "times": 2}])
    change = [session, "Opportunities", [{"name": "id", "value": "o-1"}, {"name": "name", "value": "x"}]]
    assert sugar.call("get_user_id", [session]).status_code == 200
    assert [sugar.call("set_entry", change).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert sugar.admin("faults")[0]["hits"] == 2


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "busy"},
        {"kind": "earthquake"},
        {},
        {"kind": "500", "match": {"colour": "x"}},
        {"kind": "500", "match": {"path": "("}},
        {"kind": "500", "often": 1},
    ],
)
def test_a_fault_that_cannot_work_is_refused_with_a_sentence(sugar: Any, row: Any) -> None:
    answer = sugar.http.post("/_admin/faults", json=[row])
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert sugar.admin("faults") == []


def test_the_admin_api_never_fails(sugar: Any) -> None:
    sugar.admin("faults", [{"kind": "500", "times": -1}])
    assert sugar.http.get("/_admin/faults").status_code == 200
    assert sugar.rest("GET", "/ping").status_code == 500


def _until(done: Any) -> None:
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end, "it did not happen within 5 seconds"
        time.sleep(0.05)
