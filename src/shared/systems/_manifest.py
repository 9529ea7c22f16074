"""What a system says of itself: the record that `systems/NAME/manifest.py` holds as `MANIFEST`.

A manifest is loaded for a title or a webhook alone, so it must be cheap: its functions import the connector
when they are called, and the module itself imports nothing but this one and `_options`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from shared.domain.record import record
from shared.systems._options import Option

if TYPE_CHECKING:
    from shared.ports import Clock, Finding, Stores, System, Webhook
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


class SignInAttempt(Protocol):
    """One person's way to the vendor's sign-in page and back."""

    def page(self, redirect_uri: str, country: str) -> str:
        """The address to send the browser to. `country` may be blank."""
        ...

    def finish(self, query: str, redirect_uri: str) -> None:
        """Stores what the vendor gives for `query`, with which the browser came back. Raises BadCredentials,
        Unavailable."""
        ...


@record
class BrowserSignIn:
    """For a vendor that lets nobody in before a person has signed in with the browser, and chosen what to
    work on."""

    vendor: str
    """Whose page it is, as sentences call it."""
    begin: Callable[[ConnectorParts], SignInAttempt]
    first_token: str
    """The secret that a settings file may bring instead, where a person signed in elsewhere."""
    choice: str
    """The option that is chosen afterwards."""
    choices: Callable[["System"], Sequence[Mapping[str, Any]]]
    """What there is to choose from: id, name, active."""


@record
class Manifest:
    """One system. Only `title` and `make` must be there."""

    title: str
    """What people call it."""
    make: Callable[[ConnectorParts], "System"]
    options: tuple[Option, ...] = ()
    """Those of its own, beside the common ones."""
    webhook: Callable[[], "Webhook"] | None = None
    """Makes what reads its webhooks."""
    hooks: Callable[["System", Callable[[str, str], str], Sequence[str], str], list["Finding"]] | None = None
    """Registers webhooks at the vendor: (system, address for an object and an event, objects, prefix of their
    names). Without it a person enters them there."""
    sign_in: BrowserSignIn | None = None
    kept_alive: bool = False
    """Whether its connection ends when left idle, so that each tick of the clock looks after it."""
