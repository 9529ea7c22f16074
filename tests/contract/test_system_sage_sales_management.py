"""The Sage Sales Management connector keeps the contract of `ports.System` by the harder reading of whatever
the vendor does not document, and by the easier one."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.contract.sage_sales_management_system_bench import SalesBench
from tests.contract.system_contract import SystemContract

READINGS: dict[str, dict[str, Any]] = {
    "harder": {},
    "easier": {
        "largest_page": 300,
        "page_header": "X-FM-Entity-Count",
        "operators": "all",
        "doubled_quotes": True,
        "capitals_count": False,
        "read_only": "app",
        "bulk_refusal": "item",
        "deleted_readable": True,
        "one_session": False,
        "error_body": "Message",
    },
}


@pytest.fixture(scope="module")
def benches() -> Iterator[dict[str, SalesBench]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(SalesBench(**switches)) for name, switches in READINGS.items()}


class TestSageSalesManagement(SystemContract):
    @pytest.fixture(params=sorted(READINGS))
    def bench(self, request: pytest.FixtureRequest, benches: dict[str, SalesBench]) -> SalesBench:
        return benches[request.param].reset()
