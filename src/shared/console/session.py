"""Who may see the console: a sign-in key, whose SHA-256 is kept with the integration, and a cookie signed
with it.

`tieout console` makes a key. Two are valid at once; a session ends after twelve hours or when its key is
rotated out.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from shared.operations.receive_webhook import token_digest
from shared.settings import Integration

LASTS_SECONDS = 12 * 3600
_EXPIRES = re.compile(r"[0-9]{1,12}")
"""Not `isdigit`: that takes ² and other scripts' digits, and Python refuses to read thousands of them."""
KEYS = "console"
"""The name under which the digests of sign-in keys are kept among the integration's tokens."""


def sign_in(integration: Integration, key: str, now: float | None = None) -> str | None:
    """The cookie's value, or None for a wrong key. Every known digest is compared, in constant time."""
    digest = token_digest(key)
    if not _any_equal(digest, _digests(integration)):
        return None
    expires = str(int((time.time() if now is None else now) + LASTS_SECONDS))
    return f"{expires}.{_sign(digest, integration.name, expires)}"


def signed_in(integration: Integration, cookie: str | None, now: float | None = None) -> bool:
    """Whatever the cookie says: one that is none of ours is a session that has ended."""
    expires, _, signature = (cookie or "").partition(".")
    if not _EXPIRES.fullmatch(expires) or int(expires) < (time.time() if now is None else now):
        return False
    return _any_equal(signature, [_sign(known, integration.name, expires) for known in _digests(integration)])


def form_token(cookie: str) -> str:
    """Ties a form to the session it was shown to, so that another site cannot press our buttons."""
    return hashlib.sha256(f"form:{cookie}".encode()).hexdigest()


def equal(one: str, other: str) -> bool:
    """In constant time, and of any two texts: `compare_digest` refuses those with more than ASCII."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def cookie_name(integration: str) -> str:
    return f"tieout_{integration}"


def read_cookie(request: Mapping[str, object], integration: str) -> str | None:
    """Reads it from a function URL payload: `cookies` is a list of name=value. Some gateways leave cookies in
    the header."""
    cookies, headers = request.get("cookies"), request.get("headers")
    found = [str(one) for one in cookies] if isinstance(cookies, list) else []
    if isinstance(headers, Mapping):
        found += [str(value) for name, value in headers.items() if str(name).lower() == "cookie"]
    try:
        jar = SimpleCookie("; ".join(found))
    except CookieError:
        return None
    return jar[cookie_name(integration)].value if cookie_name(integration) in jar else None


def _any_equal(one: str, others: list[str]) -> bool:
    """Compares with all of them even after a match, so that the time taken reveals nothing."""
    return sum(equal(one, other) for other in others) > 0


def _digests(integration: Integration) -> list[str]:
    return [token.digest for token in integration.webhook_tokens.get(KEYS, ())]


def _sign(digest: str, integration: str, expires: str) -> str:
    return hmac.new(digest.encode(), f"{integration}.{expires}".encode(), hashlib.sha256).hexdigest()
