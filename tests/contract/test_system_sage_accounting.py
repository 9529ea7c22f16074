"""The Sage Accounting connector keeps the contract of `ports.System`, against the emulated service over real
HTTP."""

from collections.abc import Iterator

import pytest

from tests.contract.sage_accounting_system_bench import SageAccountingBench
from tests.contract.system_bench import SystemBench
from tests.contract.system_contract import SystemContract


@pytest.fixture(scope="module")
def office() -> Iterator[SageAccountingBench]:
    with SageAccountingBench() as bench:
        yield bench


class TestSageAccounting(SystemContract):
    @pytest.fixture
    def bench(self, office: SageAccountingBench) -> SageAccountingBench:
        return office.reset()

    @pytest.mark.xfail(strict=True, reason="a stored pair of tokens is taken for another client's")
    def test_new_credentials_are_proved(self, bench: SystemBench) -> None:
        super().test_new_credentials_are_proved(bench)

    @pytest.mark.xfail(strict=True, reason="a stored pair of tokens is taken for another client's")
    def test_what_is_kept_of_one_user_serves_no_other(self, bench: SystemBench) -> None:
        super().test_what_is_kept_of_one_user_serves_no_other(bench)

    @pytest.mark.xfail(strict=True, reason="a stored token is not bound to the address that it is for")
    def test_what_one_host_gave_goes_to_no_other(self, bench: SystemBench) -> None:
        super().test_what_one_host_gave_goes_to_no_other(bench)
