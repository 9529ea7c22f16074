"""One v11 token for all functions of a connection.

Sugar keeps one live token per user and platform, and a refresh ends every earlier refresh token: two workers
that sign in side by side lock each other out. So the token lives in the TokenStore, is replaced under its
lock, is stored before it is used, and the token address is called at most twice per renewal (one refresh, one
sign-in), never in a loop.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.errors import BadCredentials, Unavailable
from shared.ports import Clock, Token, TokenStore
from shared.systems._http import HttpClient, Reply
from shared.systems._sign_in import RefreshLock
from shared.systems.sugarcrm.rest_faults import message

_MARGIN = timedelta(seconds=60)


class RestToken:
    def __init__(
        self,
        http: HttpClient,
        path: str,
        options: Mapping[str, str],
        secret: Mapping[str, str],
        clock: Clock,
        tokens: TokenStore,
        owner: str,
    ) -> None:
        self._http, self._path, self._clock, self._tokens = http, path, clock, tokens
        self._turn = RefreshLock(tokens, http.system, owner, clock)
        self._secret = secret
        self._client = {
            "client_id": options.get("client_id", "sugar"),
            "client_secret": secret.get("client_secret", ""),
            "platform": options.get("platform", "tieout"),
        }
        self._held: Token | None = None

    def current(self) -> str:
        """A token that should work. Raises BadCredentials, Unavailable."""
        if not self._live(self._held):
            stored = self._tokens.load(self._http.system)
            self._held = stored if self._live(stored) else None
        return self._value(self._held) if self._held else self.replace("")[0]

    def replace(self, refused: str) -> tuple[str, bool]:
        """Another token than the refused one, and whether it is new from the vendor. The store is read before
        anything."""
        found = self._other(refused)
        if found is None:
            with self._turn.taken(lambda: self._other(refused)) as mine:
                found = self._other(refused)
                if found is None and not mine:
                    raise Unavailable("another function is signing in to SugarCRM", after=30)
                if found is None:
                    return self._value(self._renew()), True
        self._held = found
        return self._value(found), False

    def _other(self, refused: str) -> Token | None:
        stored = self._tokens.load(self._http.system)
        return stored if stored and self._live(stored) and self._value(stored) != refused else None

    def _renew(self) -> Token:
        stored = self._tokens.load(self._http.system)
        answer = self._refresh(stored) if stored else None
        if answer is None:
            now_stored = self._tokens.load(self._http.system)
            if (
                now_stored
                and stored
                and now_stored.generation != stored.generation
                and self._live(now_stored)
            ):
                self._held = now_stored
                return now_stored
            answer = self._sign_in()
        return self._keep(answer, stored.generation if stored else 0)

    def _keep(self, answer: Mapping[str, str], generation: int) -> Token:
        now = self._clock.now()
        token = Token(
            {
                "access_token": answer["access_token"],
                "refresh_token": answer["refresh_token"],
                "refresh_until": (
                    now + timedelta(seconds=int(answer["refresh_expires_in"])) - _MARGIN
                ).isoformat(),
            },
            now + timedelta(seconds=int(answer["expires_in"])) - _MARGIN,
            generation + 1,
        )
        if not self._tokens.save(self._http.system, token, generation):
            theirs = self._tokens.load(self._http.system)
            if theirs is None or not self._live(theirs):
                raise Unavailable("another function replaced the SugarCRM token at the same moment", after=5)
            token = theirs
        self._held = token
        return token

    def _refresh(self, stored: Token) -> Mapping[str, str] | None:
        """None when the refresh token is used up: then only a sign-in helps."""
        refresh, until = stored.value.get("refresh_token"), stored.value.get("refresh_until", "")
        if not refresh or not until or datetime.fromisoformat(until) <= self._clock.now():
            return None
        reply = self._post({"grant_type": "refresh_token", "refresh_token": refresh})
        return _fields(reply) if reply.status == 200 else None

    def _sign_in(self) -> Mapping[str, str]:
        user, password = self._secret.get("user"), self._secret.get("password")
        if not user or not password:
            raise BadCredentials(
                "no user and password are stored for SugarCRM: run 'tieout connect sugarcrm'"
            )
        reply = self._post({"grant_type": "password", "username": user, "password": password})
        if reply.status != 200:
            raise BadCredentials(
                f"SugarCRM refused to sign in user '{user}' on platform '{self._client['platform']}' (HTTP"
                f" {reply.status}: {_said(reply)}). Check user and password, and that an administrator has "
                "registered"
                " the platform under Admin > Configure API Platforms"
            )
        return _fields(reply)

    def _post(self, grant: Mapping[str, str]) -> Reply:
        """A failing server (5xx) is not a refusal: the connection cools, as everywhere, and nobody is told of
        a password."""
        hide = tuple(grant[name] for name in ("password", "refresh_token") if name in grant)
        reply = self._http.send(
            "POST",
            self._path,
            json_body={**grant, **self._client},
            record_reply=False,
            hide=(*hide, self._client["client_secret"]),
        )
        if reply.status >= 500:
            raise Unavailable(
                f"SugarCRM could not sign in the integration's user (HTTP {reply.status}: {_said(reply)})"
            )
        return reply

    def _live(self, token: Token | None) -> bool:
        return token is not None and token.expires_at > self._clock.now()

    def _value(self, token: Token) -> str:
        return token.value["access_token"]


def _said(reply: Reply) -> str:
    try:
        return message(reply.json())
    except ValueError:
        return "no explanation"


def _fields(reply: Reply) -> Mapping[str, str]:
    """Lifetimes are read, with Sugar's defaults (1 hour, 14 days) where an answer leaves them out."""
    try:
        body = reply.json()
        defaults = {"refresh_token": "", "expires_in": "3600", "refresh_expires_in": "1209600"}
        found = {name: str(body[name]) for name in defaults if body.get(name) is not None}
        return {**defaults, **found, "access_token": str(body["access_token"])}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(
            "SugarCRM answered the sign-in with something that holds no token: check that url is the address "
            "of SugarCRM itself"
        ) from None
