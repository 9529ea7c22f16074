"""v4_1's answers, as recorded from a real server: each error says what to do."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.errors import BadCredentials, Halt, MissingPermission, OutcomeUnknown, SyncError, Unavailable
from shared.ports import Gone, Patch, Snapshot
from shared.systems.sugarcrm.legacy import SugarV4
from shared.systems.sugarcrm.legacy_client import DatabaseFailure, LegacyClient
from tests.unit.systems.sugarcrm.fakes import (
    ORDERS,
    SECRET,
    Clock,
    Recorder,
    method_of,
    recorded,
    replayed,
    wire_to,
)


def client(answers: dict[str, Any], recorder: Recorder | None = None, **options: str) -> LegacyClient:
    """A server that answers each method with a recording's name, a response, or one after the other from a
    list."""

    def answer(request: httpx.Request) -> httpx.Response:
        method, _ = method_of(request)
        given = answers.get(method, "login_ok" if method == "login" else None)
        given = given.pop(0) if isinstance(given, list) else given
        if isinstance(given, str):
            return replayed(given)
        assert isinstance(given, httpx.Response)
        return given

    return LegacyClient(wire_to(answer, recorder=recorder), options, SECRET)


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("error_unknown_module", MissingPermission, "module's name"),
        ("error_access_denied", MissingPermission, "role"),
        ("get_entry_list_subselect_refused", MissingPermission, "role"),
        ("error_empty_session", Unavailable, "null"),
        ("get_entry_list_bad_sql", DatabaseFailure, "log"),
        ("error_wrong_argument_name", Unavailable, "error log"),
        ("error_unknown_method", Halt, "rest_path"),
        ("error_bad_json", Unavailable, "null"),
    ],
)
def test_recorded_errors(name: str, error: type[SyncError], words: str) -> None:
    with pytest.raises(error, match=words):
        client({"get_entry_list": name}).call("get_entry_list", "Opportunities")


@pytest.mark.parametrize("name", ["set_entry_own_id_again", "set_entry_malformed_id"])
def test_a_write_without_a_readable_answer_is_unknown(name: str) -> None:
    with pytest.raises(OutcomeUnknown):
        client({"set_entry": name}).call("set_entry", "Opportunities", [], writes=True)


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(200, content=b"<html>Please sign in</html>"), Unavailable),
        (httpx.Response(200, content=b'{"id": "x'), Unavailable),
        (httpx.Response(404, content=b"not here"), Halt),
        (httpx.Response(301, headers={"location": "https://other.example"}), Halt),
        (httpx.Response(403), MissingPermission),
    ],
)
def test_what_is_no_sugar_answer(response: httpx.Response, error: type[SyncError]) -> None:
    with pytest.raises(error, match=r"url|allow|redirection"):
        client({"get_entries": response}).call("get_entries", "Opportunities")


def test_a_wrong_password() -> None:
    with pytest.raises(BadCredentials, match="Login attempt failed please check the username and password"):
        client({"login": "login_bad_password"}).sign_in()


def test_a_decimal_comma_is_refused_at_sign_in() -> None:
    with pytest.raises(MissingPermission, match="Decimal Symbol"):
        client({"login": "login_user_with_comma_decimals"}).sign_in()


def signed_in(change: Callable[[str], str]) -> LegacyClient:
    """A server that spells the names of the user's settings in its own way; "" for one that it lacks."""
    body = recorded("login_ok")["response"]["body"]
    body["name_value_list"] = {
        new: {**pair, "name": new} for name, pair in body["name_value_list"].items() if (new := change(name))
    }
    return client({"login": httpx.Response(200, json=body)})


def test_older_servers_spell_the_separator_otherwise() -> None:
    signed_in(lambda name: name.replace("separator", "seperator")).sign_in()


def test_a_separator_that_is_not_told_is_not_taken_for_a_wrong_one() -> None:
    with pytest.raises(MissingPermission, match="does not tell which decimal separator"):
        signed_in(lambda name: "" if "separator" in name else name).sign_in()


def test_an_ended_session_is_replaced_once() -> None:
    done = client(
        {
            "login": ["login_ok", "login_ok"],
            "get_entry_list": ["error_invalid_session", "get_entry_list_no_match"],
        }
    )
    assert done.call("get_entry_list", "Opportunities")["result_count"] == 0
    with pytest.raises(BadCredentials, match="Validate user IP address"):
        client({"login": ["login_ok", "login_ok"], "get_entry_list": ["error_invalid_session"] * 2}).call(
            "get_entry_list", "x"
        )


def test_arguments_go_by_position_and_secrets_stay_out_of_the_record() -> None:
    recorder, sent = Recorder(), []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(method_of(request))
        return replayed("login_ok" if sent[-1][0] == "login" else "get_entry_list_no_match")

    session = recorded("login_ok")["response"]["body"]["id"]
    LegacyClient(wire_to(answer, recorder=recorder), {}, SECRET).call(
        "get_entry_list", "Opportunities", "", ""
    )
    digest = sent[0][1][0]["password"]
    assert len(digest) == 32
    assert sent[0][1][1:] == ["Tieout", []]
    assert sent[1] == ("get_entry_list", [session, "Opportunities", "", ""])
    assert not [secret for secret in (session, digest, SECRET["password"]) if secret in recorder.everything]


def test_plain_sign_in_for_ldap() -> None:
    seen: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(method_of(request)[1][0])
        return replayed("login_ok")

    LegacyClient(wire_to(answer), {"encryption": "PLAIN"}, SECRET).sign_in()
    assert seen == [{"user_name": "sync", "password": "sync-password", "encryption": "PLAIN"}]


def test_a_list_goes_on_while_the_total_says_so() -> None:
    """A server that gives fewer rows than asked for has not reached the end by that."""

    def row(number: int) -> dict[str, Any]:
        return {
            "id": f"o{number}",
            "name_value_list": {name: {"name": name, "value": f"o{number}"} for name in ("id", "name")},
        }

    def answer(request: httpx.Request) -> httpx.Response:
        method, arguments = method_of(request)
        if method != "get_entry_list":
            return replayed("login_ok" if method == "login" else "module_fields_Opportunities")
        left = [
            row(number)
            for number in range(5)
            if f"o{number}" > (arguments[2].rpartition("> '")[2].strip("'") or "")
        ]
        return httpx.Response(
            200,
            json={
                "result_count": 2,
                "total_count": str(len(left)),
                "next_offset": 2,
                "entry_list": left[:2],
                "relationship_list": [],
            },
        )

    system = SugarV4(wire_to(answer), {}, SECRET, Clock())
    spec = ORDERS.__class__(
        "sugarcrm", "sales_order", "Opportunities", "id", None, ("name",), poll_mode="worklist"
    )
    assert [item.id for page in system.changes(spec, None, 10) for item in page.records] == [
        f"o{number}" for number in range(5)
    ]


def test_records_that_vanished_are_never_written() -> None:
    methods: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        method, arguments = method_of(request)
        methods.append(method)
        if method == "login":
            return replayed("login_ok")
        body = json.loads(json.dumps(recorded("get_entry_deleted")["response"]["body"]))
        body["entry_list"][0]["id"] = arguments[2][0]
        return httpx.Response(200, json=body)

    system = SugarV4(wire_to(answer), {}, SECRET, Clock())
    assert isinstance(system.read(ORDERS, ["a"])["a"], Gone)
    (refused,) = system.update(ORDERS, [Patch("a", {"sales_order_no_c": "1"})])
    assert not isinstance(refused, Snapshot)
    assert "set_entries" not in methods
