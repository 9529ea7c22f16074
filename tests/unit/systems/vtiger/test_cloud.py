"""The cloud's api: Basic with every call, statuses, and a limit that is kept before it is hit."""

import base64
from datetime import timedelta

import httpx
import pytest

from shared.errors import (
    BadCredentials,
    Halt,
    MissingPermission,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    Unavailable,
)
from shared.systems.vtiger.api import Api
from tests.unit.systems.vtiger.fakes import SECRET, Bench

CLOUD = {"api": "cloud"}


def door(answer: httpx.Response, **more: object) -> tuple[Api, Bench, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer

    bench = Bench(answer=server, options=CLOUD)
    return bench.system().api, bench, seen


def fine(result: object = None, **headers: str) -> httpx.Response:
    return httpx.Response(
        200,
        json={"success": True, "result": result},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_calls_carry_the_key_and_the_archive_does_not() -> None:
    made, bench, seen = door(
        fine({"id": "19x5", "user_name": "tieout", "is_admin": "on", "no_of_currency_decimals": "3"})
    )
    assert (made.me().id, made.me().admin, made.me().decimals) == ("19x5", True, "3")
    made.post("create", {"elementType": "Accounts", "element": "{}"})
    proof = base64.b64encode(f"{SECRET['user']}:{SECRET['access_key']}".encode()).decode()
    assert [request.headers["Authorization"] for request in seen] == [f"Basic {proof}"] * 2
    assert [request.url.path for request in seen] == [
        f"/restapi/v1/vtiger/default/{name}" for name in ("me", "create")
    ]
    assert dict(httpx.QueryParams(seen[1].content.decode())) == {"elementType": "Accounts", "element": "{}"}
    assert SECRET["access_key"] not in bench.recorder.everything
    assert proof not in bench.recorder.everything


def test_a_429_says_how_long_by_the_servers_own_clock() -> None:
    headers = {
        "X-FloodControl-Remaining": "0",
        "X-FloodControl-Reset": "1795302240",
        "Date": "Sat, 21 Nov 2026 23:03:24 GMT",
    }
    made, _, _ = door(
        httpx.Response(429, headers=headers, json={"success": False, "error": {"code": "X", "message": "m"}})
    )
    with pytest.raises(RateLimited) as met:
        made.get("query", {"query": "x"})
    assert met.value.after == 36.0
    bare, _, _ = door(httpx.Response(429))
    with pytest.raises(RateLimited) as met:
        bare.post("create", {})
    assert met.value.after == 60.0


def test_the_last_call_of_a_minute_keeps_its_answer_and_the_next_is_not_made() -> None:
    made, bench, seen = door(fine(["x"], X_FloodControl_Remaining="0"))
    assert made.post("create", {}) == ["x"]
    with pytest.raises(RateLimited) as met:
        made.get("query", {"query": "x"})
    assert met.value.after == 60.0
    bench.clock.at += timedelta(seconds=61)
    assert made.get("query", {"query": "x"}) == ["x"]
    assert len(seen) == 2


@pytest.mark.parametrize(
    "status, body, writes, error",
    [
        (401, None, False, BadCredentials),
        (401, {"code": "INVALID_USER_CREDENTIALS", "message": "m"}, True, BadCredentials),
        (403, {"code": "ACCESS_DENIED", "message": "m"}, False, MissingPermission),
        (403, None, False, MissingPermission),
        (404, None, False, Halt),
        (400, {"code": "MANDATORY_FIELDS_MISSING", "message": "m"}, True, RecordRejected),
        (400, {"message": "Duplicate(s) detected!", "code": 0}, True, RecordRejected),
        (500, None, False, Unavailable),
        (500, None, True, OutcomeUnknown),
        (302, None, False, Halt),
    ],
)
def test_statuses(status: int, body: object, writes: bool, error: type[Exception]) -> None:
    answer = (
        httpx.Response(status, json={"success": False, "error": body})
        if body
        else httpx.Response(status, text="")
    )
    made, _, _ = door(answer)
    with pytest.raises(error):
        made.post("create", {}) if writes else made.get("query", {"query": "x"})


def test_a_bare_404_for_one_record_is_about_the_record() -> None:
    made, _, _ = door(httpx.Response(404, text="Record not found"))
    with pytest.raises(MissingPermission):
        made.get("retrieve", {"id": "11x2"})
