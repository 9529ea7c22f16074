"""Challenges and sessions of webservice.php: one token for each user, as many sessions as wanted."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from local.vendors.vtiger.errors import VtigerError, denied
from local.vendors.vtiger.options import VtigerUser
from local.vendors.vtiger.server import VtigerServer


@dataclass
class Session:
    user: VtigerUser
    begun: int
    used: int


class Sessions:
    def __init__(self, server: VtigerServer) -> None:
        self.server = server
        self._tokens: dict[str, tuple[str, int]] = {}
        self._sessions: dict[str, Session] = {}

    def clear(self) -> None:
        """As when the host's session store is lost."""
        self._tokens.clear()
        self._sessions.clear()

    def challenge(self, name: str) -> dict[str, Any]:
        """A new token; it replaces the user's earlier one."""
        if self.server.user_named(name) is None:
            raise denied("username does not exists")
        now, token = self.server.clock.seconds(), secrets.token_hex(7)[:13]
        ends = now + self.server.options.challenge_seconds
        self._tokens[name] = (token, ends)
        return {"token": token, "serverTime": now, "expireTime": ends}

    def login(self, name: str, key: str) -> dict[str, Any]:
        user = self.server.user_named(name)
        token, ends = self._tokens.get(name, ("", 0))
        now = self.server.clock.seconds()
        if user is None or not token:
            raise VtigerError("INVALID_USER_CREDENTIALS", "Invalid username or password")
        if now > ends:
            raise VtigerError("INVALID_AUTH_TOKEN", "Specified token is invalid or expired")
        proof = hashlib.md5((token + user.access_key).encode(), usedforsecurity=False).hexdigest()
        if not secrets.compare_digest(proof, key.lower()):
            raise VtigerError("INVALID_USER_CREDENTIALS", "Invalid username or password")
        session = secrets.token_hex(11)[:21]
        self._sessions[session] = Session(user, now, now)
        return {"sessionName": session, "version": "0.22", "vtigerVersion": self.server.options.version,
                "userId": self.server.wire("Users", user.id), **self.about(user)}  # fmt: skip

    def about(self, user: VtigerUser) -> dict[str, Any]:
        return {
            "username": user.name,
            "first_name": "",
            "last_name": user.last_name,
            "email": user.email,
            "time_zone": user.time_zone,
            "hour_format": "12",
            "date_format": user.date_format,
            "is_admin": "on" if user.is_admin else "off",
            "call_duration": "5",
            "other_event_duration": "5",
        }

    def user(self, name: str | None) -> VtigerUser:
        """The user to whom a session belongs, as they are now. Raises VtigerError for a session that is
        missing, expired or unknown."""
        if not name:
            raise VtigerError("AUTHENTICATION_REQUIRED", "Authencation required")
        session = self._sessions.get(name)
        if session is None:
            raise VtigerError("INVALID_SESSIONID", "Session Identifier provided is Invalid")
        now, options = self.server.clock.seconds(), self.server.options
        if now - session.begun > options.session_seconds or now - session.used > options.idle_seconds:
            del self._sessions[name]
            if now - session.begun > options.session_seconds:
                raise VtigerError("SESSION_EXPIRED", "Session Life span over please login again")
            raise VtigerError("SESSION_LEFT_IDLE", "Session has been invalidated due to lack activity")
        session.used = now
        return self.server.user(session.user.id) or session.user

    def logout(self, name: str) -> dict[str, str]:
        self._sessions.pop(name, None)
        return {"message": "successfull"}
