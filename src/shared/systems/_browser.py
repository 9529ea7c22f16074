"""Signing in with the browser: what a connector says and does of it. The command line, or the console, does
the rest."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from shared.domain.record import record

if TYPE_CHECKING:
    from shared.ports import System
    from shared.systems._parts import ConnectorParts


class SignInAttempt(Protocol):
    """One person's way to the vendor's sign-in page and back."""

    def page(self, redirect_uri: str, country: str) -> str:
        """The address to send the browser to. `country` may be blank."""
        ...

    def finish(self, query: str, redirect_uri: str) -> None:
        """Stores what the vendor gives for `query`, with which the browser came back. Raises BadCredentials,
        Unavailable."""
        ...

    def take_over(self) -> None:
        """Renews the first token that a settings file brought, in place of whatever is stored: this proves
        it. Raises as `finish` does."""
        ...

    def exchange(self, code: str, redirect_uri: str, code_verifier: str) -> None:
        """Stores what the vendor gives for a code that another worker's browser brought back. Raises as
        `finish` does."""
        ...

    def signed_in(self) -> bool:
        """Whether a sign-in of this client at these addresses is stored."""
        ...

    def end(self) -> None:
        """Has the vendor end the stored sign-in, where there is one. Raises BadCredentials, Unavailable."""
        ...


@record
class Way:
    """What a vendor's sign-in page is asked with. `challenge`: S256 of PKCE (RFC 7636)."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str
    country: str = ""


@record
class BrowserSignIn:
    """For a vendor that lets nobody in before a person has signed in with the browser, and chosen what to
    work on."""

    vendor: str
    """Whose page it is, as sentences call it."""
    begin: Callable[["ConnectorParts"], SignInAttempt]
    first_token: str
    """The secret that a settings file may bring instead, where a person signed in elsewhere."""
    choice: str
    """The option that is chosen afterwards."""
    choices: Callable[["System"], Sequence[Mapping[str, Any]]]
    """What there is to choose from: id, name, active."""
    page: Callable[[Mapping[str, str], Way], str]
    """The address to send a browser to, from the connection's options; needs no secret."""
    client: str = "client_id"
    """The secret that is none: it stands in the address of the vendor's page."""
    countries: tuple[tuple[str, str], ...] = ()
    """Code and name of those that the vendor's page can be told."""
