"""v11 sign-in: token requests, the platform rule, refreshing, expiry, and what each refusal is called."""

from typing import Any

import pytest

TOKEN = "/rest/v11_10/oauth2/token"


def _refresh(sugar: Any, refresh_token: str, **changes: str) -> Any:
    return sugar.http.post(
        TOKEN,
        json={
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": "sugar",
            "client_secret": "",
            "platform": "tieout",
            **changes,
        },
    )


def _error(answer: Any) -> tuple[int, str]:
    assert answer.json()["error_message"]
    return answer.status_code, answer.json()["error"]


def test_a_token_opens_the_api(sugar: Any) -> None:
    token = sugar.sign_in()
    assert token["expires_in"] == 3600
    assert token["refresh_expires_in"] == 1209600
    assert token["token_type"] == "bearer"
    assert token["scope"] is None
    assert sugar.rest("GET", "/ping").json() == "pong"
    bearer = {"Authorization": f"Bearer {sugar.token}", "OAuth-Token": ""}
    assert sugar.rest("GET", "/me", headers=bearer).json()["current_user"]["user_name"] == "sync"


def test_no_token_a_wrong_token_and_a_wrong_password_have_their_labels(sugar: Any) -> None:
    assert _error(sugar.rest("GET", "/ping")) == (401, "need_login")
    sugar.token = "nothing"
    assert _error(sugar.rest("GET", "/ping")) == (401, "invalid_grant")
    wrong = sugar.http.post(
        TOKEN, json={"grant_type": "password", "username": "sync", "password": "x", "platform": "tieout"}
    )
    assert _error(wrong) == (401, "invalid_grant")


def test_a_second_sign_in_on_the_platform_ends_the_first(sugar: Any) -> None:
    first = sugar.sign_in()
    other = sugar.sign_in(platform="mobile")["access_token"]
    sugar.sign_in()
    sugar.token = first["access_token"]
    assert _error(sugar.rest("GET", "/ping")) == (401, "invalid_grant")
    assert _error(_refresh(sugar, first["refresh_token"])) == (401, "invalid_grant")
    sugar.token = other
    assert sugar.rest("GET", "/ping").status_code == 200


@pytest.mark.parametrize("platform", ["unheard_of", "sales:order", "x" * 128])
def test_an_unregistered_platform_is_refused(sugar: Any, platform: str) -> None:
    answer = sugar.http.post(
        TOKEN,
        json={
            "grant_type": "password",
            "username": "sync",
            "password": "sync-password",
            "platform": platform,
        },
    )
    assert answer.status_code == 422
    assert answer.json()["error"] == "invalid_parameter"
    assert answer.json()["error_message"] == "EXCEPTION_INVALID_PLATFORM"


def test_a_refresh_gives_new_tokens_and_kills_the_old_refresh_token(sugar: Any) -> None:
    first = sugar.sign_in()
    second = _refresh(sugar, first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert _error(_refresh(sugar, first["refresh_token"])) == (401, "invalid_grant")
    assert _refresh(sugar, second.json()["refresh_token"]).status_code == 200


def test_a_refresh_on_another_platform_or_client_is_refused(sugar: Any) -> None:
    first = sugar.sign_in()
    assert _error(_refresh(sugar, first["refresh_token"], platform="mobile")) == (401, "invalid_grant")
    assert _error(_refresh(sugar, first["refresh_token"], client_id="other")) == (401, "invalid_grant")


def test_tokens_age_with_the_servers_clock(sugar: Any) -> None:
    first = sugar.sign_in()
    sugar.admin("clock", {"shift": 3601})
    assert _error(sugar.rest("GET", "/ping")) == (401, "invalid_grant")
    second = _refresh(sugar, first["refresh_token"]).json()
    sugar.admin("clock", {"shift": 1209601})
    assert _error(_refresh(sugar, second["refresh_token"])) == (401, "invalid_grant")


def test_logout_ends_the_token(sugar: Any) -> None:
    sugar.sign_in()
    assert sugar.rest("POST", "/oauth2/logout").status_code == 200
    assert _error(sugar.rest("GET", "/ping")) == (401, "invalid_grant")


def test_versions(sugar: Any) -> None:
    sugar.sign_in()
    token = {"OAuth-Token": sugar.token}
    assert _error(sugar.http.get("/rest/v9/ping", headers=token)) == (301, "incorrect_version")
    assert sugar.http.get("/rest/v10/ping", headers=token).json() == "pong"
    named = {**token, "Accept": "application/vnd.sugarcrm.core+json; version=11.3"}
    assert sugar.http.get("/rest/ping", headers=named).json() == "pong"


def test_a_changed_password_is_noticed_at_the_next_sign_in(sugar: Any) -> None:
    sugar.sign_in()
    sugar.admin("users", {"user_name": "sync", "password": "changed"})
    answer = sugar.http.post(
        TOKEN,
        json={
            "grant_type": "password",
            "username": "sync",
            "password": "sync-password",
            "platform": "tieout",
        },
    )
    assert _error(answer) == (401, "invalid_grant")
    assert sugar.rest("GET", "/ping").status_code == 200
