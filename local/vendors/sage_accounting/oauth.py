"""Sign-in: codes that are valid for a minute, access tokens valid for five, and refresh tokens that can be
used once."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from local.vendors.sage_accounting import seed
from local.vendors.sage_accounting.clock import Clock
from local.vendors.sage_accounting.options import SageAccountingOptions

SCOPES = ("full_access", "readonly")


class GrantRefused(Exception):
    """`reason` is OAuth's error code; the message its description."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass
class Code:
    ends: datetime
    redirect_uri: str
    scope: str
    country: str
    challenge: str = ""
    challenge_method: str = ""


@dataclass
class Token:
    """`connection` is one consent of the user, which all tokens refreshed from it share."""

    ends: datetime
    scope: str
    country: str
    connection: str


class SignIn:
    def __init__(self, options: SageAccountingOptions, clock: Clock) -> None:
        self.options = options
        self.clock = clock
        self.clear()

    def clear(self) -> None:
        self.codes: dict[str, Code] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}
        self._spent: dict[str, str] = {}

    def consent(self, asked: Mapping[str, str], country: str) -> str:
        """A code for the request made to the authorise page, once the user has allowed it."""
        code = f"{country.upper()}/{token_urlsafe(24)}"
        self.codes[code] = Code(
            self._in(self.options.code_seconds),
            asked.get("redirect_uri", ""),
            asked.get("scope", ""),
            country.upper(),
            asked.get("code_challenge", ""),
            asked.get("code_challenge_method") or "plain",
        )
        return code

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer of the token endpoint. Raises GrantRefused."""
        if not form.get("grant_type"):
            raise GrantRefused("invalid_request", "The grant_type is missing.")
        self._client(form)
        if form["grant_type"] == "authorization_code":
            code = self._code(form)
            return self.grant(code.scope, code.country)
        if form["grant_type"] == "refresh_token":
            return self._again(form.get("refresh_token", ""))
        raise GrantRefused("unsupported_grant_type", "The grant type is not supported.")

    def grant(
        self, scope: str = "full_access", country: str = "GB", connection: str | None = None
    ) -> dict[str, Any]:
        """A new pair of tokens."""
        connection = connection or token_urlsafe(8)
        ends = self._in(self.options.access_seconds)
        claims = {
            "iss": "https://oauth.example.test",
            "sub": seed.key("user"),
            "azp": self.options.client_id,
            "country": country,
            "scopes": scope,
            "exp": int(ends.timestamp()),
            "jti": token_urlsafe(9),
        }
        access = f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.{token_urlsafe(24)}"
        refresh = token_urlsafe(64)
        self.access[access] = Token(ends, scope, country, connection)
        self.refresh[refresh] = Token(self._in(self.options.refresh_seconds), scope, country, connection)
        return {
            "access_token": access,
            "token_type": "bearer",
            "expires_in": self.options.access_seconds,
            "scope": scope,
            "refresh_token": refresh,
            "refresh_token_expires_in": self.options.refresh_seconds,
            "requested_by_id": seed.key("user"),
        }

    def revoke(self, form: Mapping[str, str]) -> None:
        """An unknown token counts as revoked. Raises GrantRefused for a wrong client."""
        self._client(form)
        self.refresh.pop(form.get("token", ""), None)

    def bearer(self, header: str) -> Token | None:
        kind, _, token = header.partition(" ")
        found = self.access.get(token.strip()) if kind.lower() == "bearer" else None
        return found if found and found.ends > self.clock.running() else None

    def expire(self, which: str) -> None:
        """`access`, `refresh` or `all`. Raises ValueError for another word."""
        if which not in ("access", "refresh", "all"):
            raise ValueError("Say which tokens expire: access, refresh or all.")
        if which in ("access", "all"):
            self.access.clear()
        if which in ("refresh", "all"):
            self.refresh.clear()

    # ------------------------------------------------------------ checks

    def _in(self, seconds: int) -> datetime:
        return self.clock.running() + timedelta(seconds=seconds)

    def _client(self, form: Mapping[str, str]) -> None:
        if (form.get("client_id"), form.get("client_secret")) != (
            self.options.client_id,
            self.options.client_secret,
        ):
            raise GrantRefused("invalid_client", "Client authentication failed.")

    def _code(self, form: Mapping[str, str]) -> Code:
        found = self.codes.pop(form.get("code", ""), None)
        if found is None or found.ends <= self.clock.running():
            raise GrantRefused("invalid_grant", "The authorization code is unknown, used or expired.")
        if form.get("redirect_uri", "") != found.redirect_uri:
            raise GrantRefused(
                "invalid_grant", "The redirect_uri is not the one of the authorization request."
            )
        if found.challenge and not _answers(found, form.get("code_verifier", "")):
            raise GrantRefused("invalid_grant", "The code_verifier does not answer the code_challenge.")
        return found

    def _again(self, given: str) -> dict[str, Any]:
        found = self.refresh.pop(given, None)
        if found is None or found.ends <= self.clock.running():
            if self.options.reuse_ends_connection and given in self._spent:
                self._end(self._spent[given])
            raise GrantRefused("invalid_grant", "The refresh token is unknown, used or expired.")
        self._spent[given] = found.connection
        return self.grant(found.scope, found.country, found.connection)

    def _end(self, connection: str) -> None:
        for tokens in (self.access, self.refresh):
            for name in [name for name, token in tokens.items() if token.connection == connection]:
                del tokens[name]


def _answers(code: Code, verifier: str) -> bool:
    if not 43 <= len(verifier) <= 128:
        return False
    if code.challenge_method != "S256":
        return verifier == code.challenge
    return _base64(hashlib.sha256(verifier.encode()).digest()) == code.challenge


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())
