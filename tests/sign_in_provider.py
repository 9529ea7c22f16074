"""An OpenID Connect provider in memory, as strict as a real one: PKCE, codes that work once, and the exact
address to come back to. What it signs with nobody checks, as with a token that comes from its endpoint."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shared.console import sessions
from shared.errors import Unavailable
from shared.ports.sessions import ConsoleStores, Provider, Session
from tests.contract.stores_world import START

ISSUER = "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Pool"
PROVIDER = Provider(
    ISSUER,
    "client-1",
    "https://console.example/",
    "https://tieout-1.auth.example/oauth2/authorize",
    "https://tieout-1.auth.example/oauth2/token",
)


def encoded(
    claims: Mapping[str, Any], header: Mapping[str, Any] | None = None, signature: str = "c2ln"
) -> str:
    parts = ({"alg": "RS256", "kid": "k"} if header is None else header, claims)
    texts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts]
    return ".".join((*texts, signature))


class FakeProvider:
    """`Web` for the console, and `go` for the browser."""

    def __init__(self, provider: Provider = PROVIDER, now: datetime = START) -> None:
        self.provider, self.now = provider, now
        self.groups: list[str] = ["admin"]
        self.changed: dict[str, Any] = {}
        """Claims laid over the token's; None leaves one out."""
        self.header: dict[str, Any] | None = None
        self.answer: tuple[int, Any] | None = None
        self.down = False
        self.posts: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.document: dict[str, Any] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self._given = 0
        self.given: dict[str, str] = {}

    def go(self, location: str) -> dict[str, str]:
        """What the browser brings back: the query of the address that it is sent to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert location.partition("?")[0] == "https://tieout-1.auth.example/oauth2/authorize"
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert asked["redirect_uri"] == "https://console.example/-/signed-in"
        self._given += 1
        code = f"code-{self._given}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token_of(self, brought: Mapping[str, str]) -> str:
        """What the endpoint gave for what the browser brought back."""
        return self.given[brought["code"]]

    def get(self, url: str) -> tuple[int, Any]:
        if self.down:
            raise Unavailable("down")
        return (200, self.document) if url.endswith("/.well-known/openid-configuration") else (404, None)

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        self.posts.append((url, dict(form), dict(headers)))
        if self.down:
            raise Unavailable("down")
        if self.answer is not None:
            return self.answer
        asked = self._codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            asked is None
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or form["client_id"] != asked["client_id"]
        ):
            return 400, {"error": "invalid_grant"}
        self.given[form["code"]] = encoded(self.claims(asked["nonce"]), self.header)
        return 200, {"id_token": self.given[form["code"]], "access_token": "secret"}

    def claims(self, nonce: str = "n") -> dict[str, Any]:
        at = int(self.now.timestamp())
        plain = {
            "iss": self.provider.issuer, "aud": self.provider.client_id, "sub": "p-1", "token_use": "id",
            "iat": at, "exp": at + 3600, "nonce": nonce, "email": "ann@example.com", "email_verified": True,
            "cognito:groups": self.groups,
        }  # fmt: skip
        return {name: value for name, value in {**plain, **self.changed}.items() if value is not None}


def session_of(stores: ConsoleStores, *grants: str, key: str = "", local: bool = True) -> tuple[str, str]:
    """Somebody who has signed in just now: the cookie to send, and the token of the forms."""
    key, now = key or sessions.new_key(), datetime.now(UTC)
    session = Session("p-1", "ann@example.com", grants or ("admin",), now, now, now + sessions.LONGEST)
    stores.sessions.begin(key, session)
    return f"{sessions.cookie_name('tieout', local)}={key}", sessions.SignedIn(key, session).form_token
