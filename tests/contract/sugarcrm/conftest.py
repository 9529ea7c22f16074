"""A SugarCRM for each test, once by either API."""

from collections.abc import Iterator

import pytest

from local.vendors._serve import serve
from local.vendors.sugarcrm.app import build_app
from local.vendors.sugarcrm.options import SugarOptions
from tests.contract.sugarcrm.world import Bench
from tests.unit.systems.sugarcrm.fakes import (
    Clock,
    Recorder,
    Tokens,
)


@pytest.fixture(params=["v11", "v4_1"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    app = build_app(SugarOptions(cron_seconds=0))
    with serve(app) as served:
        yield Bench(served.url, app, request.param, Recorder(), Clock(), Tokens())
