"""One session for all workers: begun under a lock, kept, replaced when it ended; and answers that are not
what they seem."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from shared.errors import BadCredentials, Halt, OutcomeUnknown, Unavailable
from shared.ports import Token
from shared.systems.vtiger.api import Api
from tests.unit.systems.vtiger.fakes import SECRET, Bench, asked

CODES = ("INVALID_SESSIONID", "SESSION_EXPIRED", "SESSION_LEFT_IDLE", "AUTHENTICATION_REQUIRED")


def refused(code: str, message: str = "no") -> httpx.Response:
    return httpx.Response(200, json={"success": False, "error": {"code": code, "message": message}})


def fine(result: object) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "result": result})


@dataclass
class Server:
    """One challenge a user: each new one replaces the last. `before` may answer in the place of anything
    else."""

    ended: str = "INVALID_SESSIONID"
    live: set[str] = field(default_factory=set)
    token: str = ""
    logins: int = 0
    executed: int = 0
    before: Callable[[dict[str, str]], httpx.Response | None] = lambda call: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        call = asked(request)
        found = self.before(call)
        if found is not None:
            return found
        if call["operation"] == "getchallenge":
            self.token = f"challenge-{self.logins}"
            return fine({"token": self.token, "serverTime": 1, "expireTime": 301})
        if call["operation"] == "login":
            return self._login(call["accessKey"])
        if call.get("sessionName") not in self.live:
            return refused(self.ended)
        self.executed += 1
        return fine([])

    def _login(self, proof: str) -> httpx.Response:
        self.logins += 1
        wanted = hashlib.md5(
            f"{self.token}{SECRET['access_key']}".encode(), usedforsecurity=False
        ).hexdigest()
        if proof != wanted:
            return refused("INVALID_USER_CREDENTIALS")
        name = f"session-{self.logins}-secret"
        self.live.add(name)
        return fine(
            {
                "sessionName": name,
                "userId": "19x5",
                "username": "tieout",
                "vtigerVersion": "8.4.0",
                "is_admin": "off",
            }
        )


def door(bench: Bench, worker: str = "worker") -> Api:
    return bench.system(worker).api


def ask(bench: Bench, worker: str = "worker") -> None:
    door(bench, worker).get("query", {"query": "SELECT id FROM Accounts;"})


@pytest.mark.parametrize("code", CODES)
def test_an_ended_session_is_replaced_once_and_the_call_made_again(code: str) -> None:
    server = Server(ended=code)
    bench = Bench(answer=server)
    ask(bench, "a")
    server.live.clear()
    ask(bench, "b")
    ask(bench, "c")
    assert (server.logins, server.executed) == (2, 3)
    assert "secret" not in bench.recorder.everything.replace("session-secret", "")
    assert door(bench).me().id == "19x5"
    assert not door(bench).me().admin


def test_a_session_that_never_lives_does_not_loop() -> None:
    server = Server()
    bench = Bench(answer=server)
    server.before = lambda call: refused("INVALID_SESSIONID") if call["operation"] == "query" else None
    with pytest.raises(Unavailable, match="forgets each session"):
        ask(bench)
    assert server.logins == 2


def test_the_session_of_another_worker_is_used_before_a_new_one() -> None:
    server = Server()
    bench = Bench(answer=server)
    worker = door(bench, "a")
    worker.get("query", {"query": "x"})
    server.live = {"theirs"}
    stored = bench.stores.tokens.load("vtiger")
    assert stored is not None
    theirs = Token({**stored.value, "session": "theirs"}, stored.expires_at, stored.generation + 1)
    assert bench.stores.tokens.save("vtiger", theirs, stored.generation)
    worker.get("query", {"query": "x"})
    assert server.logins == 1


def test_a_check_proves_the_key_and_a_changed_user_does_not_use_the_old_session() -> None:
    server = Server()
    bench = Bench(answer=server)
    ask(bench)
    bench.secret["access_key"] = "wrong"
    assert [(one.level, one.subject) for one in bench.system().check([])] == [("error", "sign-in")]
    bench.secret.update(user="another", access_key=SECRET["access_key"])
    logins = server.logins
    ask(bench)
    assert server.logins == logins + 1


def test_a_session_goes_to_no_other_host_and_one_of_an_earlier_version_is_not_used() -> None:
    server = Server()
    bench = Bench(answer=server)
    ask(bench)
    seen: list[dict[str, str]] = []
    server.before = lambda call: seen.append(call)
    bench.url = "https://other.example"
    ask(bench)
    assert server.logins == 2 and "session-1-secret" not in str(seen)
    stored = bench.stores.tokens.load("vtiger")
    assert stored is not None
    old = {name: value for name, value in stored.value.items() if name != "identity"}
    assert bench.stores.tokens.save("vtiger", Token(old, stored.expires_at, 3), stored.generation)
    ask(bench)
    assert server.logins == 3


def test_a_loser_of_two_sign_ins_tries_once_more() -> None:
    server = Server()
    bench = Bench(answer=server)

    def somebody_else(call: dict[str, str]) -> None:
        if call["operation"] == "login" and server.logins == 0:
            server.token = "theirs"

    server.before = somebody_else
    ask(bench)
    assert server.logins == 2


def test_a_wrong_key_is_tried_twice_and_no_more() -> None:
    server = Server()
    bench = Bench(answer=server, secret={"user": "tieout", "access_key": "wrong"})
    with pytest.raises(BadCredentials, match="access key"):
        ask(bench)
    assert server.logins == 2
    assert "wrong" not in bench.recorder.everything


def test_an_unknown_user_is_named() -> None:
    server = Server(before=lambda call: refused("ACCESS_DENIED", "username does not exists"))
    with pytest.raises(BadCredentials, match="no active user 'tieout'"):
        ask(Bench(answer=server))


def test_nothing_stored_is_said_before_any_call() -> None:
    server = Server()
    with pytest.raises(BadCredentials, match="no user and access_key"):
        ask(Bench(answer=server, secret={}))
    assert server.logins == 0


def test_a_lock_that_is_held_is_waited_for_and_then_left() -> None:
    server = Server()
    bench = Bench(answer=server)
    now = bench.clock.now()
    assert bench.stores.tokens.lock("vtiger", "other", now + timedelta(hours=1), now)
    with pytest.raises(Unavailable, match="another function is signing in"):
        ask(bench)
    assert (server.logins, bench.clock.slept) == (0, 10.0)


@pytest.mark.parametrize(
    "before", ["\r\n\r\n", "\ufeff", "<br />\n<b>Warning</b>: Undefined key in /x.php on line 3<br />\n"]
)
def test_what_php_prints_before_an_answer_does_not_matter(before: str) -> None:
    server = Server()

    def noisy(call: dict[str, str]) -> httpx.Response | None:
        if call["operation"] != "query":
            return None
        return httpx.Response(200, content=before + json.dumps({"success": True, "result": [{"id": "11x2"}]}))

    server.before = noisy
    assert door(Bench(answer=server)).get("query", {"query": "x"}) == [{"id": "11x2"}]


PAGE = httpx.Response(200, html="<!DOCTYPE html><html><body>Sign in</body></html>")


def test_a_page_for_people_halts_the_sign_in_and_only_delays_what_follows() -> None:
    with pytest.raises(Halt, match="web page instead of data: check url and api"):
        ask(Bench(answer=lambda request: PAGE))
    server = Server(before=lambda call: PAGE if call["operation"] in ("query", "create") else None)
    with pytest.raises(Unavailable, match="web page"):
        ask(Bench(answer=server))
    with pytest.raises(OutcomeUnknown):
        door(Bench(answer=server)).post("create", {})


@pytest.mark.parametrize(
    "status, headers, words",
    [
        (301, {"location": "https://elsewhere.example"}, "elsewhere"),
        (404, {}, "HTTP 404"),
        (405, {}, "HTTP 405"),
    ],
)
def test_an_address_that_is_none_halts(status: int, headers: dict[str, str], words: str) -> None:
    with pytest.raises(Halt, match=words):
        ask(Bench(answer=lambda request: httpx.Response(status, headers=headers)))
