"""Calls to the host that gives out Sage's tokens. No answer of it is ever recorded, and no form with its
secrets.

Promises to tell apart what the caller must: refused (BadCredentials, or `Spent` for a used-up token), never
sent or asked to slow down (Unavailable, RateLimited: the refresh token is still good), and lost on the way
(OutcomeUnknown: nobody knows).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.errors import BadCredentials, OutcomeUnknown, Unavailable
from shared.systems._http import HttpClient, Reply
from shared.systems._json import is_torn
from shared.systems._sign_in import Spent
from shared.systems.sage_accounting import oauth
from shared.systems.sage_accounting.oauth import Grant

_TIMEOUT = 20.0


class TokenHost:
    """`http` is bound to the origin of `token_url`. Revoking has its address beside it."""

    def __init__(self, http: HttpClient, token_url: str, client: Mapping[str, str]) -> None:
        self._http, self._client = http, client
        self._path = urlsplit(token_url).path or "/token"

    def exchange(self, code: str, redirect_uri: str, code_verifier: str) -> Grant:
        """Raises BadCredentials; Unavailable when no answer came, for a code cannot be used again."""
        try:
            return self._grant(
                oauth.exchange_form(self._client, code, redirect_uri, code_verifier), (code, code_verifier)
            )
        except OutcomeUnknown as fault:
            raise Unavailable(f"{fault}: start `tieout connect sage_accounting` again") from None

    def refresh(self, refresh_token: str) -> Grant:
        """Raises Spent, BadCredentials, OutcomeUnknown, Unavailable, RateLimited."""
        return self._grant(oauth.refresh_form(self._client, refresh_token), (refresh_token,))

    def revoke(self, refresh_token: str) -> None:
        """Ends the connection at Sage; access tokens run out by themselves."""
        path = self._path.removesuffix("/").rpartition("/")[0] + "/revoke"
        reply = self._post(path, oauth.revoke_form(self._client, refresh_token), (refresh_token,))
        if reply.status != 200:
            raise _refused(reply)

    def _grant(self, form: Mapping[str, str], hide: tuple[str, ...]) -> Grant:
        reply = self._post(self._path, form, hide)
        if reply.status != 200:
            raise _refused(reply)
        body = _json(reply)
        if body is None:
            raise OutcomeUnknown("Sage's answer to the sign-in was cut off")
        return oauth.read_grant(body)

    def _post(self, path: str, form: Mapping[str, str], hide: tuple[str, ...]) -> Reply:
        reply = self._http.send(
            "POST",
            path,
            writes=True,
            form=form,
            headers={"Accept": "application/json"},
            timeout=_TIMEOUT,
            hide=(*hide, self._client.get("client_secret", "")),
            record_reply=False,
        )
        if reply.status != 200 and is_torn(reply.body):
            raise OutcomeUnknown(f"Sage's answer to the sign-in broke off (HTTP {reply.status})")
        if reply.status >= 500:
            raise OutcomeUnknown(f"Sage could not answer the sign-in (HTTP {reply.status})")
        return reply


def _refused(reply: Reply) -> BadCredentials:
    error, description = oauth.refusal(_json(reply))
    said = ": ".join(part for part in (error, description) if part) or f"HTTP {reply.status}"
    if error == "invalid_grant":
        return Spent(f"Sage no longer takes the stored sign-in ({said}): {oauth.RECONNECT}")
    if error in ("invalid_client", "unauthorized_client"):
        return BadCredentials(
            f"Sage does not know this client id and secret ({said}): check both in Sage's developer "
            "portal, and store them with `tieout connect sage_accounting`"
        )
    return BadCredentials(f"Sage refused the sign-in ({said}): {oauth.RECONNECT}")


def _json(reply: Reply) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None
