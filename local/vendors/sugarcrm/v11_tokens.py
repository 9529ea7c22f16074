"""OAuth 2 of the v11 API: password and refresh grants, and the platform rule.

A user has one valid token per platform: a sign-in ends the earlier one, and a refresh makes all earlier
refresh tokens of that user and platform invalid. An unregistered platform is refused."""

import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v11_call import RestError, missing

_PLATFORM = re.compile(r"[A-Za-z0-9_-]{1,127}$")


@dataclass
class Grant:
    """The one valid pair of tokens for a user and platform."""

    user_name: str
    platform: str
    client_id: str
    access: str
    access_until: datetime
    refresh: str
    refresh_until: datetime


class Tokens:
    def __init__(self, server: SugarServer) -> None:
        self._server = server
        self._live: dict[tuple[str, str], Grant] = {}

    def grant(self, sent: dict[str, Any]) -> dict[str, Any]:
        """The answer of `/oauth2/token`. Raises RestError."""
        kind = sent.get("grant_type")
        platform = str(sent.get("platform") or "base")
        if not _PLATFORM.match(platform) or platform not in self._server.options.platforms:
            raise RestError(422, "invalid_parameter", "EXCEPTION_INVALID_PLATFORM")
        if kind == "password":
            return self._new(self._signed_in(sent).user_name, platform, str(sent.get("client_id") or ""))
        if kind == "refresh_token":
            found = self._refreshing(
                str(sent.get("refresh_token") or ""), platform, str(sent.get("client_id") or "")
            )
            return self._new(found.user_name, platform, found.client_id)
        raise missing("Missing or unknown parameter: grant_type")

    def user(self, access: str) -> SugarUser:
        """The user to whom the token belongs. Raises RestError need_login or invalid_grant (401)."""
        if not access:
            raise RestError(401, "need_login", "No valid authentication for user.")
        found = next((grant for grant in self._live.values() if grant.access == access), None)
        if (
            found is None
            or found.access_until <= self._server.clock.now()
            or found.user_name not in self._server.users
        ):
            raise RestError(401, "invalid_grant", "The access token provided is invalid.")
        return self._server.users[found.user_name]

    def logout(self, access: str) -> None:
        self._live = {key: grant for key, grant in self._live.items() if grant.access != access}

    def expire_all(self) -> None:
        """Expires every access token; the refresh tokens stay valid."""
        for grant in self._live.values():
            grant.access_until = self._server.clock.now()

    def clear(self) -> None:
        self._live.clear()

    def _signed_in(self, sent: dict[str, Any]) -> SugarUser:
        user = self._server.users.get(str(sent.get("username") or ""))
        password = str(sent.get("password") or "")
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            raise RestError(401, "invalid_grant", "You must specify a valid username and password.")
        return user

    def _refreshing(self, refresh: str, platform: str, client_id: str) -> Grant:
        for grant in self._live.values():
            same = grant.refresh == refresh and grant.platform == platform and grant.client_id == client_id
            if same and grant.refresh_until > self._server.clock.now():
                return grant
        raise RestError(401, "invalid_grant", "Invalid refresh token")

    def _new(self, user_name: str, platform: str, client_id: str) -> dict[str, Any]:
        options, now = self._server.options, self._server.clock.now()
        grant = Grant(
            user_name,
            platform,
            client_id,
            str(uuid.uuid4()),
            now + timedelta(seconds=options.access_seconds),
            str(uuid.uuid4()),
            now + timedelta(seconds=options.refresh_seconds),
        )
        self._live[user_name, platform] = grant
        return {
            "access_token": grant.access,
            "expires_in": options.access_seconds,
            "token_type": "bearer",
            "scope": None,
            "refresh_token": grant.refresh,
            "refresh_expires_in": options.refresh_seconds,
            "download_token": str(uuid.uuid4()),
        }
