"""Both SugarCRM APIs keep the contract of `ports.System`, against the emulated server over real HTTP."""

from collections.abc import Iterator

import pytest

from tests.contract.contract_changes import ChangesContract
from tests.contract.sugarcrm_bench import SugarBench
from tests.contract.system_contract import SystemContract


@pytest.fixture(scope="module")
def v11() -> Iterator[SugarBench]:
    with SugarBench("v11") as bench:
        yield bench


@pytest.fixture(scope="module")
def by_offset() -> Iterator[SugarBench]:
    with SugarBench("v11", paging="offset") as bench:
        yield bench


@pytest.fixture(scope="module")
def v4_1() -> Iterator[SugarBench]:
    with SugarBench("v4_1") as bench:
        yield bench


class TestSugarV11(SystemContract):
    @pytest.fixture
    def bench(self, v11: SugarBench) -> SugarBench:
        return v11.reset()


class TestSugarV11ByOffset(ChangesContract):
    """Lists of a server that refuses to compare ids."""

    @pytest.fixture
    def bench(self, by_offset: SugarBench) -> SugarBench:
        return by_offset.reset()


class TestSugarV4(SystemContract):
    @pytest.fixture
    def bench(self, v4_1: SugarBench) -> SugarBench:
        return v4_1.reset()
