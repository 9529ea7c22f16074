"""Emulated Vtigers, started once, emptied for each test."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.contract.vtiger.records import emptied
from tests.contract.vtiger_bench import DOORS, Server


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server]]:
    """Started once: each test gets its own emptied."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(Server(*door)) for name, door in DOORS.items()}


@pytest.fixture(params=sorted(DOORS))
def server(request: pytest.FixtureRequest, servers: dict[str, Server]) -> Server:
    return emptied(servers[request.param])


@pytest.fixture
def old(servers: dict[str, Server]) -> Server:
    """8.1.0, which takes lines."""
    return emptied(servers["8.1.0"])


@pytest.fixture
def new(servers: dict[str, Server]) -> Server:
    """8.4.0, which does not."""
    return emptied(servers["8.4.0"])


@pytest.fixture
def cloud(servers: dict[str, Server]) -> Server:
    return emptied(servers["cloud"])
