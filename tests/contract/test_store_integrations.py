"""The promises of IntegrationStore, for both implementations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import RuleInvalid
from shared.settings import Connection, Integration, IntegrationState, WebhookToken
from tests.contract.stores_world import START, World


def integration(name: str = "acme") -> Integration:
    return Integration(
        name,
        "sugarcrm--sage_50",
        {
            "sugarcrm": Connection("sugarcrm", {"url": "https://crm.example.com"}),
            "sage_50": Connection("sage_50"),
        },
        {"flows/sugarcrm--sage_50.toml": "[sales_order]\ntax = 'T1'\n" * 500},
        {"sugarcrm": (WebhookToken("aa" * 32, START), WebhookToken("bb" * 32, START))},
    )


class TestIntegrationStore:
    """One suite, every implementation."""

    def test_there_are_none_at_first(self, world: World) -> None:
        assert world.integrations.names() == []

    @pytest.mark.parametrize("name", ["nobody", "", "a#b"])
    def test_an_unknown_one_is_named_in_a_sentence(self, world: World, name: str) -> None:
        with pytest.raises(KeyError, match=f"there is no integration named {name!r}"):
            world.integrations.load(name)
        with pytest.raises(KeyError, match=f"there is no integration named {name!r}"):
            world.integrations.load_with_state(name)

    def test_an_integration_comes_back_whole_and_is_replaced(self, world: World) -> None:
        world.integrations.save(integration())
        world.integrations.save(integration("beta"))
        assert world.integrations.load("acme") == integration()
        assert world.integrations.names() == ["acme", "beta"]
        world.integrations.save(Integration("acme", "other", {}))
        assert world.integrations.load("acme") == Integration("acme", "other", {})

    def test_the_state_is_kept_apart(self, world: World) -> None:
        assert world.integrations.state("acme") == IntegrationState()
        state = IntegrationState(live=True, recovering_since=START, rules_version="r1")
        world.integrations.change_state("acme", IntegrationState(), state)
        world.integrations.save(integration())
        assert world.integrations.state("acme") == state
        assert world.integrations.state("beta") == IntegrationState()
        assert world.integrations.names() == ["acme"]
        assert world.integrations.load("acme") == integration()

    def test_both_come_together(self, world: World) -> None:
        world.integrations.save(integration())
        assert world.integrations.load_with_state("acme") == (integration(), IntegrationState())
        state = IntegrationState(live=True, rules_version="r1")
        world.integrations.change_state("acme", IntegrationState(), state)
        world.integrations.change_state("beta", IntegrationState(), IntegrationState(rules_version="r2"))
        assert world.integrations.load_with_state("acme") == (integration(), state)

    @pytest.mark.parametrize("name", ["ac#me", "", "a/b", "#integrations"])
    def test_a_name_that_could_run_into_a_key_is_refused(self, world: World, name: str) -> None:
        with pytest.raises(RuleInvalid, match="cannot be used"):
            world.integrations.save(integration(name))
        assert world.integrations.names() == []


class TestTheClock:
    """A message of the clock is dropped only when another was taken up since it was sent."""

    def test_a_message_that_another_has_overtaken_is_dropped(self, world: World) -> None:
        first, later = START, START + timedelta(minutes=15)
        backlog = later + timedelta(minutes=40)
        assert world.integrations.take_tick("acme", "t1", first, backlog)
        assert not world.integrations.take_tick("acme", "t2", later, backlog + timedelta(seconds=9))
        fresh = backlog + timedelta(minutes=5)
        assert world.integrations.take_tick("acme", "t3", fresh, fresh)
        assert world.integrations.take_tick("beta", "t2", later, fresh), "each integration for itself"

    def test_the_one_whose_work_was_cut_off_goes_on(self, world: World) -> None:
        assert world.integrations.take_tick("acme", "t1", START, START + timedelta(seconds=1))
        assert world.integrations.take_tick("acme", "t1", START, START + timedelta(minutes=30))

    def test_a_clock_that_was_ahead_stops_nothing(self, world: World) -> None:
        ahead = START + timedelta(hours=1)
        assert world.integrations.take_tick("acme", "t1", ahead, ahead)
        right, later = START + timedelta(minutes=15), START + timedelta(minutes=30)
        assert world.integrations.take_tick("acme", "t2", right, right + timedelta(seconds=1)) == "ahead"
        assert world.integrations.take_tick("acme", "t3", later, later) == "taken"

    def test_the_state_is_left_alone(self, world: World) -> None:
        before = world.integrations.state("acme")
        world.integrations.take_tick("acme", "t1", START, START)
        assert world.integrations.state("acme") == before
        assert world.integrations.change_state("acme", before, replace(before, live=True))
