"""Signing in with the browser: Sage's side of `tieout connect sage_accounting`.

Promises that the answer belongs to this sign-in, and that the pair of tokens is stored before anything uses
it.
"""

from urllib.parse import urlsplit

from shared.systems._parts import ConnectorParts
from shared.systems.sage_accounting import oauth
from shared.systems.sage_accounting.pairs import install
from shared.systems.sage_accounting.token_host import TokenHost


class SageSignIn:
    """One `SignInAttempt`: its state and its verifier are good for this one only."""

    def __init__(self, parts: ConnectorParts) -> None:
        self._parts = parts
        self._state, self._verifier = oauth.verifier(), oauth.verifier()

    def page(self, redirect_uri: str, country: str) -> str:
        options = self._parts.options
        return oauth.authorize_url(
            options.get("authorize_url") or oauth.AUTHORIZE_URL,
            client_id=self._parts.secret["client_id"],
            redirect_uri=redirect_uri,
            state=self._state,
            code_verifier=self._verifier,
            country=country or options.get("country", ""),
        )

    def finish(self, query: str, redirect_uri: str) -> None:
        parts = self._parts
        grant = self._host().exchange(oauth.code_of(query, self._state), redirect_uri, self._verifier)
        install(parts.stores.tokens, parts.name, grant, parts.clock, parts.owner)

    def _host(self) -> TokenHost:
        address = self._parts.options.get("token_url") or oauth.TOKEN_URL
        origin = urlsplit(address)
        return TokenHost(self._parts.open(f"{origin.scheme}://{origin.netloc}"), address, self._parts.secret)
