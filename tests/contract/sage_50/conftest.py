"""A Sage company with two customers and a product."""

from collections.abc import Iterator

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app
from local.vendors.hyperaccounts.options import HyperOptions
from tests.contract.sage_50.world import Bench


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, httpx.Client]]:
    """The running service and one client for its admin side."""
    with (
        serve(build_app(HyperOptions())) as running,
        httpx.Client(base_url=f"{running.url}/_admin", trust_env=False) as admin,
    ):
        yield running.url, admin


@pytest.fixture
def bench(office: tuple[str, httpx.Client]) -> Bench:
    found = Bench(*office)
    found.post("/reset", {})
    found.post(
        "/options",
        {
            "exclusive": False,
            "new_response": True,
            "old_customer_read": False,
            "sdo_ok": True,
            "company_name": "Example Trading Ltd",
            "release": 28,
            "reject_on_hold": False,
        },
    )
    found.post("/clock", {"shift_seconds": 0, "freeze": None})
    found.post(
        "/customers",
        [
            {
                "accountRef": "EXA001",
                "name": "Example Trading Ltd",
                "address1": "1 High St",
                "address3": "Leeds",
                "address5": "LS1 1AA",
                "telephone": "0113 000000",
                "defTaxCode": 1,
                "creditLimit": 1500.5,
            },
            {
                "accountRef": "EUR001",
                "name": "Beispiel GmbH",
                "currency": 2,
                "onHold": True,
                "inactiveAccount": True,
            },
        ],
    )
    found.post("/products", {"stockCode": "WIDGET/01", "description": "Widget", "salesPrice": 2.75})
    return found
