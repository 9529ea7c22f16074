"""One token for all workers of a connection: whose it is, who may replace it, and what is stored when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from shared.errors import BadCredentials, Unavailable
from shared.ports import Token, TokenStore
from shared.stores.memory import MemoryWorld
from shared.systems._identity import bears, mark
from shared.systems._sign_in import NewToken, SignIn, Spent
from shared.systems._tokens import SharedToken, TokenBinding

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
OURS = ("https://crm.example", "jo", "a password")
HOUR = timedelta(hours=1)


@dataclass
class Clock:
    at: datetime = NOW
    on_sleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.on_sleep()


@dataclass
class Vendor(SignIn):
    """Gives out t1, t2, …; `asked` tells what for. `before` slips something in between, or refuses."""

    title: ClassVar[str] = "the CRM"
    name: ClassVar[str] = "token"
    renewable: timedelta = timedelta(days=14)
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda call: None

    def sign_in(self) -> NewToken:
        return self._answer("sign-in")

    def refresh(self, value: Mapping[str, str]) -> NewToken:
        return self._answer(f"refresh {value['token']}")

    def _answer(self, call: str) -> NewToken:
        self.asked.append(call)
        self.before(call)
        return NewToken({"token": f"t{len(self.asked)}"}, HOUR, self.renewable)


class Rotating(Vendor):
    """A pair that a person got in a browser: there is nothing to sign in with."""

    rotating: ClassVar[bool] = True

    def sign_in(self) -> NewToken:
        self.asked.append("sign-in")
        raise Spent("a person must connect again")


class Bench:
    """Workers of one connection: they share a store, a clock and a vendor."""

    def __init__(self, vendor: Vendor | None = None) -> None:
        self.clock, self.vendor = Clock(), vendor or Vendor()
        self.store: TokenStore = MemoryWorld(self.clock.now).stores("acme").tokens

    def worker(self, owner: str = "a", identity: tuple[str, ...] = OURS) -> SharedToken:
        return SharedToken(TokenBinding("crm", owner, self.clock, self.store), self.vendor, identity)

    def row(self) -> Token:
        found = self.store.load("crm")
        assert found is not None
        return found

    def put(self, token: str, identity: tuple[str, ...] | None = OURS, lives: timedelta = HOUR) -> None:
        """Stored behind the workers' backs; `identity` None: as an earlier version stored it."""
        now = self.clock.now()
        value = {"token": token, "refresh_until": (now + timedelta(days=14)).isoformat()}
        value |= {"identity": mark(identity)} if identity else {}
        before = self.store.load("crm")
        generation = before.generation if before else 0
        assert self.store.save("crm", Token(value, now + lives, generation + 1), generation)


# ------------------------------------------------------------ whose it is


@pytest.mark.parametrize(
    "changed",
    [
        ("https://other.example", "jo", "a password"),
        ("https://crm.example", "sam", "a password"),
        ("https://crm.example", "jo", "another password"),
        ("https://crm.example", "jo", "a password", "client"),
        ("https://crm.example", "joa", " password"),
    ],
)
def test_a_changed_address_user_password_or_client_means_a_new_sign_in(changed: tuple[str, ...]) -> None:
    bench = Bench()
    assert bench.worker().current()["token"] == "t1"
    assert bench.worker("b", changed).current()["token"] == "t2"
    bench.clock.at += 2 * HOUR
    assert bench.worker("c").current()["token"] == "t3"
    assert bench.vendor.asked == ["sign-in"] * 3, "what was stored for another one was sent nowhere"
    assert bench.row().generation == 3


def test_a_refused_password_leaves_what_is_stored_to_those_it_belongs_to() -> None:
    bench = Bench()
    bench.worker().current()

    def refuse(call: str) -> None:
        raise BadCredentials("wrong password")

    bench.vendor.before = refuse
    wrong = bench.worker("b", (*OURS[:2], "wrong"))
    for ask in (wrong.current, wrong.renew, lambda: wrong.refused("t1")):
        with pytest.raises(BadCredentials, match="wrong password"):
            ask()
    assert bench.vendor.asked == ["sign-in"] * 4 and wrong.stored() is None
    assert bench.worker("c").current()["token"] == "t1"
    assert bench.store.lock("crm", "next", NOW + HOUR, NOW), "the lock was let go"


def test_nothing_of_the_credentials_can_be_read_from_the_row() -> None:
    bench, other = Bench(), Bench()
    bench.worker().current()
    other.worker().current()
    text = str(dict(bench.row().value))
    assert not [part for part in OURS if part in text]
    assert bench.row().value["identity"] != other.row().value["identity"], "each row has a salt of its own"
    bench.worker().renew()
    assert bears(bench.row().value["identity"], OURS) and not bears("", OURS) and not bears("x", OURS)


def test_a_row_of_an_earlier_version_is_not_used_and_signed_in_over() -> None:
    bench = Bench()
    bench.put("old", identity=None)
    held = bench.worker()
    assert held.stored() is None
    assert held.current()["token"] == bench.worker("b").current()["token"] == "t1"
    assert bench.vendor.asked == ["sign-in"] and bench.row().generation == 2


def test_a_rotating_row_of_an_earlier_version_is_renewed_once_and_marked() -> None:
    bench = Bench(Rotating())
    bench.put("old", identity=None)
    assert bench.worker().current()["token"] == bench.worker("b").current()["token"] == "t1"
    assert bench.vendor.asked == ["refresh old"] and bears(bench.row().value["identity"], OURS)


