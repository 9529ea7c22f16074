"""Calls to the v3.1 API: a valid token and the business with every call, one renewal when a token is refused.

Promises that a write, which always has an idempotency id, is repeated once here with the same body when its
answer was lost; that a refusal of that repeat does not count as a refusal of the first; that a 404 is
believed only if the business is known to exist; and that everything else becomes one of `shared.errors`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from shared.errors import (
    BadCredentials,
    MissingPermission,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    Unavailable,
)
from shared.ports import Clock
from shared.systems._http import HttpClient, Reply
from shared.systems._tokens import SharedToken
from shared.systems.sage_accounting import faults

ROOT = "/v3.1"
_SLOW_DOWN = 5.0
_REPEAT_PAUSE, _REPEAT_NEEDS = 2.0, 15.0
"""Seconds before a write is repeated, and seconds that must be left for it."""
NO_BUSINESS = "No business of Sage has been chosen yet: run `tieout connect sage_accounting` and choose one."


class Client:
    """`business` blank: only the list of businesses can be read."""

    def __init__(self, http: HttpClient, token: SharedToken, business: str, clock: Clock) -> None:
        self._http, self._token, self._clock = http, token, clock
        self.business = business
        self._sure = False
        self.server_time: datetime | None = None
        """Sage's clock as of the last answer, in whole seconds."""

    def get(self, path: str, doing: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded answer. Raises Unavailable for a 404: use `find` where a record may be missing."""
        found = self.find(path, doing, params)
        if found is None:
            raise Unavailable(f"Sage does not know {path}: check the settings url and business")
        return found

    def find(self, path: str, doing: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded answer, or None if the business exists and the record does not."""
        reply = self._reply("GET", path, doing, params=params)
        body = _decoded(reply, doing, writes=False)
        if reply.status == 404:
            if path != "/businesses":
                self._certain(body, doing)
            return None
        if not 200 <= reply.status < 300:
            raise faults.fault(reply, body, doing, writes=False)
        if not isinstance(body, dict):
            raise Unavailable(f"Sage was asked to {doing} and answered something else: try again later")
        return body

    def record(self, path: str, doing: str, params: Mapping[str, str] | None = None) -> Any:
        """As `find`, of an address that holds one record: an answer without one says nothing about it."""
        found = self.find(path, doing, params)
        if found is not None and not found.get("id"):
            raise Unavailable(f"Sage was asked to {doing} and answered no record: try again later")
        return found

    def write(self, method: str, path: str, doing: str, body: Any) -> Any:
        """The decoded record. `body` None: a call that cannot be repeated, such as releasing a document."""
        try:
            return self._written(method, path, doing, body)
        except OutcomeUnknown:
            if body is None or self._http.seconds_left() < _REPEAT_NEEDS:
                raise
        self._clock.sleep(_REPEAT_PAUSE)
        try:
            return self._written(method, path, doing, body)
        except RecordRejected as refused:
            raise OutcomeUnknown(
                f"Sage did not answer when asked to {doing}, and refused the second request: {refused}"
            ) from refused

    # inside

    def _written(self, method: str, path: str, doing: str, body: Any) -> Any:
        reply = self._reply(method, path, doing, body=body, writes=True)
        answer = _decoded(reply, doing, writes=True)
        if reply.status == 404:
            self._certain(answer, doing)
            said = "; ".join(faults.reasons(answer)).rstrip(".") or "not found"
            raise RecordRejected(
                f"Sage was asked to {doing} and answered: {said}. The record, or one it refers to, does not "
                f"exist there{faults.request_id(reply)}"
            )
        if not 200 <= reply.status < 300:
            raise faults.fault(reply, answer, doing, writes=True)
        if not isinstance(answer, dict) or not answer.get("id"):
            raise OutcomeUnknown(
                f"Sage was asked to {doing} and reported success, but not which record it is"
            )
        return answer

    def _reply(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        writes: bool = False,
    ) -> Reply:
        """Any answer except a refused token, which is replaced once."""
        if not self.business and path != "/businesses":
            raise BadCredentials(NO_BUSINESS)
        token = self._token.current()["access_token"]
        reply = self._send(method, path, params, body, writes, token)
        if reply.status == 401:
            token = self._token.refused(token)[0]["access_token"]
            reply = self._send(method, path, params, body, writes, token)
        if reply.status == 401:
            raise faults.fault(reply, _json(reply), doing, writes=writes)
        return reply

    def _send(
        self, method: str, path: str, params: Mapping[str, str] | None, body: Any, writes: bool, token: str
    ) -> Reply:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if self.business:
            headers["X-Business"] = self.business
        try:
            reply = self._http.send(
                method,
                f"{ROOT}{path}",
                writes=writes,
                json_body=body,
                params=params,
                headers=headers,
                hide=(token,),
            )
        except RateLimited as limit:
            raise RateLimited(str(limit), limit.after if limit.after is not None else _SLOW_DOWN) from None
        self.server_time = _date(reply) or self.server_time
        return reply

    def _certain(self, body: Any, doing: str) -> None:
        """A wrong address or an unknown business answers 404 too, and must not look like a deleted record."""
        if "RecordNotFound" not in faults.codes(body):
            raise Unavailable(
                f"Sage was asked to {doing} and answered 404 without saying that the record is gone: check "
                "the setting url"
            )
        if self._sure:
            return
        known = {str(row.get("id")) for row in self.get("/businesses", "list the businesses")["$items"]}
        if self.business not in known:
            raise MissingPermission(
                f"This sign-in no longer has access to the business {self.business}: run "
                "`tieout connect sage_accounting` and choose one to which it has access"
            )
        self._sure = True


def _decoded(reply: Reply, doing: str, *, writes: bool) -> Any:
    if reply.status == 204 or (reply.status >= 300 and not reply.body):
        return None
    try:
        return reply.json()
    except ValueError:
        if reply.status >= 300:
            return None
        raise (OutcomeUnknown if writes else Unavailable)(
            f"Sage was asked to {doing}, and the answer was not JSON: it may be under maintenance"
            f"{faults.request_id(reply)}"
        ) from None


def _json(reply: Reply) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None


def _date(reply: Reply) -> datetime | None:
    try:
        return parsedate_to_datetime(reply.headers["date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None
