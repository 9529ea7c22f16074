"""The one HTTP edge of all connectors.

Promises: calls go to the configured host only, redirects are never followed, every call ends before the
worker's deadline, every exchange is recorded without secrets, and whatever happens becomes one of
`shared.errors`. A write that may have reached the vendor without an answer is `OutcomeUnknown`, never
`Unavailable`.
"""

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from shared.domain.record import record
from shared.domain.titles import title
from shared.errors import OutcomeUnknown, RateLimited, Retry, Unavailable
from shared.ports import Recorder
from shared.systems._brief import brief
from shared.systems._dates import seconds_ahead
from shared.systems._json import encode as encode
from shared.systems._json import loads
from shared.systems._literals import Literals
from shared.systems._redact import mask, redact, redact_text
from shared.systems._silence import why

for name in ("httpx", "httpcore"):  # they would log addresses, and some vendors have a session in them
    logging.getLogger(name).setLevel(logging.WARNING)

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_MIN_TIMEOUT = 1.0
LONGEST_WAIT = 3600.0
MOST_BYTES = 64 * 1024 * 1024
"""Of one answer. No list that is asked for here comes near it; what does is not an answer."""


@record
class Reply:
    """A vendor's answer. `status` is the HTTP status; the body is decoded on demand."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    system: str
    literals: Literals = field(default_factory=Literals)

    def said(self, text: str) -> str:
        """What the vendor explains, in brief and without secrets of the connection that it repeats."""
        return brief(self.literals.out_of_text(text))

    @property
    def repeated(self) -> tuple[str, ...]:
        """The secrets of the connection that the answer repeats, however it spells them."""
        return self.literals.within(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Numbers with a point come as Decimal. Raises ValueError when the body is not JSON."""
        return loads(self.body)


class AnswerTooLarge(httpx.TransportError):
    """It is not read to its end."""


