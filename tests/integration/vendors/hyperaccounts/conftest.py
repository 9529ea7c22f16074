"""The emulated service over real HTTP, as it is after its start."""

from collections.abc import Iterator

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app
from local.vendors.hyperaccounts.options import HyperOptions


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve(build_app(HyperOptions())) as served:
        yield served.url


@pytest.fixture
def http(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, headers={"AuthToken": "demo-token"}, trust_env=False) as client:
        client.post("/_admin/reset")
        client.post(
            "/_admin/options",
            json={
                "strict_keys": False,
                "exclusive": False,
                "delay_seconds": 0.0,
                "overlap": True,
                "reject_on_hold": False,
                "reject_inactive_product": False,
                "release": 28,
                "keeps_contact_type": False,
                "address_key": "addresNumber",
            },
        )
        client.post("/_admin/clock", json={"freeze": None})
        client.post(
            "/_admin/customers",
            json=[
                {"accountRef": "EXA001", "name": "Example", "address1": "1 High St"},
                {"accountRef": "EUR001", "name": "Beispiel", "currency": 2},
            ],
        )
        yield client
