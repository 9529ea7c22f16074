"""What an answer from Vtiger other than success means, decided in one place for both interfaces.

Vtiger says little: `ACCESS_DENIED` can mean missing, deleted, unknown or forbidden, so a caller that asked
for one record has to ask again in another way. Vtiger's own message is passed on unchanged."""

from shared.errors import (
    BadCredentials,
    Halt,
    MissingField,
    MissingPermission,
    OutcomeUnknown,
    RecordRejected,
    RuleInvalid,
    SyncError,
    Unavailable,
)

SESSION_ENDED = frozenset(
    {
        "SESSION_EXPIRED",
        "SESSION_LEFT_IDLE",
        "INVALID_SESSIONID",
        "AUTHENTICATION_REQUIRED",
        "INVALID_SESSION",
    }
)
WRONG_KEY = frozenset(
    {"INVALID_USER_CREDENTIALS", "INVALID_AUTH_TOKEN", "AUTHENTICATION_FAILURE", "ACCESSKEY_UNDEFINED"}
)
_FAILED = frozenset({"INTERNAL_SERVER_ERROR", "DATABASE_QUERY_ERROR"})


class Denied(MissingPermission):
    """ACCESS_DENIED or RECORD_NOT_FOUND: forbidden, deleted, or never there."""


class Broken(Unavailable):
    """HTTP 500 with an empty body: PHP died, as it does for operations that do not work on this server at
    all."""


class WebPage(Unavailable):
    """A web page instead of data: a wrong address, or a server that is closed for maintenance."""


class WrongId(RecordRejected):
    """INVALID_ID_ATTRIBUTE: the number belongs to a record of another module, or the server refuses every id
    here."""


class Duplicate(RecordRejected):
    """Another record has the same value in a field that must be unique."""


class BadQuery(RuleInvalid):
    """QUERY_SYNTAX_ERROR."""


_OF_RECORD = {
    "REFERENCE_INVALID": "The linked record is of a kind that the field does not accept",
    "MANDATORY_FIELDS_MISSING": (
        "Vtiger requires this field: fill it in in the other system, or give it a default in the rules"
    ),
    "CURRENCY_INACTIVE": "Activate that currency in Vtiger under Settings > Currencies",
}


def fault(code: str, message: str, doing: str, *, writes: bool) -> SyncError:
    """`doing` completes "Vtiger refused to …"."""
    said = f"Vtiger refused to {doing} ({code or 'no code'}: {message or 'no explanation'})"
    if code in ("ACCESS_DENIED", "RECORD_NOT_FOUND"):
        return Denied(
            f"{said}. The record was deleted, or the integration's user may not do this: give that user "
            "administrator rights in Vtiger"
        )
    if code == "INVALID_ID_ATTRIBUTE":
        return WrongId(f"{said}. Vtiger says this when an id belongs to a record of another kind")
    if code == "0" or "duplicate" in message.lower():
        return Duplicate(f"{said}. A record with the same name already exists, perhaps in the recycle bin")
    if code in _OF_RECORD:
        return RecordRejected(f"{said}. {_OF_RECORD[code]}")
    if code == "QUERY_SYNTAX_ERROR":
        return BadQuery(f"{said}. Check the field names in the rule files of Vtiger")
    return _of_connection(code, said, doing, writes)


def _of_connection(code: str, said: str, doing: str, writes: bool) -> SyncError:
    if code in WRONG_KEY or code in SESSION_ENDED:
        return BadCredentials(
            f"{said}. Check the user's name and access key (My Preferences in Vtiger), then run "
            "'tieout connect vtiger'"
        )
    if code in ("UNKNOWN_OPERATION", "OPERATION_NOT_SUPPORTED"):
        return Halt(f"{said}. This installation does not know this call: check api and url in the settings")
    if code in ("UNKOWN_ENTITY", "UNKNOWN_ENTITY"):
        return MissingField(f"{said}. Check the module's name in the rule file; capital letters matter")
    if code in _FAILED:
        what = f"Vtiger failed when asked to {doing} ({said}): see the server's log"
        return OutcomeUnknown(what) if writes else Unavailable(what)
    return RecordRejected(f"{said}. Correct the record, then retry") if writes else Unavailable(said)