def _whole(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise AnswerTooLarge(f"more than {MOST_BYTES} bytes")
        parts.append(part)
    return b"".join(parts)


class HttpClient:
    """`seconds_left` bounds every time-out; `allow` raises Unavailable for an address that must not be
    called; `permit` may stop any call before it is sent. A wait that a vendor asks for is believed up to
    `longest_wait` seconds."""

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        recorder: Recorder,
        allow: Callable[[str], None],
        seconds_left: Callable[[], float],
        timeout: float = 30.0,
        longest_wait: float = LONGEST_WAIT,
        transport: httpx.BaseTransport | None = None,
        literals: Literals | None = None,
        permit: Callable[[], None] = lambda: None,
    ) -> None:
        self.system = system
        self.base_url = base_url.rstrip("/")
        self._recorder = recorder
        self._allow = allow
        self._seconds_left = seconds_left
        self._timeout = timeout
        self._permit = permit
        self._literals = Literals() if literals is None else literals
        self.longest_wait = longest_wait
        self.ahead: float | None = None
        """Seconds that our clock is ahead of the vendor's, by the answer that came nearest to ours."""
        self._client = httpx.Client(
            transport=transport, follow_redirects=False, trust_env=False, verify=_authorities()
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        writes: bool = False,
        json_body: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        hide: tuple[str, ...] = (),
        record_reply: bool = True,
        judged: tuple[int, ...] = (),
    ) -> Reply:
        """One call. `writes` says that the vendor's data may change, so that a lost answer is an unknown
        outcome.

        `judged`: statuses that the connector interprets itself, because the vendor says more in its own
        headers.

        Secrets are removed from the recording by name; `hide` names further literal secrets (a positional
        session id) and `record_reply=False` keeps an answer that *is* a secret (a sign-in) out of it.

        `json_body` may hold Decimals: they are sent as JSON numbers, exactly. `content` is sent as it is, and
        only its length is recorded. Raises RateLimited (429, or 503 with Retry-After), Unavailable,
        OutcomeUnknown. Other statuses are returned.
        """
        url = self.base_url + path
        self._allow(url)
        raw = content
        if json_body is not None:
            content = encode(json_body)
        sent = dict(headers or {})
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        self._literals.add_headers(sent)
        self._literals.add(hide)
        self._limit(timeout)  # no call without time for it
        self._permit()
        started, at = time.monotonic(), datetime.now(UTC)
        status, body = 0, b""
        try:
            with self._client.stream(
                method,
                url,
                content=content,
                data=form,
                params=params,
                headers=sent,
                timeout=self._limit(timeout),
            ) as answer:
                status, found = answer.status_code, answer.headers
                body = _whole(answer)
        except httpx.HTTPError as fault:
            body = type(fault).__name__.encode()
            raise self._fault(fault, writes) from None
        finally:
            self._record(
                at,
                started,
                method,
                path,
                params,
                f"{len(raw)} bytes" if raw is not None else json_body if form is None else form,
                status,
                body if record_reply else b"[sign-in answer not kept]",
            )
        self._compare_clocks(found)
        if status >= 400:
            body = self._literals.out_of(body)  # it ends in an error's explanation
        reply = Reply(status, found, body, self.system, self._literals)
        if reply.status not in judged:
            self._refuse(reply, writes)
        return reply

    def seconds_left(self) -> float:
        """The time until the worker's deadline, which a connector may spend on waiting and calling again."""
        return self._seconds_left()

    def close(self) -> None:
        self._client.close()

    def _compare_clocks(self, headers: Mapping[str, str]) -> None:
        ahead = seconds_ahead(headers, datetime.now(UTC))
        if ahead is not None and (self.ahead is None or abs(ahead) < abs(self.ahead)):
            self.ahead = ahead

    def _limit(self, timeout: float | None) -> float:
        left = self._seconds_left()
        if left <= _MIN_TIMEOUT:
            raise Retry(f"there is no time left in this run to call {title(self.system)}", after=1)
        return min(timeout or self._timeout, left)

    def _fault(self, fault: httpx.HTTPError, writes: bool) -> Exception:
        what = f"{title(self.system)} did not answer: {why(fault)}"
        if writes and not isinstance(fault, _NEVER_SENT):
            return OutcomeUnknown(what, system=self.system)
        return Unavailable(what, system=self.system)

    def _refuse(self, reply: Reply, writes: bool) -> None:
        after = retry_after(reply.headers, self.longest_wait)
        if reply.status == 429 or (reply.status == 503 and after is not None):
            what = f"{title(reply.system)} asks for fewer calls (HTTP {reply.status})"
            raise RateLimited(what, after, self.system)
        if reply.status in (502, 503, 504):
            what = f"{title(reply.system)} is not available (HTTP {reply.status})"
            raise (OutcomeUnknown if writes else Unavailable)(what, system=self.system)

    def _record(
        self,
        at: datetime,
        started: float,
        method: str,
        path: str,
        params: Any,
        sent: Any,
        status: int,
        body: bytes,
    ) -> None:
        line = {
            "kind": "exchange",
            "at": at.isoformat(),
            "system": self.system,
            "method": method,
            "path": path,
            "params": redact(params),
            "request": redact(sent),
        }
        self._recorder.exchange(
            {
                **mask(line, self._literals.all),
                "status": status,
                "response": redact_text(body, self._literals.within(body)),
                "ms": round((time.monotonic() - started) * 1000),
            }
        )


@cache
def _authorities() -> ssl.SSLContext:
    """Read once per process: parsing the certificates takes longer than most calls, and each invocation opens
    its own clients."""
    return httpx.create_ssl_context(trust_env=False)


def retry_after(headers: Mapping[str, str], most: float = LONGEST_WAIT) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date, but never more than `most`; None when
    absent or unreadable."""
    text = (headers.get("Retry-After") or headers.get("retry-after") or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(most, float(text[:_DIGITS]) if len(text) <= _DIGITS else most)
    try:
        wait = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(most, max(0.0, wait))


_DIGITS = 12
