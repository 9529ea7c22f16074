import json
from typing import Any

import pytest

from shared.errors import BadCredentials, Busy, OutcomeUnknown, RecordRejected, Unavailable
from shared.systems._http import Reply
from shared.systems.sage_50.envelope import opened, refusal


def reply(body: Any, status: int = 200) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {}, raw, "sage_50")


def refused(message: str | None, code: int = 500) -> dict[str, Any]:
    return {"success": False, "code": code, "response": None, "message": message}


def test_a_success_is_opened_whatever_its_message() -> None:
    body = {"success": True, "code": 200, "response": 1042, "message": "Sucessfull, no error 24"}
    assert opened(reply(body), writes=True, doing="x")["response"] == 1042


@pytest.mark.parametrize("status", [200, 400, 404, 422, 500])
@pytest.mark.parametrize("writes", [True, False])
def test_a_refusal_is_a_refusal_under_any_status(status: int, writes: bool) -> None:
    with pytest.raises(RecordRejected, match=r"Sage 50 refused to read product X: Image not found\.$"):
        opened(reply(refused("Image not found"), status), writes=writes, doing="read product X")


def test_a_refusal_without_a_text_says_so() -> None:
    with pytest.raises(RecordRejected, match=r"it gave no reason \(code 500\)"):
        opened(reply(refused(None)), writes=True, doing="x")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"Message": "A Get Customer process is already running."}, 409),
        ({"Message": "A Get Customer process is already running."}, 200),
        (refused("A Post SalesOrder process is already running."), 200),
        (refused("A Post SalesOrder process is already running."), 409),
        (b"", 409),
    ],
)
def test_busy_in_all_its_forms(body: Any, status: int) -> None:
    with pytest.raises(Busy) as caught:
        opened(reply(body, status), writes=True, doing="x")
    assert caught.value.after is None


def test_a_409_that_refuses_is_not_busy() -> None:
    with pytest.raises(RecordRejected, match="already exists"):
        opened(reply(refused("Account reference A already exists", 409), 409), writes=True, doing="x")


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [b"<html>no</html>", refused("no")])
def test_a_refused_token(status: int, body: Any) -> None:
    with pytest.raises(BadCredentials, match="tieout connect sage_50"):
        opened(reply(body, status), writes=True, doing="x")


@pytest.mark.parametrize(
    "body",
    [
        b"<html>login</html>",
        b'{"success": tr',
        b"",
        {"a": 1},
        [1],
        {"success": "yes"},
        {"Message": "An error has occurred."},
    ],
)
@pytest.mark.parametrize("status", [200, 302, 500])
def test_an_unreadable_answer(body: Any, status: int) -> None:
    with pytest.raises(OutcomeUnknown):
        opened(reply(body, status), writes=True, doing="x")
    with pytest.raises(Unavailable):
        opened(reply(body, status), writes=False, doing="x")


def test_a_missing_route_was_not_executed() -> None:
    with pytest.raises(Unavailable, match="check the url"):
        opened(reply({"Message": "No HTTP resource was found"}, 404), writes=True, doing="x")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("SDO error 23", 500),
        ("Error: 24", 500),
        ("error code 30", 500),
        ("", 24),
        ("x", 30),
        ("The company is opened in exclusive mode", 500),
        ("The username is already in use", 500),
        ("Username already in use", 500),
        ("The data path is in use", 500),
        ("Sage user count exceeded", 500),
    ],
)
def test_a_locked_ledger_is_unavailable_for_a_while(message: str, code: int) -> None:
    fault = refusal(message, code, "x")
    assert isinstance(fault, Unavailable) and fault.after == 900


@pytest.mark.parametrize("message", ["Record is locked by another user", "The order is in use by MANAGER"])
def test_a_record_that_someone_edits_is_busy_for_a_few_minutes(message: str) -> None:
    fault = refusal(message, 500, "x")
    assert isinstance(fault, Busy) and fault.after == 300


@pytest.mark.parametrize(
    "message",
    [
        "Account reference already in use",
        "Stock code 24 not found",
        "Invalid tax code 30",
        "Bad argument, error 1",
        "SDO error 19",
        "Account EXCLUS not found",
    ],
)
def test_a_plain_refusal_is_not_mistaken_for_a_lock(message: str) -> None:
    assert isinstance(refusal(message, 500, "x"), RecordRejected)


def test_a_currency_refusal_says_what_to_do() -> None:
    assert "currency of the customer's account" in str(refusal("SDO error 34", 500, "create the sales order"))
