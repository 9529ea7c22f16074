"""Reads from the local stack without botocore, whose modules and descriptions take a command longer to load
than all that it asks.

Only what reads, only in two forms of AWS's (JSON with a target, and Lambda's list), and only what is answered
well: anything else, and whatever is not answered with 200, goes to the client that botocore makes, whose
words and repeats stand.
"""

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

_SECONDS = 60.0
_TARGETS = {
    ("dynamodb", "get_item"): "DynamoDB_20120810.GetItem",
    ("dynamodb", "batch_get_item"): "DynamoDB_20120810.BatchGetItem",
    ("dynamodb", "query"): "DynamoDB_20120810.Query",
    ("sqs", "get_queue_attributes"): "AmazonSQS.GetQueueAttributes",
}
"""(service, method of its client) -> what is asked for: of these two, what commands read."""
_LISTED = "/2015-03-31/event-source-mappings"
SERVICES = ("dynamodb", "lambda", "sqs")


class QuickClient:
    """A client of one of `SERVICES`; `whole` makes botocore's when it is first needed. Rows may hold the
    kinds of values that Tieout stores. May be shared by threads, which take turns."""

    def __init__(
        self, service: str, endpoint: str, region: str, key: str, secret: str, whole: Callable[[], Any]
    ) -> None:
        self._service, self._region, self._key, self._secret = service, region, key, secret
        self._host = urlsplit(endpoint).netloc
        self._whole, self._made, self._turn = whole, None, Lock()
        self._line: http.client.HTTPConnection | None = None

    def __getattr__(self, name: str) -> Any:
        if (target := _TARGETS.get((self._service, name))) is not None:
            return lambda **asked: self._read(name, asked, "POST", "/", "", target)
        return getattr(self._botocore(), name)

    def list_event_source_mappings(self, **asked: Any) -> Any:
        query = urlencode(sorted(asked.items()), quote_via=quote)
        return self._read("list_event_source_mappings", asked, "GET", _LISTED, query, "")

    def _botocore(self) -> Any:
        if self._made is None:
            self._made = self._whole()
        return self._made

    def _read(
        self, name: str, asked: Mapping[str, Any], method: str, path: str, query: str, target: str
    ) -> Any:
        body = json.dumps(asked, default=_text).encode() if target else b""
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target} if target else {}
        signed = self._signed(method, path, query, headers, body)
        with self._turn:
            answered = self._exchange(method, f"{path}?{query}" if query else path, signed, body)
        if answered is None:
            return getattr(self._botocore(), name)(**asked)
        return json.loads(answered, object_hook=_bytes if self._service == "dynamodb" else None)

    def _exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """None for all that is not a plain answer. A line that was kept may have been closed since."""
        kept, self._line = self._line, None
        for line in [kept] if kept is None else [kept, None]:
            line = line or http.client.HTTPConnection(self._host, timeout=_SECONDS)
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                line.close()
                continue
            self._line = line
            return content if answer.status == 200 else None
        return None

    def _signed(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, str]:
        """With AWS's signature, version 4 (Signature Version 4 signing process, IAM user guide)."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{now[:8]}/{self._region}/{self._service}/aws4_request"
        stated = {"Host": self._host, "X-Amz-Date": now, **headers}
        lower = {
            name.lower(): value for name, value in sorted(stated.items(), key=lambda one: one[0].lower())
        }
        names = ";".join(lower)
        digest = hashlib.sha256(body).hexdigest()
        listed = "".join(f"{name}:{value}\n" for name, value in lower.items())
        request = f"{method}\n{path}\n{query}\n{listed}\n{names}\n{digest}"
        hashed = hashlib.sha256(request.encode()).hexdigest()
        key = f"AWS4{self._secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashed}".encode(), "sha256").hex()
        said = (
            f"AWS4-HMAC-SHA256 Credential={self._key}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return {**stated, "Authorization": said}


def _text(value: Any) -> str:
    """Bytes as they stand in a request."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"cannot ask with a {type(value).__name__}")


def _bytes(found: dict[str, Any]) -> dict[str, Any]:
    """A binary value of a row; an attribute named B is no text."""
    text = found.get("B") if len(found) == 1 else None
    return {"B": base64.b64decode(text)} if isinstance(text, str) else found
