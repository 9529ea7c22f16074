"""Calls to the API with the shared session key: one new sign-in for a refused key, every other refusal a
classified
error."""

from collections.abc import Mapping
from typing import Any

from shared.errors import BadCredentials
from shared.systems._http import HttpClient, Reply
from shared.systems._tokens import SharedToken
from shared.systems.sage_sales_management.faults import decoded
from shared.systems.sage_sales_management.sign_in import ROOT

_TRIES = 3
"""First a session that another worker stored, then one of our own."""


class Api:
    def __init__(self, http: HttpClient, session: SharedToken) -> None:
        self._http, self._session = http, session

    @property
    def address(self) -> str:
        return self._http.base_url

    def sign_in(self) -> None:
        """Anew, so that the stored keys are proved, whatever session is stored."""
        self._session.renew()

    def get(
        self,
        path: str,
        doing: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        secret: tuple[str, ...] = (),
    ) -> Any:
        """The decoded answer. `doing` completes "was asked to …"."""
        return decoded(self._reply("GET", path, None, params, headers, secret), doing, writes=False)

    def write(self, method: str, path: str, body: Any, doing: str, secret: tuple[str, ...] = ()) -> Any:
        """`secret`: texts of the call that the archive must not keep."""
        return decoded(self._reply(method, path, body, None, None, secret, writes=True), doing, writes=True)

    def _reply(
        self,
        method: str,
        path: str,
        body: Any,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        secret: tuple[str, ...],
        writes: bool = False,
    ) -> Reply:
        token = self._session.current()["session"]
        for _ in range(_TRIES):
            reply = self._http.send(
                method,
                ROOT + path,
                json_body=body,
                params=params,
                headers={**(headers or {}), "X-Session-Key": token},
                writes=writes,
                hide=(token, *secret),
                record_reply=not secret,
            )
            if reply.status != 401:
                return reply
            value, fresh = self._session.refused(token)
            if fresh and value["session"] == token:
                break
            token = value["session"]
        raise BadCredentials(
            "Sage Sales Management refuses calls even with a new session key. Does something else sign in "
            "with the same keys? Give Tieout a key pair of its own"
        )
