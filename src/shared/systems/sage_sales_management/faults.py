"""What an answer other than success means, decided in one place.

The vendor says little: HTTP 400 for a wrong filter, a wrong value and an unknown id alike, with a code
(900, 901, 910)
that may be missing.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.errors import Halt, MissingPermission, OutcomeUnknown, RecordRejected, SyncError, Unavailable
from shared.systems._brief import brief
from shared.systems._http import Reply
from shared.systems._redact import mask

SUCCESS, UNREACHABLE, INTERNAL, MISSING = "1", "900", "901", "910"


class NotThere(RecordRejected):
    """Code 910: no such record or resource."""


class Refusal(RecordRejected):
    """HTTP 400 for another reason, or for none that is told."""


def decoded(reply: Reply, doing: str, writes: bool) -> Any:
    """The JSON of a 2xx. Raises what any other answer means."""
    try:
        body = reply.json()
    except ValueError:
        body = None
    if 200 <= reply.status < 300:
        if body is None:
            raise unreadable(doing, writes)
        return _without(reply.repeated, body) if writes else body
    raise fault(reply.status, body, doing, writes)


def _without(hide: tuple[str, ...], body: Any) -> Any:
    """The answer to a bulk call whose refused items repeat no secret of ours. What was written stays as it
    is."""
    if not hide or not isinstance(body, list):
        return body
    return [
        item if isinstance(item, Mapping) and str(item.get("code")) == SUCCESS else mask(item, hide)
        for item in body
    ]


def unreadable(doing: str, writes: bool) -> SyncError:
    return (OutcomeUnknown if writes else Unavailable)(
        f"Sage Sales Management was asked to {doing} and gave an answer that is not its own: check url, and "
        "any proxy in front of it"
    )


def fault(status: int, body: Any, doing: str, writes: bool) -> SyncError:
    code, message = told(body)
    said = f"Sage Sales Management refused to {doing} (HTTP {status}: {message or 'no explanation'})"
    if status == 400 and not writes and not isinstance(body, Mapping):
        return unreadable(doing, writes)
    if status == 400:
        return _of_400(code, message, said, doing, writes)
    if status == 403:
        return MissingPermission(f"{said}. Give the user of the API keys the rights of an administrator")
    if status >= 500:
        return (OutcomeUnknown if writes else Unavailable)(
            f"Sage Sales Management broke off when asked to {doing} (HTTP {status})"
        )
    return Halt(f"{said}. Check that url is the address of its API")


def _of_400(code: str, message: str, said: str, doing: str, writes: bool) -> SyncError:
    if code == UNREACHABLE:
        what = f"Sage Sales Management cannot reach its own database and did not {doing} ({message})"
        return (OutcomeUnknown if writes else Unavailable)(what)
    if code == MISSING:
        return NotThere(f"{said}. It does not exist there, or was deleted")
    return Refusal(f"{said}. Check the values of the record")


def code_of(reply: Reply) -> str:
    """The vendor's own code, "" where there is none."""
    try:
        return told(reply.json())[0]
    except ValueError:
        return ""


def told(body: Any) -> tuple[str, str]:
    """(code, message), "" where they are missing. Names are spelt in several ways."""
    if not isinstance(body, Mapping):
        return "", ""
    code = next((str(body[name]) for name in ("code", "Code", "errorCode") if body.get(name)), "")
    text = next((str(body[name]) for name in ("message", "Message", "error") if body.get(name)), "")
    return (code if re.fullmatch(r"\d{3}", code) else ""), brief(text, 300)
