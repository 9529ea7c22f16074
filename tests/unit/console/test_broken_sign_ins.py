"""Checks the checkers: each attack fails, and succeeds as soon as the one check that stands against it is
taken away. So no attack fails for another reason than it says."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.console import oidc_token, router, sessions, sign_in
from shared.ports.sessions import Started
from shared.stores.memory import MemoryWorld
from shared.stores.memory.console import MemorySignInStore
from tests.browser.console_world import Console
from tests.contract.stores_world import START
from tests.sign_in_provider import PROVIDER, FakeProvider
from tests.stories.orders import Orders
from tests.unit.console.test_sign_in import Browser

Attack = Callable[[Browser], bool]
Break = Callable[[pytest.MonkeyPatch], None]


def replays_a_nonce(victim: Browser) -> bool:
    victim.provider.changed = {"nonce": "of an older sign-in"}
    victim.sign_in()
    return victim.who() is not None


def brings_an_unsigned_token(victim: Browser) -> bool:
    victim.provider.header = {"alg": "none"}
    victim.sign_in()
    return victim.who() is not None


def brings_an_expired_token(victim: Browser) -> bool:
    at = int(START.timestamp()) - 7200
    victim.provider.changed = {"exp": at + 3600, "iat": at}
    victim.sign_in()
    return victim.who() is not None


def signs_the_victim_in_as_himself(victim: Browser) -> bool:
    thief = Browser(victim.console, victim.provider)
    victim.begin()
    victim.get("/-/signed-in", **thief.begin())
    return victim.who() is not None


def replays_a_state(victim: Browser) -> bool:
    brought = victim.begin()
    kept = dict(victim.cookies)
    victim.get("/-/signed-in", **brought)
    victim.provider.answer = (200, {"id_token": victim.provider.token_of(brought)})
    victim.cookies = kept
    return victim.get("/-/signed-in", **brought).status == 303


def leads_elsewhere(victim: Browser) -> bool:
    return victim.sign_in(back="//evil.example").location.startswith("//")


def finds_a_browser_left_open(victim: Browser) -> bool:
    victim.sign_in()
    victim.now += timedelta(hours=3)
    return victim.who() is not None


def sends_a_form_from_another_page(_: Browser) -> bool:
    return Console(Orders().rig).post("sync", token="guess").status == 303


def acts_as_a_viewer(_: Browser) -> bool:
    return Console(Orders().rig, None, "viewer").post("sync").status == 303


def begins_without_end(victim: Browser) -> bool:
    return all(victim.get("/-/sign-in").status == 303 for _ in range(200))


class ForgetsNoState(MemorySignInStore):
    def take(self, state: str) -> Started | None:
        found = super().take(state)
        if found is not None:
            self.begin(state, found)
        return found

    def attempt(self, *_: object) -> bool:
        return True


def without_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("shared.stores.memory.console.MemorySignInStore", ForgetsNoState)


ATTACKS: list[tuple[Attack, Break]] = [
    (replays_a_nonce, lambda patch: patch.setattr(oidc_token, "_equal", lambda *_: True)),
    (brings_an_unsigned_token, lambda patch: patch.setattr(oidc_token, "_SIGNED", ("none",))),
    (brings_an_expired_token, lambda patch: patch.setattr(oidc_token, "_timely", lambda *_: None)),
    (signs_the_victim_in_as_himself, lambda patch: patch.setattr(sessions, "equal", lambda *_: True)),
    (replays_a_state, without_end),
    (leads_elsewhere, lambda patch: patch.setattr(sign_in, "own_path", lambda back: back)),
    (finds_a_browser_left_open, lambda patch: patch.setattr(sessions, "over", lambda *_: False)),
    (sends_a_form_from_another_page, lambda patch: patch.setattr(router, "equal", lambda *_: True)),
    (acts_as_a_viewer, lambda patch: patch.setattr(sessions, "role", lambda *_: "admin")),
    (begins_without_end, without_end),
]
NAMES = [attack.__name__ for attack, _ in ATTACKS]


def victim() -> Browser:
    world = MemoryWorld(lambda: START)
    world.provider.provider = PROVIDER
    provider = FakeProvider()
    return Browser(SimpleNamespace(stores=world.console, web=provider, local=False), provider)


@pytest.mark.parametrize(("attack", "_break"), ATTACKS, ids=NAMES)
def test_the_attack_fails(attack: Attack, _break: Any) -> None:
    assert not attack(victim())


@pytest.mark.parametrize(("attack", "broken"), ATTACKS, ids=NAMES)
def test_it_is_that_check_which_stops_it(
    attack: Attack, broken: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    assert attack(victim())
