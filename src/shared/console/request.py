"""A Function URL's payload, read: whatever somebody sends, these are texts of a sensible length."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import parse_qs

from shared.domain.record import record

LONGEST_QUERY = 500
_LONGEST_BODY = 1_048_576
"""A rule file as it was typed, and the settings around it. What is longer is cut."""
_MOST_FIELDS = 1_200
"""A form names at most a thousand records, those of one group."""


@record
class Request:
    """`form` holds every value of each field, `query` the last one. `origin` is what the browser says of the
    page that sent it ("" for one that says nothing)."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origin: str = ""

    def said(self, name: str) -> str:
        """The first value of a field of the form, "" where there is none."""
        values = self.form.get(name, ())
        return values[0] if values else ""


def read(payload: Mapping[str, Any]) -> Request:
    """Version 2.0 of the payload."""
    method = str(payload.get("requestContext", {}).get("http", {}).get("method"))
    return Request(
        method,
        str(payload.get("rawPath", "")),
        _query(payload),
        _form(payload) if method == "POST" else {},
        _headers(payload).get("sec-fetch-site", ""),
    )


def may_be_packed(payload: Mapping[str, Any]) -> bool:
    """Whether the browser takes gzip. Not for an address with a query: what another site can put into an
    address is not packed together with a form's token, which the length would give away (BREACH)."""
    return not payload.get("queryStringParameters") and "gzip" in _headers(payload).get("accept-encoding", "")


def _headers(payload: Mapping[str, Any]) -> dict[str, str]:
    found = payload.get("headers")
    given = found.items() if isinstance(found, Mapping) else ()
    return {str(name).lower(): str(value) for name, value in given}


def _form(payload: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What is no form of ours counts as an empty one: no key, no token, nothing to do."""
    text = str(payload.get("body") or "")
    try:
        if payload.get("isBase64Encoded"):
            text = base64.b64decode(text).decode("utf-8", "replace")
        fields = parse_qs(text[:_LONGEST_BODY], keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (binascii.Error, ValueError):
        return {}
    return {name: tuple(map(_readable, values)) for name, values in fields.items()}


def _query(payload: Mapping[str, Any]) -> dict[str, str]:
    given = payload.get("queryStringParameters")
    found = given.items() if isinstance(given, Mapping) else ()
    return {str(name): _readable(str(value))[:LONGEST_QUERY] for name, value in found}


def _readable(text: str) -> str:
    """Without half characters, which JSON can carry and UTF-8 cannot, and without control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(one for one in whole if one.isprintable() or one in "\n\t")
