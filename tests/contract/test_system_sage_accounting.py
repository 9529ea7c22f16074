"""The Sage Accounting connector keeps the contract of `ports.System`, against the emulated service over real
HTTP."""

from collections.abc import Iterator

import pytest

from tests.contract.sage_accounting_system_bench import SageAccountingBench
from tests.contract.system_contract import SystemContract


@pytest.fixture(scope="module")
def office() -> Iterator[SageAccountingBench]:
    with SageAccountingBench() as bench:
        yield bench


class TestSageAccounting(SystemContract):
    @pytest.fixture
    def bench(self, office: SageAccountingBench) -> SageAccountingBench:
        return office.reset()
