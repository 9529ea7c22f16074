"""The promises about an integration's state: several functions and people change it, and nobody writes back
what another has changed meanwhile. One suite, both implementations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.settings import IntegrationState
from shared.stores.aws_integrations import AwsIntegrationStore
from shared.stores.body import shrink
from shared.stores.forms import kept_state
from tests.contract.stores_world import START, OnMoto, World

EMPTY = IntegrationState()
FULL = IntegrationState(
    live=True,
    live_since=START,
    recovering_since=START + timedelta(microseconds=1),
    rules_version="r1",
    braked={"account.vtiger": "60 of 100 – ask", "sales_order.sage_50": "more"},
    released=("account.vtiger", "contact.vtiger"),
)


def put(world: World, state: IntegrationState, name: str = "acme") -> IntegrationState:
    assert world.integrations.change_state(name, world.integrations.state(name), state)
    return state


class TestState:
    def test_every_field_comes_back_and_can_be_taken_back(self, world: World) -> None:
        put(world, FULL)
        assert world.integrations.state("acme") == FULL
        assert world.integrations.state("beta") == EMPTY
        put(world, EMPTY)
        assert world.integrations.state("acme") == EMPTY

    @pytest.mark.parametrize(
        "mine",
        [
            {"rules_version": "r2"},
            {"braked": {}},
            {"braked": {**FULL.braked, "product.vtiger": "many"}},
            {"released": ()},
            {"recovering_since": None},
            {"live_since": START + timedelta(days=1)},
        ],
    )
    def test_f8_previews_only_is_not_undone_by_whoever_read_before(
        self, world: World, mine: dict[str, object]
    ) -> None:
        read = put(world, FULL)
        world.integrations.previews_only("acme")
        assert world.integrations.change_state("acme", read, replace(read, **mine))  # type: ignore[arg-type]
        assert world.integrations.state("acme") == replace(FULL, live=False, held_back=True, **mine)  # type: ignore[arg-type]

    def test_going_live_is_refused_when_somebody_said_previews_only_since(self, world: World) -> None:
        for read in (put(world, FULL), put(world, EMPTY)):
            world.integrations.previews_only("acme")
            world.integrations.change_state("acme", read, replace(read, live=not read.live))
            assert not world.integrations.change_state("acme", read, replace(read, live=True)) or read.live
            assert (world.integrations.state("acme").live, world.integrations.state("acme").held_back) == (
                False,
                True,
            )
            now = world.integrations.state("acme")
            put(world, replace(now, live=True, held_back=False))
            assert world.integrations.state("acme").live

    def test_stopping_needs_no_condition(self, world: World) -> None:
        put(world, replace(FULL, held_back=True))
        assert world.integrations.change_state("acme", EMPTY, replace(EMPTY, rules_version="r1")) is False
        assert world.integrations.change_state("acme", FULL, replace(FULL, live=False))
        assert not world.integrations.state("acme").live

    def test_of_two_who_read_the_same_the_second_does_not_overwrite_the_first(self, world: World) -> None:
        read = put(world, FULL)
        assert world.integrations.change_state("acme", read, replace(read, recovering_since=None))
        later = replace(read, recovering_since=START + timedelta(hours=1), rules_version="r2")
        assert not world.integrations.change_state("acme", read, later)
        stored = world.integrations.state("acme")
        assert stored.recovering_since is None and stored.rules_version == "r2", "the other field is written"

    def test_lists_are_stopped_and_released_one_by_one(self, world: World) -> None:
        read = put(world, FULL)
        one = replace(read, braked={**read.braked, "contact.vtiger": "first"}, released=("account.vtiger",))
        assert world.integrations.change_state("acme", read, one)
        other = replace(read, braked={"account.vtiger": read.braked["account.vtiger"]})
        assert world.integrations.change_state("acme", read, other)
        third = replace(read, released=(*read.released, "product.vtiger"))
        assert world.integrations.change_state("acme", read, third)
        stored = world.integrations.state("acme")
        assert stored.braked == {"account.vtiger": "60 of 100 – ask", "contact.vtiger": "first"}
        assert stored.released == ("account.vtiger", "product.vtiger")

    def test_a_newer_question_is_neither_replaced_nor_withdrawn_by_an_older_run(self, world: World) -> None:
        read = put(world, FULL)
        put(world, replace(read, braked={**read.braked, "account.vtiger": "70 of 100"}))
        for mine in ({}, {**read.braked, "account.vtiger": "65 of 100"}):
            assert not world.integrations.change_state("acme", read, replace(read, braked=mine))
        assert world.integrations.state("acme").braked["account.vtiger"] == "70 of 100"

    def test_missing_lists_are_left_alone(self, world: World) -> None:
        read = put(world, FULL)
        world.stores("acme").missing.flag("vtiger", "product")
        assert world.integrations.change_state("acme", read, replace(EMPTY, missing=()))
        world.integrations.previews_only("acme")
        assert world.integrations.state("acme") == replace(EMPTY, held_back=True, missing=("product.vtiger",))

    def test_previews_only_holds_where_nothing_was_stored(self, world: World) -> None:
        world.integrations.previews_only("acme")
        assert world.integrations.state("acme") == IntegrationState(held_back=True)


def older(moto: OnMoto, state: IntegrationState) -> AwsIntegrationStore:
    """A row as 0.1.0 wrote it."""
    store = moto.integrations
    assert isinstance(store, AwsIntegrationStore)
    data = {name: value for name, value in kept_state(state).items() if name != "held_back"}
    store._table.put({"pk": "acme#S", "sk": "state", "data": shrink(data), "missing": {"product.vtiger"}})
    return store


class TestOlderRows:
    """The state used to be one attribute."""

    def test_it_is_read_and_rewritten_with_the_first_change(self, moto: OnMoto) -> None:
        store = older(moto, FULL)
        read = store.state("acme")
        assert read == replace(FULL, missing=("product.vtiger",))
        assert store.change_state("acme", read, replace(read, rules_version="r2"))
        assert store.state("acme") == replace(FULL, missing=("product.vtiger",), rules_version="r2")
        assert "data" not in (store._table.get("acme#S", "state") or {})

    def test_previews_only_holds_there_too(self, moto: OnMoto) -> None:
        store = older(moto, FULL)
        store.previews_only("acme")
        assert store.state("acme") == replace(FULL, live=False, held_back=True, missing=("product.vtiger",))

    def test_one_that_was_live_once_and_is_not_now_was_stopped_by_a_person(self, moto: OnMoto) -> None:
        assert older(moto, replace(FULL, live=False)).state("acme").held_back
        assert not older(moto, EMPTY).state("acme").held_back

    def test_a_change_is_one_request(self, moto: OnMoto) -> None:
        with moto.counted() as operations:
            moto.integrations.change_state("acme", EMPTY, FULL)
            moto.integrations.change_state("acme", FULL, FULL)
            moto.integrations.previews_only("acme")
        assert operations == ["UpdateItem"] * 2
