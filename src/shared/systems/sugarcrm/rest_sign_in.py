"""How v11 is asked for a token.

Sugar keeps one live token per user and platform, and a refresh ends every earlier refresh token. The token
address is called at most twice per renewal (one refresh, one sign-in), never in a loop.
"""

from collections.abc import Mapping
from datetime import timedelta

from shared.errors import BadCredentials, Unavailable
from shared.systems._http import HttpClient, Reply
from shared.systems._json import is_torn
from shared.systems._sign_in import NewToken, SignIn, Spent
from shared.systems._tokens import SharedToken, TokenBinding
from shared.systems.sugarcrm.rest_faults import message

_MARGIN = timedelta(seconds=60)


def rest_token(
    http: HttpClient,
    version: str,
    options: Mapping[str, str],
    secret: Mapping[str, str],
    binding: TokenBinding,
) -> SharedToken:
    """The token of one user on one platform of the site at `http`."""
    client = {
        "client_id": options.get("client_id", "sugar"),
        "client_secret": secret.get("client_secret", ""),
        "platform": options.get("platform", "tieout"),
    }
    user, password = secret.get("user", ""), secret.get("password", "")
    return SharedToken(
        binding,
        RestSignIn(http, f"/rest/{version}/oauth2/token", client, user, password),
        (http.base_url, user, password, *client.values()),
    )


class RestSignIn(SignIn):
    title, name = "SugarCRM", "access_token"

    def __init__(
        self, http: HttpClient, path: str, client: Mapping[str, str], user: str, password: str
    ) -> None:
        self._http, self._path, self._client = http, path, client
        self._user, self._password = user, password

    def refresh(self, value: Mapping[str, str]) -> NewToken:
        reply = self._post({"grant_type": "refresh_token", "refresh_token": value["refresh_token"]})
        if reply.status != 200:
            raise Spent(f"SugarCRM no longer takes the stored sign-in ({_said(reply)})")
        return _issued(reply)

    def sign_in(self) -> NewToken:
        if not self._user or not self._password:
            raise BadCredentials(
                "no user and password are stored for SugarCRM: run 'tieout connect sugarcrm'"
            )
        reply = self._post({"grant_type": "password", "username": self._user, "password": self._password})
        if reply.status != 200:
            said, platform = _said(reply), self._client["platform"]
            advice = (
                f"Register the platform: an administrator adds '{platform}' under Admin > Configure API "
                "Platforms"
                if "platform" in said.lower()
                else "Check user and password"
            )
            raise BadCredentials(
                f"SugarCRM refused to sign in user '{self._user}' on platform '{platform}' "
                f"(HTTP {reply.status}: {said}). {advice}"
            )
        return _issued(reply)

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
        if reply.status != 200 and is_torn(reply.body):
            raise Unavailable(f"SugarCRM's answer to the sign-in broke off (HTTP {reply.status})")
        if reply.status >= 500:
            raise Unavailable(
                f"SugarCRM could not sign in the integration's user (HTTP {reply.status}: {_said(reply)})"
            )
        return reply


def _said(reply: Reply) -> str:
    try:
        return message(reply.json())
    except ValueError:
        return "no explanation"


def _issued(reply: Reply) -> NewToken:
    """Lifetimes are read, with Sugar's defaults (1 hour, 14 days) where an answer leaves them out."""
    try:
        body = reply.json()
        refresh = str(body.get("refresh_token") or "")
        lives, renewable = (
            timedelta(seconds=int(default if body.get(name) is None else body[name])) - _MARGIN
            for name, default in (("expires_in", 3600), ("refresh_expires_in", 1209600))
        )
        value = {"access_token": str(body["access_token"]), "refresh_token": refresh}
        return NewToken(value, lives, renewable if refresh else timedelta())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(
            "SugarCRM answered the sign-in with something that holds no token: check that url is the address "
            "of SugarCRM itself"
        ) from None
