"""What `bootstrap` gives a connector to work with."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shared.domain.record import record

if TYPE_CHECKING:
    from shared.ports import Clock, Stores
    from shared.systems._http import HttpClient


@record
class ConnectorParts:
    """What a connector is built from."""

    name: str
    http: "HttpClient"
    options: Mapping[str, str]
    secret: Mapping[str, str]
    clock: "Clock"
    stores: "Stores"
    owner: str
    lanes: Callable[[str], None]
    open: Callable[[str], "HttpClient"]
    """A http to another host of the same vendor, such as the one that gives out tokens, under the same guard.
    """
