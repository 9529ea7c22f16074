"""What an ID token must say before anybody is let in. Pure.

The token was taken from the provider's token endpoint over TLS, with its certificate verified, so its
signature need not be checked (OpenID Connect Core 1.0, 3.1.3.7, step 6). It must still be a signed one: a
provider that hands out unsigned tokens, or such as anybody with the client's secret could make, is not
believed.
"""

import base64
import binascii
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from shared.ports.sessions import Provider

SKEW = timedelta(seconds=60)
"""What two clocks may differ by."""
FRESH = timedelta(minutes=10)
"""A token was made for this sign-in, a moment ago."""
_SIGNED = (*(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)), "EdDSA")
_LONGEST = 65_536
_COGNITO = "https://cognito-idp."
"""Its tokens always say what they are for."""


class SignInRefused(Exception):
    """Nobody is signed in. The message is a sentence for the person, and holds nothing of what was sent."""


def checked(token: object, provider: Provider, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims. Raises SignInRefused with the first check that failed."""
    header, claims = _parts(token)
    if header.get("alg") not in _SIGNED or "crit" in header:
        raise _refused("it is not signed in a way that only the provider can sign")
    if claims.get("iss") != provider.issuer:
        raise _refused("it was issued by another provider than the one in the settings")
    if claims.get("aud") not in (provider.client_id, [provider.client_id]):
        raise _refused("it was made for another application")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise _refused("it was made for another application")
    _timely(claims, now)
    given = claims.get("nonce")
    if not isinstance(given, str) or not nonce or not _equal(given, nonce):
        raise _refused("it belongs to another sign-in")
    if claims.get("token_use", "" if provider.issuer.startswith(_COGNITO) else "id") != "id":
        raise _refused("it is not a token for signing in")
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise _refused("it does not say who you are")
    return claims


def _timely(claims: dict[str, Any], now: datetime) -> None:
    """Times are seconds since 1970 (RFC 7519)."""
    moment, skew = now.timestamp(), SKEW.total_seconds()
    issued, expires = _time(claims.get("iat")), _time(claims.get("exp"))
    if expires is None or expires <= moment - skew:
        raise _refused("it has expired, or the clocks differ")
    if issued is None or issued > moment + skew:
        raise _refused("it comes from the future, so the clocks differ")
    if issued < moment - FRESH.total_seconds():
        raise _refused("it is too old for a sign-in that has just begun")
    begins = _time(claims.get("nbf", 0))
    if begins is None or begins > moment + skew:
        raise _refused("it is not valid yet, so the clocks differ")


def _time(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e12 < value < 1e12:
        return None
    return float(value)


def _parts(token: object) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(token, str) or len(token) > _LONGEST or token.count(".") != 2:
        raise _refused("it is not a signed token")
    header, claims, signature = token.split(".")
    if not signature:
        raise _refused("it is not signed in a way that only the provider can sign")
    return _object(header), _object(claims)


def _object(text: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        raise _refused("it cannot be read") from None
    if not isinstance(found, dict):
        raise _refused("it cannot be read")
    return found


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _refused(why: str) -> SignInRefused:
    return SignInRefused(f"The sign-in provider's answer cannot be accepted: {why}.")
