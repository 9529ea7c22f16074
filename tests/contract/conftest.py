"""Fixtures of the contract suites for storage."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.ports import Stores
from tests.contract.stores_world import WORLDS, OnMoto, World, moto_world


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An empty account, once in memory and once on moto."""
    with WORLDS[request.param]() as made:
        yield made


@pytest.fixture
def stores(world: World) -> Stores:
    return world.stores("acme")


@pytest.fixture
def others(world: World) -> Stores:
    """The stores of another integration in the same account."""
    return world.stores("acme-2")


@pytest.fixture
def moto() -> Iterator[OnMoto]:
    """An empty account on moto alone, for what only AWS has: request counts, encryption, object names."""
    with moto_world() as made:
        yield made
