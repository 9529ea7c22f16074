"""An AWS account with nothing in it, on loopback: every read finds nothing, and writing is refused.

Enough for a function's first harmless event, which has nothing to read and should have nothing to write.
It speaks the JSON protocol of DynamoDB, SQS, KMS and Secrets Manager, and answers anything it does not know
with an error that names it.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

REGION = "eu-west-2"
NOTHING: dict[str, dict[str, Any]] = {
    "DynamoDB_20120810.GetItem": {},
    "DynamoDB_20120810.Query": {"Items": [], "Count": 0, "ScannedCount": 0},
    "DynamoDB_20120810.BatchGetItem": {"Responses": {}, "UnprocessedKeys": {}},
    "AmazonSQS.GetQueueAttributes": {"Attributes": {}},
}
VALUES = {
    "STATE_TABLE": "state",
    "LOG_TABLE": "log",
    "ARCHIVE_BUCKET": "archive",
    "SECRET_PREFIX": "tieout/",
    "LOG_DAYS": "90",
    "TOKEN_KEY": f"arn:aws:kms:{REGION}:123456789012:key/00000000-1111-4222-8333-444444444444",
    "QUEUE_PREFIX": f"https://sqs.{REGION}.amazonaws.com/123456789012/tieout-sync-",
    "POWERTOOLS_SERVICE_NAME": "tieout",
    "DIGEST_TOPIC": f"arn:aws:sns:{REGION}:123456789012:tieout-digest",
    "CHAT_SECRET": "",
    "POLL_QUEUE": f"https://sqs.{REGION}.amazonaws.com/123456789012/tieout-poll",
    "SWEEP_QUEUE": f"https://sqs.{REGION}.amazonaws.com/123456789012/tieout-sweep",
    "DEAD_LETTER_PREFIX": f"https://sqs.{REGION}.amazonaws.com/123456789012/tieout-dead-",
    "ALLOW_LOCAL": "no",
}
"""The values used here for variables that the template computes."""


class EmptyAccount:
    """A context manager. `refused` collects requests that went beyond reading."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"account": self}))
        self._server.daemon_threads = True

    def __enter__(self) -> "EmptyAccount":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def credentials(self) -> dict[str, str]:
        """The variables that send boto3 to this account instead of AWS."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_address[1]}",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }

    def value(self, name: str, declared: Any) -> str:
        """Raises KeyError for a variable that the template computes and this account does not know."""
        return declared if isinstance(declared, str) else VALUES[name]


class _Handler(BaseHTTPRequestHandler):
    account: EmptyAccount
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = self.headers.get("X-Amz-Target", "")
        if target in NOTHING:
            self._answer(200, NOTHING[target])
        else:
            self._refuse(target or f"POST {self.path}")

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._refuse(f"PUT {self.path}")

    def do_GET(self) -> None:
        self._refuse(f"GET {self.path}")

    def _refuse(self, what: str) -> None:
        self.account.refused.append(what)
        self._answer(400, {"__type": "AccessDeniedException", "message": f"an empty account refuses {what}"})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: the check prints its own lines."""
