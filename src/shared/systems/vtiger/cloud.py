"""The interface of Vtiger's cloud: one address for each operation, HTTP Basic with each call, and a limit of
calls per minute.

The headers of every answer say how many calls are left. When there are none, the next call is not made.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from shared.errors import BadCredentials, RateLimited, SyncError
from shared.ports import Cache, Clock
from shared.systems._http import HttpClient, Reply, retry_after
from shared.systems.vtiger.api import User, answer_of, must_be_vtiger
from shared.systems.vtiger.faults import fault

_ROOT = "/restapi/v1/vtiger/default"
_KEPT = timedelta(hours=6)
_LIMITS = (
    ("X-FloodControl-Remaining", "X-FloodControl-Reset", 60.0, 3600.0),
    ("X-RateLimit-Remaining", "X-RateLimit-Reset", 900.0, 86_400.0),
)
"""What is left, when it is given anew, and how long to wait where that is not said, and at most."""


class Cloud:
    cloud = True

    def __init__(self, http: HttpClient, secret: Mapping[str, str], clock: Clock, cache: Cache) -> None:
        self._http, self._secret, self._clock, self._cache = http, secret, clock, cache
        self.address = http.base_url
        self._root = "" if http.base_url.endswith(_ROOT) else _ROOT
        self._closed_until: datetime | None = None
        self._user: User | None = None

    def get(self, operation: str, params: Mapping[str, str]) -> Any:
        return self._call("GET", operation, params)

    def post(self, operation: str, params: Mapping[str, str]) -> Any:
        return self._call("POST", operation, params)

    def me(self) -> User:
        """Read from Vtiger again every six hours."""
        if self._user is None:
            found = self._cache.get("vtiger.user", [self._key()], self._clock.now()).get(self._key())
            if found is None:
                self.sign_in()
            else:
                self._user = _user(found)
        assert self._user is not None
        return self._user

    def sign_in(self) -> None:
        found = self._ask()
        self._cache.put("vtiger.user", {self._key(): found}, self._clock.now() + _KEPT)
        self._user = _user(found)

    def _key(self) -> str:
        return f"{self._secret.get('user', '')}@{self.address}"

    def _ask(self) -> dict[str, str]:
        try:
            said = self._call("GET", "me", {})
        except SyncError as met:
            raise must_be_vtiger(met) from None
        row = said if isinstance(said, Mapping) else {}
        return {
            "id": str(row.get("id") or ""),
            "name": str(row.get("user_name") or self._secret.get("user", "")),
            "admin": "no" if str(row.get("is_admin") or "on").lower() in ("off", "0", "false") else "yes",
            "decimals": str(row.get("no_of_currency_decimals") or ""),
            "currency": str(row.get("currency_id") or ""),
            "zone": str(row.get("time_zone") or ""),
        }

    def _call(self, method: str, operation: str, params: Mapping[str, str]) -> Any:
        self._wait_is_over()
        user, key = self._secret.get("user", ""), self._secret.get("access_key", "")
        if not user or not key:
            raise BadCredentials("no user and access_key are stored for Vtiger: run 'tieout connect vtiger'")
        proof = base64.b64encode(f"{user}:{key}".encode()).decode()
        writes = method == "POST"
        reply = self._http.send(
            method,
            f"{self._root}/{operation}",
            params=None if writes else params,
            form=params if writes else None,
            writes=writes,
            judged=(429,),
            headers={"Authorization": f"Basic {proof}", "Accept": "application/json"},
            hide=(key, proof),
        )
        self._note_limits(reply)
        if reply.status == 429:
            raise RateLimited(
                "Vtiger's call limit is used up (HTTP 429)", self._after(reply), self._http.system
            )
        answer = answer_of(reply, operation, writes)
        if answer.code and reply.status == 401:
            raise fault("AUTHENTICATION_FAILURE", answer.message, operation, writes=writes)
        if answer.code:
            raise fault(answer.code, answer.message, operation, writes=writes)
        return answer.result

    def _wait_is_over(self) -> None:
        now = self._clock.now()
        if self._closed_until is not None and now < self._closed_until:
            after = max(1.0, (self._closed_until - now).total_seconds())
            raise RateLimited("Vtiger's call limit is used up for now", after, self._http.system)
        self._closed_until = None

    def _note_limits(self, reply: Reply) -> None:
        waits = [
            _until_reset(reply, reset, fallback, most, self._clock.now())
            for left, reset, fallback, most in _LIMITS
            if reply.headers.get(left, "").strip() == "0"
        ]
        if waits:
            self._closed_until = self._clock.now() + timedelta(seconds=max(waits))

    def _after(self, reply: Reply) -> float:
        if self._closed_until is not None:
            return max(1.0, (self._closed_until - self._clock.now()).total_seconds())
        _, reset, fallback, most = _LIMITS[0]
        asked = retry_after(reply.headers, self._http.longest_wait)
        return asked or _until_reset(reply, reset, fallback, most, self._clock.now())


def _user(row: Mapping[str, str]) -> User:
    told = row["decimals"], row.get("currency", ""), row.get("zone", "")
    return User(row["id"], row["name"], row["admin"] == "yes", "", *told)


def _until_reset(reply: Reply, header: str, fallback: float, most: float, now: datetime) -> float:
    """Seconds from the server's own now to the moment it names, whatever our clock says."""
    text = reply.headers.get(header, "").strip()
    if not text.isdigit():
        return fallback
    wait = float(text) - _server_time(reply, now).timestamp()
    return min(max(wait, 1.0), most)


def _server_time(reply: Reply, now: datetime) -> datetime:
    try:
        return parsedate_to_datetime(reply.headers.get("Date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return now
