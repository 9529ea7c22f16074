"""Sign-in: the authorise page, codes with a slash, refresh tokens that are spent when used, and the bearer
check."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

BACK = "https://tieout.example.test/connected?integration=one"
ASKED = {
    "response_type": "code",
    "client_id": "demo-client",
    "redirect_uri": BACK,
    "scope": "full_access",
    "state": "s/1",
    "country": "gb",
}
CLIENT = {"client_id": "demo-client", "client_secret": "demo-secret"}


def authorise(sage: Any, **changed: str) -> httpx.Response:
    return sage.http.get("/oauth2/auth/central", params={**ASKED, **changed})


def returned(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def token(sage: Any, **form: str) -> tuple[int, dict[str, Any]]:
    answer = sage.http.post("/token", data={**CLIENT, **form})
    return answer.status_code, answer.json()


def code(sage: Any, **changed: str) -> str:
    return returned(authorise(sage, auto="yes", **changed))["code"]


def exchange(sage: Any, given: str, **more: str) -> tuple[int, dict[str, Any]]:
    return token(sage, grant_type="authorization_code", code=given, redirect_uri=BACK, **more)


def refresh(sage: Any, given: str) -> tuple[int, dict[str, Any]]:
    return token(sage, grant_type="refresh_token", refresh_token=given)


def test_a_person_allows_and_the_code_with_a_slash_becomes_tokens(sage: Any) -> None:
    page = authorise(sage)
    assert page.status_code == 200 and "Example Trading Ltd" in page.text and "Deny" in page.text
    back = returned(authorise(sage, decision="allow", chosen="GB"))
    assert (back["state"], back["country"], back["integration"]) == ("s/1", "GB", "one") and back[
        "code"
    ].startswith("GB/")
    status, pair = exchange(sage, back["code"])
    assert status == 200
    assert (pair["token_type"], pair["expires_in"], pair["refresh_token_expires_in"]) == (
        "bearer",
        300,
        2_678_400,
    )
    assert pair["scope"] == "full_access" and pair["requested_by_id"]
    sage.http.headers["Authorization"] = f"Bearer {pair['access_token']}"
    assert sage.get("user")["email"]
    assert exchange(sage, back["code"])[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"decision": "deny"}, "access_denied"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"country": "", "filter": "other"}, "invalid_request"),
        ({"country": "ca", "auto": "yes"}, "Invalid request"),
    ],
)
def test_refusals_go_back_to_the_application(sage: Any, changed: dict[str, str], error: str) -> None:
    back = returned(authorise(sage, **changed))
    assert back["error"] == error and back["state"] == "s/1"


def test_a_stranger_gets_no_redirect(sage: Any) -> None:
    assert authorise(sage, client_id="other").status_code == 400
    sage.options.change({"redirect_uris": [BACK]})
    assert authorise(sage, redirect_uri="https://elsewhere.example.test/").status_code == 400
    assert authorise(sage).status_code == 200


def test_a_code_lives_a_minute_and_belongs_to_its_address(sage: Any) -> None:
    late = code(sage)
    sage.admin("clock", {"shift_seconds": 61})
    assert exchange(sage, late) == (
        400,
        {
            "error": "invalid_grant",
            "error_description": "The authorization code is unknown, used or expired.",
        },
    )
    status, answer = token(
        sage, grant_type="authorization_code", code=code(sage), redirect_uri="https://elsewhere.test/"
    )
    assert (status, answer["error"]) == (400, "invalid_grant")


def test_pkce_is_verified(sage: Any) -> None:
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert exchange(sage, code(sage, **asked), code_verifier="w" * 43)[1]["error"] == "invalid_grant"
    assert exchange(sage, code(sage, **asked))[1]["error"] == "invalid_grant"
    assert exchange(sage, code(sage, **asked), code_verifier=verifier)[0] == 200


def test_a_refresh_token_works_once_and_dies_with_its_month(sage: Any) -> None:
    first = sage.admin("grant")
    status, second = refresh(sage, first["refresh_token"])
    assert status == 200 and second["refresh_token"] != first["refresh_token"]
    assert refresh(sage, first["refresh_token"]) == (
        400,
        {"error": "invalid_grant", "error_description": "The refresh token is unknown, used or expired."},
    )
    assert refresh(sage, second["refresh_token"])[0] == 200
    idle = sage.admin("grant")["refresh_token"]
    sage.admin("clock", {"shift_seconds": 2_678_401})
    assert refresh(sage, idle)[1]["error"] == "invalid_grant"


def test_reuse_can_end_the_connection(sage: Any) -> None:
    sage.options.change({"reuse_ends_connection": True})
    first = sage.admin("grant")
    second = refresh(sage, first["refresh_token"])[1]
    refresh(sage, first["refresh_token"])
    assert refresh(sage, second["refresh_token"])[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token", "client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_token_errors(sage: Any, form: dict[str, str], error: str) -> None:
    status, answer = token(sage, **form)
    assert status == 400 and answer["error"] == error and answer["error_description"]


def test_the_token_endpoint_takes_forms_alone(sage: Any) -> None:
    answer = sage.http.post("/token", json={**CLIENT, "grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_revoke_ends_the_refresh_token_alone(sage: Any) -> None:
    pair = sage.admin("grant")
    answer = sage.http.post("/revoke", data={**CLIENT, "token": pair["refresh_token"]})
    assert answer.json() == {"success": "ok"}
    assert refresh(sage, pair["refresh_token"])[1]["error"] == "invalid_grant"
    sage.http.headers["Authorization"] = f"Bearer {pair['access_token']}"
    sage.get("contacts")


def test_a_lost_token_answer_spends_the_refresh_token(sage: Any) -> None:
    pair = sage.admin("grant")
    sage.admin("faults", [{"kind": "lost_reply", "match": {"path": "^/token$"}}])
    with pytest.raises(httpx.HTTPError):
        refresh(sage, pair["refresh_token"])
    assert refresh(sage, pair["refresh_token"])[1]["error"] == "invalid_grant"


def test_a_late_500_of_the_token_endpoint_spends_it_too(sage: Any) -> None:
    pair = sage.admin("grant")
    sage.admin("faults", [{"kind": "late_500", "match": {"path": "^/token$"}}])
    assert refresh(sage, pair["refresh_token"])[0] == 500
    assert refresh(sage, pair["refresh_token"])[1]["error"] == "invalid_grant"


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic abc"])
def test_without_a_good_token_nothing_is_told(sage: Any, header: str) -> None:
    sage.http.headers["Authorization"] = header
    answer = sage.call("GET", "contacts", status=401)
    assert answer[0]["$dataCode"] == "AuthorizationFailure"


def test_access_tokens_run_out(sage: Any) -> None:
    sage.admin("clock", {"shift_seconds": 301})
    sage.call("GET", "contacts", status=401)
    sage.admin("clock", {"shift_seconds": 0})
    sage.get("contacts")
    sage.admin("tokens", {"expire": "access"})
    sage.call("GET", "contacts", status=401)


def test_a_frozen_clock_ends_no_sign_in(sage: Any) -> None:
    sage.admin("clock", {"freeze": "2031-01-01T00:00:00Z"})
    assert sage.contact()["created_at"] == "2031-01-01T00:00:00Z"


def test_readonly_and_missing_rights_are_403(sage: Any) -> None:
    sage.options.change({"denied": ["DELETE contacts"]})
    key = sage.contact()["id"]
    assert sage.call("DELETE", f"contacts/{key}", status=403)[0]["$dataCode"] == "MultiUserAccessDenied"
    sage.http.headers["Authorization"] = (
        f"Bearer {sage.admin('grant', {'scope': 'readonly'})['access_token']}"
    )
    sage.get("contacts")
    sage.call("POST", "contacts", {"contact": {}}, 403)


def test_a_cancelled_subscription_is_401(sage: Any) -> None:
    sage.options.change({"subscription_active": False})
    assert sage.refused("GET", "contacts", status=401) == [("No active subscription. (MSE)", "")]
