"""Signing in with the browser: Sage's side of `tieout connect sage_accounting`.

Promises that the answer belongs to this sign-in, and that the pair of tokens is stored before anything uses
it.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.systems._browser import Way
from shared.systems._parts import ConnectorParts
from shared.systems.sage_accounting import oauth
from shared.systems.sage_accounting.sign_in import SageSignIn, new_pair, pair_of, token_url
from shared.systems.sage_accounting.token_host import TokenHost


def page_of(options: Mapping[str, str], way: Way) -> str:
    """Sage's page, of the setting where one is tried out."""
    return oauth.authorize_url(
        options.get("authorize_url") or oauth.AUTHORIZE_URL,
        client_id=way.client_id,
        redirect_uri=way.redirect_uri,
        state=way.state,
        code_challenge=way.challenge,
        country=way.country or options.get("country", ""),
    )


class SageBrowser:
    """One `SignInAttempt`: its state and its verifier are good for this one only."""

    def __init__(self, parts: ConnectorParts) -> None:
        self._parts = parts
        self._state, self._verifier = oauth.verifier(), oauth.verifier()
        self._pair = pair_of(
            parts.binding, self._host, parts.options.get("url", ""), parts.options, parts.secret
        )

    def page(self, redirect_uri: str, country: str) -> str:
        client, challenge = self._parts.secret["client_id"], oauth.challenge(self._verifier)
        return page_of(self._parts.options, Way(client, redirect_uri, self._state, challenge, country))

    def finish(self, query: str, redirect_uri: str) -> None:
        self.exchange(oauth.code_of(query, self._state), redirect_uri, self._verifier)

    def exchange(self, code: str, redirect_uri: str, code_verifier: str) -> None:
        self._pair.keep(new_pair(self._host().exchange(code, redirect_uri, code_verifier)))

    def take_over(self) -> None:
        first = self._parts.secret.get("refresh_token", "")
        self._pair.keep(SageSignIn(self._host, first, self._parts.clock).sign_in())

    def signed_in(self) -> bool:
        return self._pair.stored() is not None

    def end(self) -> None:
        pair = self._pair.stored()
        if pair is not None:
            self._host().revoke(pair["refresh_token"])

    def _host(self) -> TokenHost:
        address = token_url(self._parts.options)
        origin = urlsplit(address)
        return TokenHost(self._parts.open(f"{origin.scheme}://{origin.netloc}"), address, self._parts.secret)
