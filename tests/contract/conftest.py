"""Fixtures of the contract suites for storage; and what the suites for systems need to explain themselves."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.register_assert_rewrite(
    *(f"tests.contract.contract_{part}" for part in ("reads", "writes", "changes", "faults", "sign_in")),
    "tests.contract.system_bench",
)

from shared.ports import Stores  # noqa: E402 after what makes their assertions speak
from tests.contract.stores_world import WORLDS, OnMoto, World, moto_world  # noqa: E402


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
