"""Every client that Tieout makes is of a service that the loader knows, and no other service is looked
through."""

from functools import cached_property

import pytest

from shared.stores._service_loader import SERVICES
from shared.stores.aws_clients import Clients

CLIENTS = [
    name
    for name, value in vars(Clients).items()
    if isinstance(value, cached_property) and not name.startswith("_")
]


@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_can_be_made(name: str) -> None:
    client = getattr(Clients(region="eu-west-1"), name)
    assert client.meta.service_model.service_name == name


def test_the_loader_knows_these_services_and_no_others() -> None:
    assert sorted(CLIENTS) == sorted(SERVICES)
