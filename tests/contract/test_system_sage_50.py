"""The Sage 50 connector keeps the contract of `ports.System`, against the emulated service over real HTTP."""

from collections.abc import Iterator

import pytest

from tests.contract.sage_50_bench import Sage50Bench
from tests.contract.system_contract import SystemContract


@pytest.fixture(scope="module")
def office() -> Iterator[Sage50Bench]:
    with Sage50Bench() as bench:
        yield bench


class TestSage50(SystemContract):
    @pytest.fixture
    def bench(self, office: Sage50Bench) -> Sage50Bench:
        return office.reset()
