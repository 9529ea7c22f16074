"""What a v11 answer other than success means, decided in one place for plain calls and for the parts of a
bulk call.

Labels and codes: Sugar's API exceptions. The vendor's own `error_message` is passed on.
"""

from collections.abc import Mapping
from typing import Any

from shared.errors import (
    BadCredentials,
    Halt,
    MissingField,
    MissingPermission,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    StaleVersion,
    SyncError,
    Unavailable,
)
from shared.systems._brief import brief
from shared.systems._redact import mask
from shared.systems.sugarcrm.rights import NoRight

_GIVE = "Give the integration's user a role and teams that allow it"
EXPIRED = ("need_login", "invalid_grant")
_BY_LABEL = {
    "not_found": 404,
    "not_authorized": 403,
    "need_login": 401,
    "invalid_grant": 401,
    "edit_conflict": 409,
    "fatal_error": 500,
}


def label(contents: Any) -> str:
    return str(contents.get("error", "")) if isinstance(contents, dict) else ""


def message(contents: Any) -> str:
    """`error_message`, or `error_description`, which some versions send instead."""
    if not isinstance(contents, dict):
        return "no explanation"
    return brief(
        contents.get("error_message")
        or contents.get("error_description")
        or contents.get("error")
        or "no explanation"
    )


def part_status(part: Mapping[str, Any]) -> int:
    """The status of one part of a bulk answer; 0 where it has none. Old versions leave it out: there an
    `error` in the contents is the only sign."""
    if isinstance(part.get("status"), (int, str)) and str(part["status"]).isdigit():
        return int(part["status"])
    contents = part.get("contents")
    if not isinstance(contents, Mapping):
        return 0
    return _BY_LABEL.get(str(contents["error"]), 422) if "error" in contents else 200


def parts_without(hide: tuple[str, ...], parts: Any) -> Any:
    """A bulk answer whose refused parts repeat no secret. What was written is a record, and stays as it
    is."""
    if not hide or not isinstance(parts, list):
        return parts
    return [
        part if isinstance(part, Mapping) and 200 <= part_status(part) < 300 else mask(part, hide)
        for part in parts
    ]


def fault(status: int, contents: Any, doing: str, *, writes: bool, one_record: bool = False) -> SyncError:
    """`doing` completes "SugarCRM refused to …". `one_record`: a 404 or 422 concerns that record, not the
    whole connection."""
    said = f"SugarCRM refused to {doing} (HTTP {status}: {message(contents)})"
    if status >= 500:
        what = f"SugarCRM failed while asked to {doing} (HTTP {status}: {message(contents)})"
        return OutcomeUnknown(what) if writes else Unavailable(what)
    if status == 429:
        return RateLimited(f"{said}; it asks for fewer calls")
    if status == 409:
        return StaleVersion(f"{said}; the record was changed in the meantime and will be read again")
    if status == 412:
        return Unavailable(f"{said}; its metadata changed, and the call will be made again")
    # A 404 that is not Sugar's own says something about the address or a proxy, nothing about the record.
    if one_record and (status != 404 or label(contents) == "not_found"):
        return _of_record(status, contents, said)
    return _of_connection(status, contents, said)


def _of_record(status: int, contents: Any, said: str) -> SyncError:
    if status == 404:
        return RecordRejected(
            f"{said}. The record was deleted, or the teams of the integration's user hide it: look in "
            "SugarCRM with that user"
        )
    if status == 403 and label(contents) == "not_authorized":
        return NoRight(said, _GIVE)
    if status in (401, 403):
        return _of_connection(status, None, said)
    return RecordRejected(f"{said}. Correct the record or the mapping, then retry")


def _of_connection(status: int, contents: Any, said: str) -> SyncError:
    if status == 401:
        return BadCredentials(f"{said}. Check user, password and platform with 'tieout connect sugarcrm'")
    if status == 403:
        return MissingPermission(f"{said}. {_GIVE}")
    if status == 422:
        return MissingField(
            f"{said}. Check the field names and values in the rule file against SugarCRM's Studio"
        )
    if label(contents) == "incorrect_version":
        return Halt(f"{said}. Set api_version to one that this SugarCRM knows")
    if 300 <= status < 400:
        return Halt(
            f"{said}. The address redirects elsewhere: set url to the address where a browser ends up"
        )
    if status == 404:
        return Halt(f"{said}. Check url, api_version and the module's name (module names are case-sensitive)")
    return Halt(f"{said}. Check url and api_version in the settings")
