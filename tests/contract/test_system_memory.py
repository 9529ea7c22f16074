"""The memory system keeps the contract that every connector keeps, as each kind of vendor that it can be."""

from dataclasses import replace

import pytest

from shared.ports import Capabilities
from tests.contract.memory_bench import FACTS, MemoryBench
from tests.contract.system_bench import SystemBench
from tests.contract.system_contract import SystemContract

KINDS = {
    "as it is": None,
    "one record for one key": Capabilities(
        conditional_write=True, idempotent_create=True, idempotent_seconds=60, batch_update=50
    ),
    "traces": Capabilities(conditional_write=True, traces=True),
    "tells of deletions": Capabilities(conditional_write=True, key_search=True, deletes=True),
}


class TestMemory(SystemContract):
    @pytest.fixture(params=sorted(KINDS))
    def bench(self, request: pytest.FixtureRequest) -> SystemBench:
        able = KINDS[request.param]
        tells = able is not None and able.deletes
        return MemoryBench(capabilities=able, facts=replace(FACTS, deletions_after=0.0 if tells else None))
