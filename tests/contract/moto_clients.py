"""Clients for tests on moto. Making five of them takes longer than most tests, so a test process makes them
once; what `Clients` itself remembers is each test's own."""

from collections.abc import Callable
from functools import cache
from typing import Any

from moto.kms import models as kms
from moto.kms.utils import generate_private_key

from shared.stores.aws_clients import Clients

# Moto makes an RSA key for every key of KMS, for the symmetric ones too, and never looks at it.
vars(kms)["generate_private_key"] = cache(generate_private_key)


class PooledClients(Clients):
    """`pool` keeps those apart whose requests are counted from those whose are not."""

    def __init__(self, region: str, pool: str) -> None:
        super().__init__(region)
        self._made: Callable[[str], Any] = lambda service: _made(pool, region, service)

    def _client(self, service: str) -> Any:
        return self._made(service)


@cache
def _made(pool: str, region: str, service: str) -> Any:
    return getattr(_clients(pool, region), service)


@cache
def _clients(pool: str, region: str) -> Clients:
    """Opened within moto: it keeps the made-up credentials that it finds then."""
    return Clients(region)
