"""The contract of `ports.System`: one class, inherited by the tests of every connector.

A subclass gives a `bench` (`tests.contract.system_bench`), which says how to reach the emulated vendor and
what the vendor can do; every test here then holds for it. What only one vendor has stands in files of its
own. That the contract catches what it should is tested in `test_system_contract_checks.py`.
"""

import pytest

from tests.contract.contract_changes import ChangesContract
from tests.contract.contract_faults import FaultContract
from tests.contract.contract_reads import ReadContract
from tests.contract.contract_sign_in import SignInContract
from tests.contract.contract_writes import WriteContract
from tests.contract.system_bench import SystemBench


class SystemContract(ReadContract, WriteContract, ChangesContract, FaultContract, SignInContract):
    """`bench` is empty: no records, no faults, nothing kept of a sign-in."""

    @pytest.fixture
    def bench(self) -> SystemBench:
        raise NotImplementedError("each vendor's tests bring their own")
