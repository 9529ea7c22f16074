"""What both interfaces of Vtiger have in common: the calls a connector makes, and how an answer is unwrapped.

Success is `{"success": true, "result": …}`, whatever the HTTP status says. Anything else becomes one of
`shared.errors`.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from shared.domain.record import record
from shared.errors import BadCredentials, Halt, OutcomeUnknown, SyncError, Unavailable
from shared.systems._http import Reply
from shared.systems._json import is_torn, loads
from shared.systems.vtiger.faults import Broken, Denied, WebPage

_OF_ONE_RECORD = ("retrieve", "revise")
"""Statuses with which a refusal without a reason may be about the record and not about the address: the
record is then requested in another way."""


@record
class User:
    """The integration's user. `version` is that of an open source server, such as 8.4.0, and "" in the
    cloud. `decimals`, `currency` (an id) and `zone` are preferences; "" where the sign-in does not say."""

    id: str
    name: str
    admin: bool
    version: str = ""
    decimals: str = ""
    currency: str = ""
    zone: str = ""


class Api(Protocol):
    """`get` for operations that read, `post` for those that write. Both give `result`, and raise only
    SyncErrors."""

    cloud: bool
    address: str

    def get(self, operation: str, params: Mapping[str, str]) -> Any: ...

    def post(self, operation: str, params: Mapping[str, str]) -> Any: ...

    def me(self) -> User:
        """Signs in if that has not been done yet. Raises BadCredentials, or Halt if the address does not
        belong to a Vtiger."""
        ...

    def sign_in(self) -> None:
        """Signs in again, so that the stored key is proved, whatever was kept from an earlier sign-in. Raises
        like `me`."""
        ...


@record
class Answer:
    """`code` is "" for success."""

    result: Any = None
    code: str = ""
    message: str = ""


def answer_of(reply: Reply, operation: str, writes: bool) -> Answer:
    """Raises for everything except Vtiger's own success or refusal."""
    body = _json(reply)
    if isinstance(body, Mapping) and body.get("success") is True and reply.status < 400:
        return Answer(body.get("result"))
    error = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(error, Mapping):
        return Answer(
            None,
            reply.said(str(error.get("code", ""))) or "UNKNOWN",
            reply.said(str(error.get("message", ""))),
        )
    raise _unreadable(reply, operation, writes)


def _json(reply: Reply) -> Any:
    """None if there is no JSON. PHP may print blank lines or warnings before the answer."""
    text = reply.text.lstrip("\ufeff \t\r\n")
    if not text.startswith("{"):
        text = text[text.find('{"success"') :] if '{"success"' in text else ""
    try:
        return loads(text)
    except ValueError:
        return None


def _unreadable(reply: Reply, operation: str, writes: bool) -> SyncError:
    status, failed = reply.status, OutcomeUnknown if writes else Unavailable
    if status >= 500:
        return _failed(reply, operation, writes)
    if status == 401 and is_torn(reply.body):
        return Unavailable("Vtiger's answer broke off (HTTP 401)")
    if status == 401:
        return BadCredentials(
            "Vtiger refused the user's name or access key (HTTP 401): copy the key again from My "
            "Preferences in Vtiger, then run 'tieout connect vtiger'"
        )
    if status == 403:
        return Denied(
            f"Vtiger, or the web server in front of it, refuses {operation} (HTTP 403): give the "
            "integration's user administrator rights"
        )
    if 300 <= status < 400:
        where = reply.said(reply.headers.get("location", "no address given"))
        return Halt(
            f"Vtiger's address redirects elsewhere ({where}): set url to the address where a browser ends up"
        )
    if status in (400, 404) and operation in _OF_ONE_RECORD:
        return Denied(f"Vtiger refused {operation} of this record (HTTP {status})")
    if status >= 400:
        return Halt(
            f"nothing answers {operation} at the address of Vtiger (HTTP {status}): check url and api "
            "(webservice for your own server, cloud for an instance hosted by Vtiger)"
        )
    if "<html" in reply.text[:2000].lower() or "<!doctype" in reply.text[:200].lower():
        return (OutcomeUnknown if writes else WebPage)(
            f"Vtiger's address answered {operation} with a web page instead of data: check url and api "
            "(webservice for your own server, cloud for an instance hosted by Vtiger)"
        )
    return failed(f"Vtiger's answer to {operation} was not its usual JSON: see the server's error log")


def _failed(reply: Reply, operation: str, writes: bool) -> SyncError:
    empty = not reply.body.strip()
    how = f"HTTP {reply.status}, {'no answer' if empty else reply.text[:120].strip()}"
    if writes:
        return OutcomeUnknown(
            f"Vtiger broke off during {operation} ({how}): part of the record may have been written"
        )
    what = f"Vtiger broke off during {operation} ({how}): see the PHP error log of the server"
    return Broken(what) if empty else Unavailable(what)


def must_be_vtiger(fault: SyncError) -> SyncError:
    """If a sign-in gets a web page, the address is wrong, and only a person can correct it."""
    return Halt(str(fault)) if isinstance(fault, WebPage) else fault


def denied_sign_in(user: str, message: str) -> SyncError:
    return BadCredentials(f"Vtiger has no active user '{user}' ({message}): check the user's name")
