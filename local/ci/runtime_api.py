"""A stand-in for the Lambda Runtime API: passes one event to a runtime interface client and keeps the answer.

Listens on loopback only. The second `next` is left waiting, as on Lambda, so the client stays up until it is
ended.
"""

import json
import queue
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_ARN = "arn:aws:lambda:eu-west-2:123456789012:function"
_PREFIX = "/2018-06-01/runtime/"
_REQUEST_ID = "11111111-2222-4333-8444-555555555555"


@dataclass(frozen=True)
class Reply:
    """`kind` is `response`, `error` (the handler raised) or `init error` (the module did not load)."""

    kind: str
    body: Any


class RuntimeApi:
    """Serves one event. `address` goes into AWS_LAMBDA_RUNTIME_API; `reply` waits for the answer."""

    def __init__(self, event: Any, function: str, timeout_seconds: float) -> None:
        self.replies: queue.Queue[Reply] = queue.Queue()
        self.event = json.dumps(event).encode()
        self.headers = {
            "Lambda-Runtime-Aws-Request-Id": _REQUEST_ID,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + timeout_seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": f"{_ARN}:{function}",
        }
        self.handed_out = threading.Event()
        self.ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def reply(self, seconds: float) -> Reply | None:
        """None when nothing came in that time."""
        try:
            return self.replies.get(timeout=seconds)
        except queue.Empty:
            return None

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The client is killed once it has answered, in the middle of its next call."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    api: RuntimeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}invocation/next":
            self._answer(404, b"{}")
        elif self.api.handed_out.is_set():
            self.api.ended.wait()
        else:
            self.api.handed_out.set()
            self._answer(200, self.api.event, self.api.headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(202, b'{"status":"OK"}')
        kinds = {
            f"{_PREFIX}init/error": "init error",
            f"{_PREFIX}invocation/{_REQUEST_ID}/error": "error",
            f"{_PREFIX}invocation/{_REQUEST_ID}/response": "response",
        }
        if self.path in kinds:
            self.api.replies.put(Reply(kinds[self.path], _readable(body)))

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: the check prints its own lines."""


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
