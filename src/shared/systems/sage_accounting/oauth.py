"""The words of Sage's OAuth 2: addresses, forms and answers. Calls nothing and keeps nothing.

The authorisation code lives 60 seconds and is good for one exchange; the refresh token is good for one
refresh.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from shared.domain.record import record
from shared.errors import BadCredentials, Unavailable

AUTHORIZE_URL = "https://www.sageone.com/oauth2/auth/central"
TOKEN_URL = "https://oauth.accounting.sage.com/token"  # noqa: S105 - an address
RECONNECT = "a person must connect again: run `tieout connect sage_accounting`"
_ACCESS_SECONDS, _REFRESH_SECONDS = "300", "2678400"


@record
class Grant:
    """A pair of tokens as Sage gave it out. Lifetimes in seconds from now."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


def verifier() -> str:
    """A fresh PKCE verifier, 64 characters long. Also good as a `state`."""
    return secrets.token_urlsafe(48)


def challenge(code_verifier: str) -> str:
    """The S256 challenge of a verifier."""
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def authorize_url(
    base: str, *, client_id: str, redirect_uri: str, state: str, code_challenge: str, country: str = ""
) -> str:
    """Where the user's browser is sent. Without `country` Sage asks for it on a page of its own."""
    query = {
        "filter": "apiv3.1",
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "full_access",
        "state": state,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
        **({"country": country.lower()} if country else {}),
    }
    return f"{base}{'&' if '?' in base else '?'}{urlencode(query)}"


def code_of(query: str, state: str) -> str:
    """The authorisation code of a callback's query string, decoded once. Raises BadCredentials with what Sage
    said."""
    found = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    if not hmac.compare_digest(found.get("state", "").encode(), state.encode()):
        raise BadCredentials(
            "The answer of the browser does not belong to this sign-in (its state differs): start "
            "`tieout connect sage_accounting` again and use the page that it opens."
        )
    if "error" in found:
        why = ": ".join(
            part for part in (found["error"], found.get("error_description") or found.get("reason")) if part
        )
        raise BadCredentials(f"Sage did not let Tieout in ({why}). Start again and allow the access.")
    if not found.get("code"):
        raise BadCredentials(
            "Sage sent the browser back without a code: start `tieout connect sage_accounting` again."
        )
    return found["code"]


def exchange_form(
    client: Mapping[str, str], code: str, redirect_uri: str, code_verifier: str
) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        **_named(client),
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": code_verifier,
    }


def refresh_form(client: Mapping[str, str], refresh_token: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", **_named(client), "refresh_token": refresh_token}


def revoke_form(client: Mapping[str, str], refresh_token: str) -> dict[str, str]:
    return {**_named(client), "token": refresh_token}


def read_grant(body: Any) -> Grant:
    """Raises Unavailable for an answer that holds no pair of tokens."""
    try:
        expires, refresh = (
            str(body.get(name) or default)
            for name, default in (
                ("expires_in", _ACCESS_SECONDS),
                ("refresh_token_expires_in", _REFRESH_SECONDS),
            )
        )
        return Grant(str(body["access_token"]), str(body["refresh_token"]), int(expires), int(refresh))
    except (KeyError, TypeError, ValueError, AttributeError):
        what = "Sage answered the sign-in with something that holds no tokens: check the setting token_url"
        raise Unavailable(what) from None


def refusal(body: Any) -> tuple[str, str]:
    """(error, description) of a refused exchange or refresh; ("", "") when the body says nothing."""
    if not isinstance(body, Mapping):
        return "", ""
    return str(body.get("error") or ""), str(body.get("error_description") or "")


def _named(client: Mapping[str, str]) -> dict[str, str]:
    return {"client_id": client.get("client_id", ""), "client_secret": client.get("client_secret", "")}
