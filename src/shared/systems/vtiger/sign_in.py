"""How a session is begun at an open source Vtiger.

A login needs a challenge, and a second challenge for the same user replaces the first: workers that sign in
side by side lock each other out. A session ends after a day, after half an hour of idleness, and with the
server's own session store; it cannot be renewed.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.errors import BadCredentials, SyncError, Unavailable
from shared.systems._http import HttpClient
from shared.systems._sign_in import NewToken, SignIn
from shared.systems._tokens import SharedToken, TokenBinding
from shared.systems.vtiger.api import Answer, answer_of, denied_sign_in, must_be_vtiger
from shared.systems.vtiger.faults import WRONG_KEY, fault

_LIFE = timedelta(hours=23)
_LOCK_SECONDS = 150.0
"""Longer than two challenges and two logins, each with its time-out."""


def session_of(http: HttpClient, path: str, secret: Mapping[str, str], binding: TokenBinding) -> SharedToken:
    """The session of one user: `session`, and what the login said of user and server."""
    user, key = secret.get("user", ""), secret.get("access_key", "")
    vendor, identity = SessionSignIn(http, path, user, key), (http.base_url, user, key)
    return SharedToken(binding, vendor, identity, seconds=_LOCK_SECONDS)


class SessionSignIn(SignIn):
    title, name = "Vtiger", "session"

    def __init__(self, http: HttpClient, path: str, user: str, key: str) -> None:
        self._http, self._path, self._user, self._key = http, path, user, key

    def sign_in(self) -> NewToken:
        if not self._user or not self._key:
            raise BadCredentials("no user and access_key are stored for Vtiger: run 'tieout connect vtiger'")
        try:
            return self._begun(self._login())
        except SyncError as met:
            raise must_be_vtiger(met) from None

    def _login(self) -> Mapping[str, Any]:
        """Tried twice: somebody else's challenge, for the same user, may have replaced ours."""
        answer = self._attempt()
        if answer.code in WRONG_KEY:
            answer = self._attempt()
        if answer.code:
            raise fault(answer.code, answer.message, f"sign in user '{self._user}'", writes=False)
        if not isinstance(answer.result, Mapping) or not answer.result.get("sessionName"):
            raise Unavailable(
                "Vtiger answered the sign-in without a session: check that url is Vtiger's own address"
            )
        return answer.result

    def _attempt(self) -> Answer:
        params = {"operation": "getchallenge", "username": self._user}
        asked = self._http.send("GET", self._path, params=params, record_reply=False)
        challenge = answer_of(asked, "getchallenge", False)
        if challenge.code == "ACCESS_DENIED":
            raise denied_sign_in(self._user, challenge.message)
        if challenge.code:
            return challenge
        token = challenge.result.get("token", "") if isinstance(challenge.result, Mapping) else ""
        # Vtiger defines this proof; it is as good as the key for as long as the token lives.
        proof = hashlib.md5(f"{token}{self._key}".encode(), usedforsecurity=False).hexdigest()
        form = {"operation": "login", "username": self._user, "accessKey": proof}
        hide = (self._key, proof)
        reply = self._http.send("POST", self._path, form=form, hide=hide, record_reply=False)
        return answer_of(reply, "login", False)

    def _begun(self, said: Mapping[str, Any]) -> NewToken:
        value = {
            "session": str(said["sessionName"]),
            "user_id": str(said.get("userId", "")),
            "user": str(said.get("username") or self._user),
            # Servers before 8 do not say it.
            "admin": "yes" if said.get("is_admin", "on") == "on" else "no",
            "version": str(said.get("vtigerVersion", "")),
            "zone": str(said.get("time_zone") or ""),
        }
        return NewToken(value, _LIFE)
