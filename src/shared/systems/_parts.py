"""What `bootstrap` gives a connector to work with."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shared.domain.record import record

if TYPE_CHECKING:
    from shared.ports import Clock, Stores
    from shared.systems._http import HttpClient
    from shared.systems._tokens import TokenBinding


@record
class ConnectorParts:
    """What a connector is built from."""

    name: str
    http: "HttpClient"
    options: Mapping[str, str]
    secret: Mapping[str, str]
    clock: "Clock"
    stores: "Stores"
    binding: "TokenBinding"
    """Where the connection's token is kept, for a system that signs in."""
    lanes: Callable[[str], None]
    open: Callable[[str], "HttpClient"]
    """A client for another host of the same vendor, such as the one that gives out tokens, under the same
    guard."""
