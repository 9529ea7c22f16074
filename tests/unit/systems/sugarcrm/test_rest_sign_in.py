"""One token for all workers: stored before it is used, refreshed by one, never asked for in a loop."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.errors import BadCredentials, Unavailable
from shared.ports import Token
from shared.systems._http import HttpClient
from shared.systems._sign_in import NewToken
from shared.systems.sugarcrm.rest_client import RestClient
from shared.systems.sugarcrm.rest_sign_in import rest_token
from tests.unit.systems.sugarcrm.fakes import SECRET, Clock, Recorder, Tokens, bound, wire_to


@dataclass
class Server:
    """One live token per platform, as Sugar keeps it. `refuse` answers the token address instead."""

    clock: Clock = field(default_factory=Clock)
    tokens: Tokens = field(default_factory=Tokens)
    recorder: Recorder = field(default_factory=Recorder)
    live: str = ""
    refresh: str = ""
    grants: list[str] = field(default_factory=list)
    refuse: Callable[[dict[str, Any]], httpx.Response | None] = lambda grant: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/oauth2/token"):
            fine = request.headers["OAuth-Token"] == self.live
            return (
                httpx.Response(200, json={"ok": True})
                if fine
                else _refusal("invalid_grant", "The access token has expired.")
            )
        grant = json.loads(request.content)
        self.grants.append(grant["grant_type"])
        refused = self.refuse(grant)
        if refused is not None:
            return refused
        if grant["grant_type"] == "refresh_token" and grant["refresh_token"] != self.refresh:
            return _refusal("invalid_grant", "Invalid refresh token")
        number = len(self.grants)
        self.live, self.refresh = f"access-{number}-secret", f"refresh-{number}-secret"
        return httpx.Response(
            200,
            json={
                "access_token": self.live,
                "refresh_token": self.refresh,
                "expires_in": 3600,
                "refresh_expires_in": 1209600,
            },
        )

    def worker(self, owner: str) -> RestClient:
        return client_of(self, owner, wire_to(self, recorder=self.recorder))

    def theirs(self) -> None:
        """Another worker of the same connection stores a token of its own."""
        self.live, held = "theirs", self.tokens
        generation = held.token.generation if held.token else 0
        other = Tokens(Token({}, self.clock.at, generation) if generation else None)
        new = NewToken({"access_token": "theirs", "refresh_token": "r"}, timedelta(hours=1))
        binding = bound(self.clock, other, "other")
        rest_token(wire_to(self), "v11_10", {}, SECRET, binding).keep(new)
        held.token = other.token


def client_of(server: "Server", owner: str, http: HttpClient) -> RestClient:
    binding = bound(server.clock, server.tokens, owner)
    return RestClient(http, "v11_10", rest_token(http, "v11_10", {}, SECRET, binding))


def _refusal(label: str, message: str, status: int = 401) -> httpx.Response:
    return httpx.Response(status, json={"error": label, "error_message": message})


def ping(client: RestClient) -> Any:
    return client.call("GET", "ping", "answer")


def test_a_second_worker_uses_the_stored_token() -> None:
    server = Server()
    ping(server.worker("a"))
    ping(server.worker("b"))
    assert server.grants == ["password"]


def test_an_expired_token_is_refreshed_not_signed_in_again() -> None:
    server = Server()
    ping(server.worker("a"))
    server.clock.at += timedelta(hours=2)
    ping(server.worker("b"))
    server.clock.at += timedelta(days=20)
    ping(server.worker("c"))
    assert server.grants == ["password", "refresh_token", "password"]
    assert server.tokens.token is not None
    assert server.tokens.token.generation == 3


def test_a_refused_token_is_looked_up_before_anything_is_asked_for() -> None:
    server = Server()
    first, second = server.worker("a"), server.worker("b")
    ping(first)
    ping(second)
    server.live = "ended"
    ping(first)
    ping(second)
    assert server.grants == ["password", "refresh_token"]


def test_a_token_refused_again_and_again_ends_in_bad_credentials() -> None:
    server = Server()
    ping(server.worker("a"))

    def always_refused(request: httpx.Request) -> httpx.Response:
        answer = server(request)
        return (
            answer
            if request.url.path.endswith("token")
            else _refusal("need_login", "No valid authentication")
        )

    with pytest.raises(BadCredentials, match="No valid authentication"):
        ping(client_of(server, "b", wire_to(always_refused)))
    assert server.grants == ["password", "refresh_token"]


def test_a_dead_refresh_token_means_one_sign_in() -> None:
    server = Server()
    ping(server.worker("a"))
    server.live = server.refresh = "ended by another program"
    ping(server.worker("b"))
    assert server.grants == ["password", "refresh_token", "password"]


def test_a_refresh_lost_to_another_worker_uses_theirs() -> None:
    server = Server()
    ping(server.worker("a"))
    server.clock.at += timedelta(hours=2)

    def another_was_faster(grant: dict[str, Any]) -> httpx.Response:
        server.theirs()
        return _refusal("invalid_grant", "Invalid refresh token")

    server.refuse = another_was_faster
    ping(server.worker("b"))
    assert server.grants == ["password", "refresh_token"]


def test_a_save_that_loses_uses_the_token_that_won() -> None:
    server = Server()

    server.tokens.before_save = server.theirs
    ping(server.worker("a"))
    assert server.tokens.token is not None
    assert server.tokens.token.value["access_token"] == "theirs"


def test_the_lock_keeps_two_workers_from_signing_in_side_by_side() -> None:
    server = Server()
    inside, go_on = threading.Event(), threading.Event()

    def slowly(grant: dict[str, Any]) -> None:
        inside.set()
        go_on.wait(5)

    server.refuse = slowly
    first = threading.Thread(target=ping, args=(server.worker("a"),))
    first.start()
    assert inside.wait(5)
    with pytest.raises(Unavailable, match="another function is signing in"):
        ping(server.worker("b"))
    go_on.set()
    first.join(5)
    ping(server.worker("b"))
    assert server.grants == ["password"]
    assert server.tokens.owner == ""


def test_only_an_unknown_platform_is_told_to_be_registered() -> None:
    """Seen live: 422 with this text alone, by default since 25.x."""
    platform = _refusal("invalid_parameter", "EXCEPTION_INVALID_PLATFORM", 422)
    password = _refusal("need_login", "You must specify a valid username and password.", 401)
    with pytest.raises(BadCredentials, match="Register the platform: an administrator adds 'tieout'") as told:
        ping(Server(refuse=lambda grant: platform).worker("a"))
    assert "password" not in str(told.value)
    with pytest.raises(BadCredentials, match="Check user and password") as told:
        ping(Server(refuse=lambda grant: password).worker("a"))
    assert "egister" not in str(told.value)


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_a_refused_sign_in_is_told_word_for_word_and_not_repeated(status: int) -> None:
    server = Server(
        refuse=lambda grant: _refusal("invalid_parameter", "Platform tieout is not known!", status)
    )
    with pytest.raises(BadCredentials, match="Platform tieout is not known!"):
        ping(server.worker("a"))
    assert server.grants == ["password"]
    assert server.tokens.token is None
    assert server.tokens.owner == ""


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(500, text="x"), httpx.Response(200, text="<html>"), httpx.Response(200, json=[])],
)
def test_a_failing_server_is_not_a_wrong_password(answer: httpx.Response) -> None:
    with pytest.raises(Unavailable):
        ping(Server(refuse=lambda grant: answer).worker("a"))


def test_tokens_and_password_stay_out_of_the_record() -> None:
    server = Server()
    ping(server.worker("a"))
    server.clock.at += timedelta(hours=2)
    ping(server.worker("a"))
    assert len(server.recorder.lines) == 4
    assert not [word for word in ("-secret", SECRET["password"]) if word in server.recorder.everything]


@pytest.mark.parametrize(
    "url, options, secret",
    [
        ("https://other.example", {}, SECRET),
        ("https://sugar.example", {}, {**SECRET, "user": "another"}),
        ("https://sugar.example", {}, {**SECRET, "password": "another"}),
        ("https://sugar.example", {}, {**SECRET, "client_secret": "another"}),
        ("https://sugar.example", {"client_id": "another"}, SECRET),
        ("https://sugar.example", {"platform": "another"}, SECRET),
    ],
)
def test_a_stored_token_goes_to_no_other_host_user_or_client(
    url: str, options: dict[str, str], secret: dict[str, str]
) -> None:
    server, seen = Server(), list[httpx.Request]()
    ping(server.worker("a"))
    old, server.live = server.live, ""
    server.clock.at += timedelta(minutes=5)

    def watched(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return server(request)

    http = wire_to(watched, url=url)
    token = rest_token(http, "v11_10", options, secret, bound(server.clock, server.tokens, "b"))
    ping(RestClient(http, "v11_10", token))
    assert server.grants == ["password", "password"]
    text = str([(one.headers, one.content) for one in seen])
    assert old not in text and "refresh-1-secret" not in text


def test_a_check_proves_the_password_though_a_live_token_is_stored() -> None:
    server = Server()
    ping(server.worker("a"))
    server.worker("b").sign_in()
    assert server.grants == ["password", "password"]
    ping(server.worker("c"))
    assert server.grants == ["password", "password"]


def test_a_token_stored_by_an_earlier_version_is_not_used() -> None:
    server = Server()
    ping(server.worker("a"))
    token = server.tokens.token
    assert token is not None
    old = {name: value for name, value in token.value.items() if name != "identity"}
    server.tokens.token = Token(old, token.expires_at, token.generation)
    ping(server.worker("b"))
    assert server.grants == ["password", "password"] and server.tokens.token.generation == 2
