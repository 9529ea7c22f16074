"""Signing in: what a refusal means, and that a session key is shared."""

import httpx
import pytest

from shared.errors import BadCredentials, Halt, SyncError, Unavailable
from tests.unit.systems.sage_sales_management.fakes import Bench, spec_of

USER = spec_of("user")


class Vendor:
    """Gives this answer to a sign-in; refuses the calls of `refused` keys."""

    def __init__(self, *answers: httpx.Response, refused: tuple[str, ...] = ()) -> None:
        self.answers, self.refused, self.signed_in = list(answers), refused, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            self.signed_in += 1
            return (
                self.answers.pop(0)
                if self.answers
                else httpx.Response(200, json={"token": f"key-{self.signed_in}"})
            )
        if request.headers["X-Session-Key"] in self.refused:
            return httpx.Response(401, json={"message": "Unauthorized"})
        return httpx.Response(200, json={"id": 7, "deleted": False})


@pytest.mark.parametrize(
    "answer, fault",
    [
        (httpx.Response(401, json={"message": "Unauthorized"}), BadCredentials),
        (httpx.Response(400, json={"code": 901}), BadCredentials),
        (httpx.Response(400, json={"code": 900, "message": "Connection Error"}), Unavailable),
        (httpx.Response(500), Unavailable),
        (httpx.Response(200, json={}), Unavailable),
        (httpx.Response(200, text="<html>"), Unavailable),
        (httpx.Response(200, json={"token": 5}), Unavailable),
        (httpx.Response(302), Halt),
        (httpx.Response(404, text="<html>"), Halt),
    ],
)
def test_a_refused_sign_in(answer: httpx.Response, fault: type[SyncError]) -> None:
    with pytest.raises(fault) as met:
        Bench(answer=Vendor(answer)).system().read(USER, ["7"])
    assert type(met.value) is fault and "demo-private" not in str(met.value)


@pytest.mark.parametrize("missing", ["public_key", "private_key"])
def test_without_keys_nobody_is_called(missing: str) -> None:
    vendor = Vendor()
    bench = Bench(answer=vendor, secret={"public_key": "p", "private_key": "q", missing: ""})
    with pytest.raises(BadCredentials, match="tieout connect"):
        bench.system().read(USER, ["7"])
    assert vendor.signed_in == 0


def test_one_session_key_serves_all_workers_for_55_minutes() -> None:
    vendor = Vendor()
    bench = Bench(answer=vendor)
    for worker in "abc":
        bench.system(worker).read(USER, ["7"])
    assert vendor.signed_in == 1
    bench.clock.sleep(56 * 60)
    bench.system("d").read(USER, ["7"])
    assert vendor.signed_in == 2


def test_a_refused_key_is_replaced_once_and_a_refused_new_one_is_said() -> None:
    vendor = Vendor(refused=("key-1",))
    Bench(answer=vendor).system().read(USER, ["7"])
    assert vendor.signed_in == 2
    lost = Vendor(refused=tuple(f"key-{number}" for number in range(20)))
    with pytest.raises(BadCredentials, match="a key pair of its own"):
        Bench(answer=lost).system().read(USER, ["7"])
    assert lost.signed_in < 6
