"""What an answer other than success means, with Sage's own message in readable form.

Sage answers with an array of errors. `$source` names the field; for documents it uses the general names
line_items and shipping. Every sentence ends with Sage's request id, which its support asks for.
"""

from collections.abc import Mapping
from typing import Any

from shared.errors import (
    BadCredentials,
    Busy,
    Halt,
    MissingPermission,
    OutcomeUnknown,
    RecordRejected,
    SyncError,
    Unavailable,
)
from shared.systems._brief import brief
from shared.systems._http import Reply
from shared.systems._json import is_torn
from shared.systems.sage_accounting.oauth import RECONNECT

REQUEST_ID = "x_request_id"
_WORDS = {
    "line_items": "line",
    "invoice_lines": "line",
    "tax_number": "VAT number",
    "country_id": "country",
    "contact_id": "customer",
    "contact": "customer",
    "item_code": "code",
    "address_line_1": "first address line",
    "address_line_2": "second address line",
    "city": "town",
    "region": "county",
    "postal_code": "postcode",
}
_SILENT = (
    "",
    "base",
    "contact",
    "product",
    "service",
    "stock_item",
    "sales_invoice",
    "contact_person",
    "address",
)
"""Sources that name the record as a whole."""
_MOST = 20
"""Errors of one answer that are repeated to a person."""
_LINES = ("line_items", "invoice_lines")


def rows_of(body: Any) -> list[Mapping[str, Any]]:
    """The errors in a body, which is usually an array, and sometimes a single error."""
    rows = body if isinstance(body, list) else [body]
    return [row for row in rows if isinstance(row, Mapping) and ("$message" in row or "$dataCode" in row)]


def codes(body: Any) -> set[str]:
    return {str(row.get("$dataCode") or "") for row in rows_of(body)}


def reasons(body: Any) -> list[str]:
    """One readable reason for each error: "line, tax rate: This field is required."."""
    rows = rows_of(body)
    left = [f"and {len(rows) - _MOST} more"] if len(rows) > _MOST else []
    return [*map(_reason, rows[:_MOST]), *left]


def fault(reply: Reply, body: Any, doing: str, *, writes: bool) -> SyncError:
    """The error to raise for an answer that is not 2xx. A refused token, 404 and 429 are handled earlier."""
    said = "; ".join(reasons(body)) or f"HTTP {reply.status}, without a reason"
    identity = request_id(reply)
    if reply.status == 401 and is_torn(reply.body):
        return Unavailable(f"Sage's answer broke off when asked to {doing} (HTTP 401)")
    if reply.status == 401:
        return BadCredentials(
            f"Sage refused to {doing} even with a new sign-in: {said}{identity}. If the subscription is "
            f"active, {RECONNECT}"
        )
    if reply.status == 403:
        return MissingPermission(
            f"Sage does not allow this user to {doing}: {said}{identity}. Give the user full access to this "
            "area in Sage, under Settings > Users"
        )
    if reply.status >= 500 or 300 <= reply.status < 400 or reply.status == 408:
        return (OutcomeUnknown if writes else Unavailable)(f"Sage could not {doing}: {said}{identity}")
    if reply.status == 409:
        return Busy(f"Sage is already processing this: {said}{identity}")
    if writes:
        said_with_id = [*reasons(body)[:-1], f"{(reasons(body) or [said])[-1]}{identity}"]
        return RecordRejected(said_with_id, refused_fields(body))
    return Halt(f"Sage refused to {doing}: {said}{identity}")


def refused_fields(body: Any) -> list[str]:
    """The native fields that the errors name, or nothing if one of them names the record as a whole, or a
    line. "main_address.country_id" is the field main_address/country_id."""
    sources = [str(row.get("$source") or "") for row in rows_of(body)]
    whole = any(source in _SILENT or source.startswith(_LINES) for source in sources)
    return [] if whole else [source.replace(".", "/") for source in sources]


def request_id(reply: Reply) -> str:
    found = reply.headers.get(REQUEST_ID)
    return f" (Sage's request id {found})" if found else ""


def _reason(row: Mapping[str, Any]) -> str:
    message = brief(row.get("$message") or row.get("$dataCode") or "")
    where = named(str(row.get("$source") or ""))
    return f"{where}: {message}" if where else message


def named(source: str) -> str:
    """A source in words: "line_items.tax_rate_id" is "line, tax rate"; "" for the record as a whole."""
    parts = [part for part in source.split(".") if part]
    words = [
        _WORDS.get(part) or part.removesuffix("_id").replace("_", " ")
        for part in parts
        if part not in _SILENT or (part == parts[-1] and len(parts) > 1)
    ]
    return ", ".join(words)
