"""A Sage business for each test, checked against the published interface where that is at hand."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.spec import SpecCheck
from tests.contract.sage_accounting_bench import (
    SPECS,
    Bench,
)


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, Any]]:
    app = build_app(SageAccountingOptions(), check=SpecCheck(SPECS) if SPECS.is_dir() else None)
    with serve(app) as running:
        yield running.url, app


@pytest.fixture
def bench(office: tuple[str, Any]) -> Iterator[Bench]:
    found = Bench(*office)
    found.service.options.__dict__.update(SageAccountingOptions().__dict__)
    found.post("/reset", {})
    found.post("/clock", {"shift_seconds": 0, "freeze": None})
    found.admin.delete("/calls")
    yield found
    assert found.violations() == []
    found.admin.close()