def test_a_rotating_row_that_another_app_got_is_not_taken_over() -> None:
    bench = Bench(Rotating())
    bench.put("theirs", identity=("another app",))
    with pytest.raises(BadCredentials, match="a person must connect again"):
        bench.worker().current()
    assert bench.vendor.asked == ["sign-in"] and bench.row().value["token"] == "theirs"


# ------------------------------------------------------------ proved and renewed


def test_to_prove_a_password_is_to_sign_in_with_it_whatever_is_stored() -> None:
    bench = Bench()
    held = bench.worker()
    held.current()
    held.renew()
    assert bench.vendor.asked == ["sign-in", "sign-in"]
    assert held.current()["token"] == bench.worker("b").current()["token"] == "t2"


def test_to_prove_a_pair_is_to_renew_it() -> None:
    bench = Bench(Rotating())
    bench.put("t0")
    bench.worker().renew()
    assert bench.vendor.asked == ["refresh t0"] and bench.row().value["token"] == "t1"


def test_a_refused_token_is_renewed_once_for_two_workers() -> None:
    bench = Bench()
    one, two = bench.worker("a"), bench.worker("b")
    assert one.current() == two.current()
    assert one.refused("t1")[1] is True, "fresh from the vendor"
    value, fresh = two.refused("t1")
    assert (value["token"], fresh) == ("t2", False), "the other one's"
    assert bench.vendor.asked == ["sign-in", "refresh t1"]


def test_an_expired_token_is_renewed_and_one_that_cannot_be_is_signed_in_for() -> None:
    bench = Bench()
    bench.worker().current()
    bench.clock.at += timedelta(days=1)
    bench.worker().current()
    bench.clock.at += timedelta(days=15)
    bench.worker().current()
    assert bench.vendor.asked == ["sign-in", "refresh t1", "sign-in"]


def test_a_session_that_cannot_be_renewed_is_begun_again() -> None:
    bench = Bench(Vendor(renewable=timedelta()))
    held = bench.worker()
    held.refused(held.current()["token"])
    assert bench.vendor.asked == ["sign-in", "sign-in"]


def test_a_spent_refresh_is_looked_up_before_the_connection_is_called_dead() -> None:
    bench = Bench(Rotating())
    bench.put("spent", lives=-HOUR)

    def another_was_faster(call: str) -> None:
        bench.put("theirs")
        raise Spent("invalid_grant")

    bench.vendor.before = another_was_faster
    assert bench.worker().current()["token"] == "theirs" and bench.vendor.asked == ["refresh spent"]


def test_a_newer_pair_that_ran_out_meanwhile_is_renewed_too_and_the_first_reason_is_told() -> None:
    bench = Bench(Rotating())
    bench.put("first", lives=-HOUR)

    def refuse(call: str) -> None:
        if call == "refresh first":
            bench.put("second", lives=-HOUR)
        raise Spent(f"no {call}")

    bench.vendor.before = refuse
    with pytest.raises(Spent, match="no refresh first"):
        bench.worker().current()
    assert bench.vendor.asked == ["refresh first", "refresh second", "sign-in"]


# ------------------------------------------------------------ the lock and the generation


def test_who_comes_second_waits_and_takes_what_the_first_one_stored() -> None:
    bench = Bench()
    assert bench.store.lock("crm", "another", NOW + HOUR, NOW)
    with pytest.raises(Unavailable, match="another function is signing in to the CRM"):
        bench.worker().current()
    with pytest.raises(Unavailable, match="another function is signing in"):
        bench.worker().renew()
    bench.clock.on_sleep = lambda: None if bench.store.load("crm") else bench.put("theirs")
    assert bench.worker().current()["token"] == "theirs" and bench.vendor.asked == []


def test_of_two_that_store_at_once_the_first_ones_token_counts() -> None:
    bench = Bench()
    bench.vendor.before = lambda call: bench.put("theirs")
    assert bench.worker().current()["token"] == "theirs"
    assert (bench.row().generation, bench.row().value["token"]) == (1, "theirs")


def test_what_another_connection_stored_at_once_is_not_taken() -> None:
    bench = Bench()
    bench.vendor.before = lambda call: bench.put("theirs", identity=("another",))
    with pytest.raises(Unavailable, match="at the same moment"):
        bench.worker().current()


class Failing:
    """A store that does not answer its first saves; the last of them was stored all the same."""

    def __init__(self, store: Any, times: int) -> None:
        self._store, self.left = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def save(self, system: str, token: Token, expected: int) -> bool:
        self.left -= 1
        if self.left > 0:
            raise Unavailable("the table does not answer")
        saved = bool(self._store.save(system, token, expected))
        if self.left == 0:
            raise Unavailable("the table's answer was lost")
        return saved


def test_a_token_is_used_only_when_it_is_stored_and_a_store_that_fails_is_asked_again() -> None:
    bench = Bench()
    bench.store = Failing(bench.store, 3)
    assert bench.worker().current()["token"] == "t1" and bench.row().value["token"] == "t1"
    bench = Bench()
    bench.store = Failing(bench.store, 9)
    with pytest.raises(Unavailable, match="does not answer"):
        bench.worker().current()
    assert bench.store.load("crm") is None


def test_what_a_person_got_takes_the_place_of_whatever_is_stored() -> None:
    bench = Bench(Rotating())
    bench.put("old", identity=("another app",))
    bench.worker("cli").keep(NewToken({"token": "new"}, HOUR, 2 * HOUR))
    assert bench.worker().current()["token"] == "new" and bench.row().generation == 2
    assert bench.vendor.asked == []
