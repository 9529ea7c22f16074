"""The promises of settings with their versions, for both implementations."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import RuleInvalid
from shared.ports import IntegrationStore
from shared.ports.versions import KEPT, Version
from shared.settings import Integration, WebhookToken
from tests.contract.stores_world import START, InMemory, World
from tests.contract.test_store_integrations import integration


def version(number: int = 0, text: str = "flow = 'a'\n") -> Version:
    return Version(START + timedelta(minutes=number), "Ann <ann@example.com>", f"{number:08x}", text, "why")


def test_a_change_is_kept_with_its_version(world: World) -> None:
    first, second = version(1), version(2)
    assert world.integrations.change(None, integration(), [first])
    after = replace(integration(), brake={"records": 3})
    assert world.integrations.change(integration(), after, [second])
    assert world.integrations.load("acme") == after
    assert world.integrations.versions("acme") == [second, first]
    assert [one.id for one in world.integrations.versions("acme")] == [second.id, first.id]


def test_the_second_of_two_editors_changes_nothing(world: World) -> None:
    """Neither what the settings say, nor what a webhook's token says beside them."""
    world.integrations.save(integration())
    mine = replace(integration(), brake={"records": 3})
    theirs = replace(integration(), webhook_tokens={"sugarcrm": (WebhookToken("cc" * 32, START),)})
    assert world.integrations.change(integration(), theirs, [version(1)])
    assert not world.integrations.change(integration(), mine, [version(2)])
    assert not world.integrations.change(None, mine, [version(2)])
    assert world.integrations.load("acme") == theirs
    assert world.integrations.versions("acme") == [version(1)]


def test_nothing_is_changed_of_one_that_is_not_there(world: World) -> None:
    assert not world.integrations.change(integration(), integration(), [version()])
    assert world.integrations.names() == [] and world.integrations.versions("acme") == []


def test_each_integration_has_its_own(world: World) -> None:
    world.integrations.change(None, integration("acme"), [version(1)])
    world.integrations.change(None, integration("acme.uk"), [version(2)])
    assert world.integrations.versions("acme") == [version(1)]
    assert world.integrations.versions("acme.uk") == [version(2)]
    assert world.integrations.names() == ["acme", "acme.uk"]


def test_the_newest_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("shared.stores._versions.KEPT", "shared.stores.memory.services.KEPT"):
        assert KEPT == 50
        monkeypatch.setattr(module, 4)
    before: Integration | None = None
    for number in range(7):
        after = replace(integration(), brake={"records": number + 1})
        assert world.integrations.change(before, after, [version(number)])
        before = after
    kept = world.integrations.versions("acme")
    assert [one.digest for one in kept] == [f"{one:08x}" for one in range(6, 2, -1)]


def test_what_is_too_large_for_a_row_is_refused_in_a_sentence(world: World) -> None:
    noise = random.Random(1).randbytes(300_000).hex()
    with pytest.raises(ValueError, match=r"too large to be kept: \d+,\d+ bytes packed, and 350,000 fit"):
        world.integrations.change(None, integration(), [version(1, noise * 2)])
    assert world.integrations.names() == []


class Unseeing:
    """A broken store: it writes over whatever is there."""

    def __init__(self, real: IntegrationStore) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def change(self, before: Integration | None, after: Integration, versions: Sequence[Version]) -> bool:
        there = self._real.load(after.name) if after.name in self._real.names() else None
        return self._real.change(there, after, versions)


class Hoarding(Unseeing):
    """A broken store: it stores settings and forgets their version."""

    def change(self, before: Integration | None, after: Integration, versions: Sequence[Version]) -> bool:
        return self._real.change(before, after, [])


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (Unseeing, test_the_second_of_two_editors_changes_nothing),
        (Unseeing, test_nothing_is_changed_of_one_that_is_not_there),
        (Hoarding, test_a_change_is_kept_with_its_version),
    ],
)
def test_a_broken_store_is_noticed(broken: type[Unseeing], told: Callable[[World], None]) -> None:
    world = InMemory()
    world.integrations = broken(world.integrations)
    with pytest.raises(AssertionError):
        told(world)


@pytest.mark.parametrize("name", ["ac#me", "", "a/b"])
def test_a_name_that_could_run_into_a_key_is_refused(world: World, name: str) -> None:
    with pytest.raises(RuleInvalid, match="cannot be used"):
        world.integrations.change(None, integration(name), [version()])
    with pytest.raises(RuleInvalid, match="cannot be used"):
        world.integrations.versions(name)
