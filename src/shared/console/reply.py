"""What the console answers, with the headers that keep a browser strict about it."""

import base64
import gzip
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from shared.domain.record import record

HTML = "text/html; charset=utf-8"
_WORTH_PACKING = 1_400
"""Bytes that fit one packet anyway."""
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


@record
class Reply:
    """`headers` are added to those of every answer, or take their place."""

    status: int
    body: str = ""
    location: str = ""
    cookies: tuple[str, ...] = ()
    kind: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self, packed: bool = False) -> dict[str, Any]:
        """`packed`: whether the body is sent as gzip."""
        headers = {**_HEADERS, "Content-Type": self.kind, **self.headers}
        if self.location:
            headers["Location"] = self.location
        content: dict[str, Any] = {"body": self.body}
        if packed and len(self.body) > _WORTH_PACKING:
            data = gzip.compress(self.body.encode(), 6, mtime=0)
            content = {"body": base64.b64encode(data).decode(), "isBase64Encoded": True}
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        cookies = {"cookies": list(self.cookies)} if self.cookies else {}
        return {"statusCode": self.status, "headers": headers, **content, **cookies}
