"""Emulated tenants of Sage Sales Management, started once, emptied for each test."""

from collections.abc import Iterator

import pytest

from tests.contract.sage_sales_management.tenant import Tenant


@pytest.fixture(scope="module")
def started() -> Iterator[Tenant]:
    with Tenant() as tenant:
        yield tenant


@pytest.fixture
def tenant(started: Tenant) -> Tenant:
    """By the harder reading of whatever is not documented."""
    started.reset()
    return started
