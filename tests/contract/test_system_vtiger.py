"""The Vtiger connector keeps the contract of `ports.System` by both doors: the webservice of two versions,
and the cloud."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.contract.system_contract import SystemContract
from tests.contract.vtiger_bench import DOORS
from tests.contract.vtiger_system_bench import VtigerBench


@pytest.fixture(scope="module")
def benches() -> Iterator[dict[str, VtigerBench]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(VtigerBench(*door)) for name, door in DOORS.items()}


class TestVtiger(SystemContract):
    @pytest.fixture(params=sorted(DOORS))
    def bench(self, request: pytest.FixtureRequest, benches: dict[str, VtigerBench]) -> VtigerBench:
        return benches[request.param].reset()
