"""Reads HyperAccounts' answers: what happened, and what to do about it.

An application error may come as HTTP 200 with `success: false` or, with `new-response`, under its own HTTP
status: both are handled in the same way. The text decides only between a lock (try later) and a refusal (a
person must act).
"""

import re
from typing import Any

from shared.errors import BadCredentials, Busy, OutcomeUnknown, RecordRejected, Retry, SyncError, Unavailable
from shared.systems._brief import brief
from shared.systems._http import Reply
from shared.systems._json import is_torn

LOCKED_SECONDS = 900.0
"""Exclusive mode lasts as long as a month end or a restore: minutes to hours."""
RECORD_LOCK_SECONDS = 300.0

_RUNNING = re.compile(r"process is already running", re.I)
_NUMBER = re.compile(r"\berror(?:\s+(?:code|number|no\.?))?\s*[:#]?\s*(\d{1,2})\b", re.I)
_SDO_LOCKS = {
    16: "Sage is not connected",
    23: "the Sage user name is already in use",
    24: "someone has Sage 50 in exclusive use",
    25: "Sage cannot reach its data folder",
    26: "Sage and the connecting service have different versions",
    30: "all Sage user licences are in use",
}
_LOCK_TEXT = re.compile(
    r"exclusive|single.user mode|user ?name.{0,40}in use|user.{0,20}already logged|"
    r"(company|dataset|data).{0,30}in use|user count|too many users",
    re.I,
)
_RECORD_TEXT = re.compile(
    r"in use by|(record|order|account|file).{0,40}(locked|currently in use|being edited)", re.I
)
_CURRENCY = re.compile(r"currency", re.I)


def opened(reply: Reply, *, writes: bool, doing: str) -> dict[str, Any]:
    """The envelope of a call that succeeded.

    Raises BadCredentials, Busy (not executed), Unavailable, OutcomeUnknown (a write without a readable
    answer) or RecordRejected. `doing` completes the sentence "Sage 50 refused to ...".
    """
    if reply.status in (401, 403) and is_torn(reply.body):
        raise Unavailable(f"Sage 50's answer broke off (HTTP {reply.status})")
    if reply.status in (401, 403):
        raise BadCredentials(
            f"Sage 50 refused the access token (HTTP {reply.status}): get the AuthToken of this "
            "installation and store it again with `tieout connect sage_50`."
        )
    data = _decoded(reply)
    if _is_busy(reply.status, data):
        said = reply.said(_message(data))
        raise Busy(f"Sage 50 is busy: {said or 'the same operation is already running'}")
    if not isinstance(data, dict) or not isinstance(data.get("success"), bool):
        raise _unreadable(reply, data, writes, doing)
    if not data["success"]:
        raise refusal(reply.said(_message(data)), data.get("code"), doing)
    return data


def refusal(message: str, code: Any, doing: str) -> SyncError:
    """What a `success: false` means. `code` 500 is the vendor's ordinary refusal, not a server fault."""
    number = _sdo_number(message, code)
    if number in _SDO_LOCKS or _LOCK_TEXT.search(message):
        why = _SDO_LOCKS.get(number, "Sage 50 is locked") if number else "Sage 50 is locked"
        return Unavailable(
            f"Sage 50 is not available: {why}. It says: {message or 'no reason given'}", LOCKED_SECONDS
        )
    if _RECORD_TEXT.search(message):
        return Busy(f"Someone has this record open in Sage 50. It says: {message}", RECORD_LOCK_SECONDS)
    if _RUNNING.search(message):
        return Busy(f"Sage 50 is busy: {message}")
    said = message.strip().rstrip(".") or f"it gave no reason (code {code})"
    return RecordRejected(f"Sage 50 refused to {doing}: {said}.{_advice(number, message)}")


def _advice(number: int | None, message: str) -> str:
    if number == 34 or _CURRENCY.search(message):
        return " The order's currency must be the currency of the customer's account in Sage."
    if number == 33:
        return " Foreign currency trading is not set up in this Sage company."
    return ""


def _sdo_number(message: str, code: Any) -> int | None:
    found = _NUMBER.search(message)
    if found:
        return int(found[1])
    return code if isinstance(code, int) and code in _SDO_LOCKS else None


def _decoded(reply: Reply) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None


def _message(data: Any) -> str:
    if not isinstance(data, dict):
        return ""
    return str(data.get("message") or data.get("Message") or "")


def _is_busy(status: int, data: Any) -> bool:
    if _RUNNING.search(_message(data)):
        return True
    return status == 409 and not (isinstance(data, dict) and "success" in data)


def _unreadable(reply: Reply, data: Any, writes: bool, doing: str) -> Retry | RecordRejected:
    """An answer without an envelope: a proxy's page, an incomplete answer, or the framework's own error."""
    if reply.status in (404, 405):
        return Unavailable(
            f"The Sage 50 address answers HTTP {reply.status} to {doing!r}: check the url setting of "
            "sage_50 and that the service on the Sage server is running."
        )
    if reply.status == 400 and _message(data):
        return RecordRejected(f"Sage 50 refused to {doing}: {brief(_message(data))}")
    kind = "an answer that is incomplete or malformed" if data is None else "an unexpected answer"
    what = f"Sage 50 gave {kind} (HTTP {reply.status}) when asked to {doing}"
    return OutcomeUnknown(what) if writes else Unavailable(what)
