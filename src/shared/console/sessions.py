"""Who is asking: the session's cookie, its lifetimes, and the token that ties a form to it.

The cookie holds a random key and nothing else; the session is on our side, so that it can be ended. With the
`__Host-` prefix a browser takes the cookie only over https, from this host alone and for all its paths, so
that no neighbour can set one. Lax, not Strict: the way back from the provider, and a link in a mail, come
from another site. Whatever changes something is a POST, which no other site's page can send with it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from shared.console.roles import Role, role
from shared.domain.record import record
from shared.ports.sessions import Session, SessionStore

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
_NOTED_EVERY = timedelta(minutes=5)
"""A page does not cost a write each time."""
_COOKIE = "tieout"
_BEGUN = "tieout-begun"
BEGUN_LASTS = timedelta(minutes=10)


@record
class SignedIn:
    """A person with a session."""

    key: str
    session: Session

    @property
    def form_token(self) -> str:
        """Ties a form to the session it was shown to, so that another site cannot press our buttons."""
        return hashlib.sha256(f"form:{self.key}".encode()).hexdigest()

    def role(self, integration: str) -> Role:
        return role(self.session, integration)


def visitor(
    request: Mapping[str, Any], sessions: SessionStore, now: datetime, *, local: bool
) -> SignedIn | None:
    """None for nobody: no cookie of ours, or a session that is over."""
    key = read_cookie(request, cookie_name(_COOKIE, local))
    session = sessions.load(key) if key else None
    if key is None or session is None or over(session, now):
        return None
    if now - session.seen_at >= _NOTED_EVERY:
        sessions.seen(key, now)
    return SignedIn(key, session)


def over(session: Session, now: datetime) -> bool:
    return now >= session.ends_at or now >= session.begun_at + LONGEST or now >= session.seen_at + IDLE


def new_key() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def session_cookie(key: str, *, local: bool) -> str:
    return _cookie(_COOKIE, key, int(LONGEST.total_seconds()), local)


def begun_cookie(key: str, *, local: bool) -> str:
    """Ties a sign-in to the browser that began it."""
    return _cookie(_BEGUN, key, int(BEGUN_LASTS.total_seconds()), local)


def no_cookies(*, local: bool) -> tuple[str, ...]:
    return (_cookie(_COOKIE, "", 0, local), _cookie(_BEGUN, "", 0, local))


def no_begun_cookie(*, local: bool) -> str:
    return _cookie(_BEGUN, "", 0, local)


def begun_key(request: Mapping[str, Any], *, local: bool) -> str | None:
    return read_cookie(request, cookie_name(_BEGUN, local))


def session_key(request: Mapping[str, Any], *, local: bool) -> str | None:
    return read_cookie(request, cookie_name(_COOKIE, local))


def cookie_name(name: str, local: bool) -> str:
    """A local stack is reached over http, where a browser keeps no Secure cookie, nor one with the prefix."""
    return name if local else f"__Host-{name}"


def read_cookie(request: Mapping[str, Any], name: str) -> str | None:
    """Reads it from a function URL payload: `cookies` is a list of name=value. Some gateways leave cookies in
    the header. Two of one name are nobody's: a neighbour may have set one of them."""
    cookies, headers = request.get("cookies"), request.get("headers")
    found = [str(one) for one in cookies] if isinstance(cookies, list) else []
    if isinstance(headers, Mapping):
        found += [str(value) for key, value in headers.items() if str(key).lower() == "cookie"]
    values: set[str] = set()
    for pair in "; ".join(found).split(";"):
        try:
            jar = SimpleCookie(pair.strip())
        except CookieError:
            continue
        if name in jar:
            values.add(jar[name].value)
    return values.pop() if len(values) == 1 else None


def equal(one: str, other: str) -> bool:
    """In constant time, and of any two texts: `compare_digest` refuses those with more than ASCII."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()


def _cookie(name: str, value: str, seconds: int, local: bool) -> str:
    secure = "" if local else " Secure;"
    return f"{cookie_name(name, local)}={value}; Path=/; Max-Age={seconds}; HttpOnly;{secure} SameSite=Lax"
