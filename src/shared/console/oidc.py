"""The two calls of the authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0)."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from shared.console.oidc_token import SignInRefused
from shared.domain.record import record
from shared.errors import SyncError
from shared.ports.sessions import Provider

CALLBACK = "/-/signed-in"
"""Where the provider sends the browser back to, under the console's address."""
NO_ANSWER = "The sign-in provider does not answer at the moment. Try again in a minute."
_NOT_SET_UP = "The sign-in provider is not set up as the settings say. Tell whoever runs Tieout."


class Web(Protocol):
    """Calls to the provider: over TLS with the certificate verified, and no redirect followed. Raises
    SyncError where there is no answer."""

    def get(self, url: str) -> tuple[int, Any]:
        """Status, and the JSON of the body; None for what is none."""
        ...

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]: ...


@record
class Endpoints:
    authorize: str
    token: str
    sign_out: str
    """Complete, with what the provider wants to know; "" for none."""
    basic: bool = True
    """Whether a client's secret goes into the Authorization header, or else into the form."""


def endpoints(provider: Provider, web: Web, *, local: bool) -> Endpoints:
    """Those of the settings, else those that the issuer names. `local` permits http. Raises SignInRefused."""
    if provider.authorize and provider.token:
        found = Endpoints(provider.authorize, provider.token, provider.sign_out)
    else:
        found = _discovered(provider, web)
    schemes = ("https", "http") if local else ("https",)
    if not all(urlsplit(one).scheme in schemes for one in (found.authorize, found.token)):
        raise SignInRefused(_NOT_SET_UP)
    return found


def _discovered(provider: Provider, web: Web) -> Endpoints:
    """OpenID Connect Discovery 1.0: the document must name the very issuer that was asked."""
    try:
        status, said = web.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    except SyncError:
        raise SignInRefused(NO_ANSWER) from None
    if status != 200 or not isinstance(said, dict) or said.get("issuer") != provider.issuer:
        raise SignInRefused(_NOT_SET_UP)
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    leave = provider.sign_out
    if not leave and urlsplit(str(said.get("end_session_endpoint") or "")).scheme == "https":
        back = {"client_id": provider.client_id, "post_logout_redirect_uri": signed_out(provider)}
        leave = _with(str(said["end_session_endpoint"]), back)
    return Endpoints(
        str(said.get("authorization_endpoint") or ""),
        str(said.get("token_endpoint") or ""),
        leave,
        not isinstance(ways, list) or "client_secret_basic" in ways,
    )


def authorize_address(
    provider: Provider, found: Endpoints, *, state: str, nonce: str, verifier: str, hint: str = ""
) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback(provider),
        "scope": provider.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **({"login_hint": hint} if hint else {}),
    }
    return _with(found.authorize, asked)


def id_token(provider: Provider, found: Endpoints, web: Web, *, code: str, verifier: str) -> Any:
    """What the token endpoint gives for the code; unchecked. Raises SignInRefused."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback(provider),
        "client_id": provider.client_id,
        "code_verifier": verifier,
    }
    headers = {"Accept": "application/json"}
    if provider.secret and found.basic:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif provider.secret:
        form["client_secret"] = provider.secret
    try:
        status, said = web.post(found.token, form, headers)
    except SyncError:
        raise SignInRefused(NO_ANSWER) from None
    if status != 200 or not isinstance(said, dict):
        raise SignInRefused("The sign-in provider refused the sign-in. Begin again.")
    return said.get("id_token")


def callback(provider: Provider) -> str:
    return provider.address.rstrip("/") + CALLBACK


def signed_out(provider: Provider) -> str:
    return provider.address.rstrip("/") + "/-/signed-out"


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
