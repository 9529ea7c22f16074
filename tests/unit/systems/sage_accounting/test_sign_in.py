"""One pair of tokens for many workers: which refresh token is used when, and what is stored before it is
used."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.errors import BadCredentials, OutcomeUnknown, Unavailable
from shared.ports import Token
from shared.stores.memory import MemoryWorld
from shared.systems._sign_in import NewToken, Spent
from shared.systems._tokens import SharedToken, TokenBinding
from shared.systems.sage_accounting.oauth import Grant
from shared.systems.sage_accounting.sign_in import new_pair, pair_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


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
class Host:
    """Sage as far as a refresh sees it: `good` is the refresh token that works, `answers` what happens
    instead."""

    good: str = "r1"
    answers: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    count: int = 1

    def refresh(self, refresh_token: str) -> Grant:
        self.asked.append(refresh_token)
        if self.answers:
            raise self.answers.pop(0)
        if refresh_token != self.good:
            raise Spent("Sage no longer takes the stored sign-in")
        self.count += 1
        self.good = f"r{self.count}"
        return Grant(f"a{self.count}", self.good, 300, 2_678_400)


class Desk:
    def __init__(self, first: str = "") -> None:
        self.world, self.clock, self.host, self.first = MemoryWorld(), Clock(), Host(), first
        self.store: Any = self.world.stores("acme").tokens

    def tokens(self, owner: str = "worker", client: str = "app") -> "Held":
        binding = TokenBinding("sage", owner, self.clock, self.store)
        secret = {"client_id": client, "refresh_token": self.first}
        return Held(pair_of(binding, lambda: self.host, "https://api.example", {}, secret))  # type: ignore[arg-type, return-value]

    def put(self, access: str, refresh: str, *, ends: datetime = NOW) -> None:
        """Another worker of the same connection stores this pair."""
        new = NewToken(
            {"access_token": access, "refresh_token": refresh}, ends - self.clock.at, timedelta(days=31)
        )
        stored = self.store.load("sage")
        other = MemoryWorld().stores("acme").tokens
        if stored:
            other.save("sage", stored, 0)
        binding = TokenBinding("sage", "other", self.clock, other)
        secret = {"client_id": "app"}
        pair_of(binding, lambda: self.host, "https://api.example", {}, secret).keep(new)  # type: ignore[arg-type, return-value]
        token = other.load("sage")
        assert token and self.store.save("sage", token, stored.generation if stored else 0)

    def old_row(self, access: str, refresh: str, *, ends: datetime) -> None:
        """As earlier versions stored it: without an identity."""
        value = {
            "access_token": access,
            "refresh_token": refresh,
            "refreshed_at": NOW.isoformat(),
            "refresh_until": (NOW + timedelta(days=31)).isoformat(),
        }
        assert self.store.save("sage", Token(value, ends, 1), 0)


@dataclass
class Held:
    """The access token of a pair."""

    pair: SharedToken

    def current(self) -> str:
        return self.pair.current()["access_token"]

    def replace(self, refused: str) -> str:
        return self.pair.refused(refused)[0]["access_token"]


def test_a_live_token_is_shared_and_a_worker_that_comes_late_takes_the_new_one() -> None:
    desk = Desk()
    desk.put("a1", "r1", ends=NOW + timedelta(minutes=4))
    slow, quick = desk.tokens("slow"), desk.tokens("quick")
    assert slow.current() == quick.current() == "a1" and desk.host.asked == []
    assert quick.replace("a1") == "a2" and slow.replace("a1") == "a2" and desk.host.asked == ["r1"]
    stored = desk.store.load("sage")
    assert stored.value["refresh_token"] == "r2" and stored.generation == 2


def test_the_pair_is_stored_before_it_is_used_and_asked_for_once_more_while_the_store_is_down() -> None:
    desk, saves = Desk(first="r1"), list[int]()
    real = desk.store

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def save(self, system: str, token: Token, expected: int) -> bool:
            saves.append(expected)
            if len(saves) < 3:
                raise Unavailable("the table does not answer")
            return bool(real.save(system, token, expected))

    desk.store = Failing()
    assert desk.tokens().current() == "a2" and saves == [0, 0, 0] and desk.host.asked == ["r1"]


def test_the_first_token_is_used_when_nothing_is_stored_or_the_stored_one_is_dead() -> None:
    desk = Desk(first="r1")
    assert desk.tokens().current() == "a2" and desk.host.asked == ["r1"]
    desk.clock.at += timedelta(minutes=10)
    assert desk.tokens().current() == "a3" and desk.host.asked == ["r1", "r2"]
    desk.clock.at += timedelta(minutes=10)
    desk.host.good = "reconnected"
    with pytest.raises(BadCredentials):
        desk.tokens().current()
    assert desk.host.asked == ["r1", "r2", "r3", "r1"]
    desk.first = "reconnected"
    assert desk.tokens().current() == "a4"


def test_before_a_connection_is_called_dead_the_store_is_read_again() -> None:
    desk = Desk()
    desk.put("a1", "spent")
    desk.host.good = "never"

    class Overtaken(Host):
        def refresh(self, refresh_token: str) -> Grant:
            desk.put("theirs", "r9", ends=NOW + timedelta(minutes=5))
            return super().refresh(refresh_token)

    desk.host = Overtaken(good="never")
    assert desk.tokens().current() == "theirs" and desk.host.asked == ["spent"]


def test_a_lost_refresh_is_tried_twice_with_the_same_token() -> None:
    desk = Desk(first="r1")
    desk.host.answers = [OutcomeUnknown("lost")]
    assert desk.tokens().current() == "a2" and desk.host.asked == ["r1", "r1"]
    desk = Desk(first="r1")
    desk.host.answers = [OutcomeUnknown("lost"), Spent("used")]
    with pytest.raises(BadCredentials, match="lost on the way"):
        desk.tokens().current()
    desk = Desk(first="r1")
    desk.host.answers = [OutcomeUnknown("lost"), OutcomeUnknown("lost")]
    with pytest.raises(Unavailable):
        desk.tokens().current()
    assert desk.tokens().current() == "a2"


def test_a_worker_waits_for_the_one_that_refreshes_and_gives_up_in_time() -> None:
    desk = Desk(first="r1")
    desk.store.lock("sage", "another", NOW + timedelta(seconds=150), NOW)
    with pytest.raises(Unavailable, match="another function"):
        desk.tokens().current()
    desk.clock.on_sleep = lambda: (
        None
        if desk.store.load("sage")
        else desk.put("theirs", "r2", ends=desk.clock.at + timedelta(minutes=5))
    )
    assert desk.tokens().current() == "theirs" and desk.host.asked == []


def test_a_persons_new_sign_in_replaces_whatever_is_stored() -> None:
    desk = Desk()
    desk.put("old", "r1", ends=NOW + timedelta(minutes=5))
    desk.tokens("cli", client="another app").pair.keep(new_pair(Grant("new", "r2", 300, 100)))
    stored = desk.store.load("sage")
    assert stored.value["access_token"] == "new" and stored.generation == 2
    assert stored.value["refresh_until"] == (NOW + timedelta(seconds=100)).isoformat()
    assert desk.tokens(client="another app").current() == "new"


def test_a_pair_of_an_earlier_version_is_taken_over_by_renewing_it_once() -> None:
    """Its refresh token is the only one there is: the first one was used up long ago."""
    desk = Desk(first="r0")
    desk.old_row("a1", "r1", ends=NOW + timedelta(minutes=4))
    assert desk.tokens("one").current() == desk.tokens("two").current() == "a2"
    assert desk.host.asked == ["r1"]
    stored = desk.store.load("sage")
    assert stored.generation == 2 and stored.value["identity"] and "app" not in str(stored.value)


def test_a_pair_of_another_app_is_neither_used_nor_sent_and_stays_for_it() -> None:
    desk = Desk()
    desk.put("a1", "r1", ends=NOW + timedelta(minutes=4))
    for ask in (desk.tokens(client="new").current, desk.tokens(client="new").pair.renew):
        with pytest.raises(BadCredentials, match="a person must connect again"):
            ask()
    assert desk.host.asked == [] and desk.tokens().current() == "a1"


def test_a_check_renews_the_pair_and_a_first_token_that_is_spent_is_not_sent_twice() -> None:
    desk = Desk(first="r1")
    held = desk.tokens()
    assert held.current() == "a2"
    held.pair.renew()
    assert held.current() == "a3" and desk.host.asked == ["r1", "r2"]
    desk.host.good = "ended at Sage"
    with pytest.raises(BadCredentials):
        held.pair.renew()
    with pytest.raises(BadCredentials):
        held.pair.renew()
    assert desk.host.asked == ["r1", "r2", "r3", "r1", "r3"]


@pytest.mark.parametrize(
    "address, options",
    [
        ("https://other.example", {}),
        ("https://api.example", {"token_url": "https://other.example/token"}),
    ],
)
def test_a_pair_goes_to_no_other_host(address: str, options: dict[str, str]) -> None:
    desk = Desk()
    desk.put("a1", "r1", ends=NOW + timedelta(minutes=4))
    binding = TokenBinding("sage", "worker", desk.clock, desk.store)
    pair = pair_of(binding, lambda: desk.host, address, options, {"client_id": "app"})  # type: ignore[arg-type, return-value]
    with pytest.raises(BadCredentials, match="a person must connect again"):
        pair.current()
    assert desk.host.asked == [] and pair.stored() is None
