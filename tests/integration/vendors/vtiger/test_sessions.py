"""Signing in, sessions that end, and what belongs to a session."""

import hashlib
from typing import Any

import pytest


def _challenge(vtiger: Any) -> str:
    return str(vtiger.done(vtiger.get("getchallenge", username="tieout"))["token"])


def _sign_in(vtiger: Any, token: str) -> Any:
    proof = hashlib.md5((token + "TieoutAccessKey1").encode()).hexdigest()
    return vtiger.post("login", username="tieout", accessKey=proof)


def test_a_second_challenge_replaces_the_first_and_a_token_may_be_used_again(vtiger: Any) -> None:
    first, second = _challenge(vtiger), _challenge(vtiger)
    assert vtiger.code(_sign_in(vtiger, first)) == "INVALID_USER_CREDENTIALS"
    sessions = {vtiger.done(_sign_in(vtiger, second))["sessionName"] for _ in range(2)}
    assert len(sessions) == 2


def test_a_challenge_and_a_session_grow_old(vtiger: Any) -> None:
    vtiger.admin("clock", {"freeze": "2026-11-21T10:00:00"})
    token = _challenge(vtiger)
    vtiger.admin("clock", {"freeze": "2026-11-21T10:05:01"})
    assert vtiger.code(_sign_in(vtiger, token)) == "INVALID_AUTH_TOKEN"
    vtiger.login()
    vtiger.admin("clock", {"freeze": "2026-11-21T10:35:02"})
    assert vtiger.code(vtiger.get("listtypes")) == "SESSION_LEFT_IDLE"
    assert vtiger.code(vtiger.get("listtypes")) == "INVALID_SESSIONID"
    vtiger.login()
    for half_hour in range(48):
        vtiger.admin(
            "clock",
            {"freeze": f"2026-11-2{2 + half_hour // 48}T{half_hour // 2:02}:{half_hour % 2 * 30:02}:00"},
        )
    vtiger.login()
    vtiger.server.options.idle_seconds = 10**6
    vtiger.admin("clock", {"freeze": "2026-11-25T00:00:00"})
    assert vtiger.code(vtiger.get("listtypes")) == "SESSION_EXPIRED"
    vtiger.server.options.idle_seconds = 1800


def test_signing_out_a_lost_session_store_and_a_changed_key_end_the_work(vtiger: Any) -> None:
    assert vtiger.done(vtiger.post("logout")) == {"message": "successfull"}
    assert vtiger.code(vtiger.get("listtypes")) == "INVALID_SESSIONID"
    vtiger.login()
    vtiger.admin("faults", [{"kind": "expired_session", "match": {"operation": "^query$"}}])
    assert vtiger.done(vtiger.get("listtypes"))
    assert vtiger.code(vtiger.get("query", query="SELECT id FROM Accounts;")) == "INVALID_SESSIONID"
    vtiger.login()
    assert vtiger.query("SELECT id FROM Accounts;") == []
    vtiger.admin("users", {"name": "tieout", "access_key": "AnotherAccessKey"})
    assert vtiger.code(_sign_in(vtiger, _challenge(vtiger))) == "INVALID_USER_CREDENTIALS"
    vtiger.admin("users", {"name": "tieout", "access_key": "TieoutAccessKey1"})


def test_the_side_of_the_parameters_matters_and_the_case_of_the_operation_does_not(vtiger: Any) -> None:
    assert vtiger.done(vtiger.get("DESCRIBE", elementType="Contacts"))["idPrefix"] == "12"
    assert vtiger.code(vtiger.get("delete", id="11x2")) == "ACCESS_DENIED"
    assert (
        vtiger.code(vtiger.post("create", elementType="Accounts", element="{not json"))
        == "INTERNAL_SERVER_ERROR"
    )
    assert vtiger.post("frobnicate").status_code == 500


def test_faults_match_on_the_operation_of_either_side(vtiger: Any) -> None:
    vtiger.admin(
        "faults",
        [
            {"kind": "500", "match": {"operation": "^create$"}},
            {"kind": "429", "match": {"operation": "retrieve"}},
        ],
    )
    assert vtiger.post("create", elementType="Accounts", element={}).status_code == 500
    assert vtiger.get("retrieve", id="11x2").status_code == 429
    assert vtiger.get("retrieve", id="11x2").status_code == 200
    vtiger.admin("faults", [{"kind": "503", "match": {"operation": "^sync$"}}])
    assert vtiger.cloud("GET", "sync", modifiedTime=1, elementType="Accounts").status_code == 503


def test_calls_are_counted_by_operation_and_module(vtiger: Any) -> None:
    vtiger.http.delete("/_admin/calls")
    account = vtiger.create("Accounts", accountname="Acme")
    vtiger.query("SELECT id FROM Accounts WHERE accountname = 'from Invoice';")
    vtiger.post("revise", element={"id": account["id"], "phone": "1"})
    vtiger.get("retrieve", id=account["id"])
    vtiger.cloud("GET", "query", query="SELECT * FROM Invoice;")
    wanted = {
        "create Accounts": 1,
        "query Accounts": 1,
        "revise Accounts": 1,
        "retrieve Accounts": 1,
        "query Invoice": 1,
    }
    assert vtiger.admin("calls") == {"total": 5, "calls": wanted}
    writes = vtiger.admin("writes")
    assert [(one["operation"], one["id"], one["user"]) for one in writes] == [
        ("create", account["id"], "tieout"),
        ("revise", account["id"], "tieout"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"version": "eight"},
        {"door": "back"},
        {"users": []},
        {"colour": 1},
        {"webhooks": [{"module": "Accounts"}]},
        {"minute_limit": "5"},
        {"prefixes": {"Faq": 1, "Leads": 1}},
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(vtiger: Any, change: dict[str, Any]) -> None:
    before = vtiger.admin("options")
    answer = vtiger.http.post("/_admin/options", json=change)
    assert answer.status_code == 400 and answer.json()["error"].endswith(".")
    assert vtiger.admin("options") == before


def test_other_versions_behave_as_the_recorded_one_before_or_after_them(start: Any) -> None:
    for version, counted in (("7.5.0", [{"count": "0"}]), ("8.3.0", [])):
        vtiger = start(version=version)
        assert vtiger.login() and vtiger.query("SELECT count(*) FROM Accounts;") == counted
