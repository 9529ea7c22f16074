"""One webservice session for all functions of a connection.

A login needs a challenge, and a second challenge for the same user replaces the first: workers that sign in
side by side lock each other out. So the session lives in the TokenStore and is replaced under its lock. It
ends after a day, after half an hour of idleness, and with the server's own session store; whoever finds it
ended replaces it.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.errors import BadCredentials, SyncError, Unavailable
from shared.ports import Clock, Token, TokenStore
from shared.systems._http import HttpClient
from shared.systems._sign_in import RefreshLock
from shared.systems.vtiger.api import Answer, answer_of, denied_sign_in, must_be_vtiger
from shared.systems.vtiger.faults import WRONG_KEY, fault

_LIFE = timedelta(hours=23)


class Sessions:
    def __init__(
        self,
        http: HttpClient,
        path: str,
        secret: Mapping[str, str],
        clock: Clock,
        tokens: TokenStore,
        owner: str,
    ) -> None:
        self._http, self._path, self._secret, self._clock = http, path, secret, clock
        self._tokens, self._turn = tokens, RefreshLock(tokens, http.system, owner, clock)
        self._held: Token | None = None

    def current(self) -> Token:
        """A session that should work: `session`, and what the login said of user and server."""
        if not self._live(self._held):
            stored = self._tokens.load(self._http.system)
            self._held = stored if self._live(stored) else None
        return self._held or self.replace("")[0]

    def replace(self, ended: str) -> tuple[Token, bool]:
        """Another session than the ended one, and whether it was just begun. The store is looked at first."""
        found, new = self._other(ended), False
        if found is None:
            with self._turn.taken(lambda: self._other(ended)) as mine:
                found = self._other(ended)
                if found is None and not mine:
                    raise Unavailable("another function is signing in to Vtiger", after=30)
                if found is None:
                    found, new = self._begin(), True
        self._held = found
        return found, new

    def renew(self) -> None:
        """A new session, though the stored one may still live."""
        stored = self._tokens.load(self._http.system)
        self.replace(stored.value.get("session", "") if stored else "")

    def _other(self, ended: str) -> Token | None:
        stored = self._tokens.load(self._http.system)
        return stored if stored and self._live(stored) and stored.value.get("session") != ended else None

    def _live(self, token: Token | None) -> bool:
        """Not when it was begun for another user or at another address: the settings were changed."""
        return (
            token is not None and token.expires_at > self._clock.now() and token.value.get("of") == self._of()
        )

    def _of(self) -> str:
        return f"{self._secret.get('user', '')}@{self._http.base_url}"

    def _begin(self) -> Token:
        user, key = self._secret.get("user", ""), self._secret.get("access_key", "")
        if not user or not key:
            raise BadCredentials("no user and access_key are stored for Vtiger: run 'tieout connect vtiger'")
        try:
            return self._keep(self._login(user, key))
        except SyncError as met:
            raise must_be_vtiger(met) from None

    def _login(self, user: str, key: str) -> Mapping[str, Any]:
        """Tried twice: somebody else's challenge, for the same user, may have replaced ours."""
        answer = self._attempt(user, key)
        if answer.code in WRONG_KEY:
            answer = self._attempt(user, key)
        if answer.code:
            raise fault(answer.code, answer.message, f"sign in user '{user}'", writes=False)
        if not isinstance(answer.result, Mapping) or not answer.result.get("sessionName"):
            raise Unavailable(
                "Vtiger answered the sign-in without a session: check that url is Vtiger's own address"
            )
        return answer.result

    def _attempt(self, user: str, key: str) -> Answer:
        asked = self._http.send(
            "GET", self._path, params={"operation": "getchallenge", "username": user}, record_reply=False
        )
        challenge = answer_of(asked, "getchallenge", False)
        if challenge.code == "ACCESS_DENIED":
            raise denied_sign_in(user, challenge.message)
        if challenge.code:
            return challenge
        token = challenge.result.get("token", "") if isinstance(challenge.result, Mapping) else ""
        # Vtiger defines this proof; it is as good as the key for as long as the token lives.
        proof = hashlib.md5(f"{token}{key}".encode(), usedforsecurity=False).hexdigest()
        form = {"operation": "login", "username": user, "accessKey": proof}
        reply = self._http.send("POST", self._path, form=form, hide=(key, proof), record_reply=False)
        return answer_of(reply, "login", False)

    def _keep(self, said: Mapping[str, Any]) -> Token:
        stored = self._tokens.load(self._http.system)
        generation = stored.generation if stored else 0
        value = {
            "of": self._of(),
            "session": str(said["sessionName"]),
            "user_id": str(said.get("userId", "")),
            "user": str(said.get("username") or self._secret.get("user", "")),
            # Servers before 8 do not say it.
            "admin": "yes" if said.get("is_admin", "on") == "on" else "no",
            "version": str(said.get("vtigerVersion", "")),
        }
        token = Token(value, self._clock.now() + _LIFE, generation + 1)
        if not self._tokens.save(self._http.system, token, generation):
            theirs = self._tokens.load(self._http.system)
            if theirs is None or not self._live(theirs):
                raise Unavailable("another function replaced the Vtiger session at the same moment", after=5)
            return theirs
        return token
