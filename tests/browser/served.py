"""The console on a port of this machine, as its Function URL would answer."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shared.console.request import may_be_packed
from shared.console.router import route
from tests.browser.console_world import Console


def served(console: Console) -> AbstractContextManager[str]:
    """The address, without a slash at its end."""
    return answered(lambda payload: route(payload, console.deployment).payload(packed=may_be_packed(payload)))


@contextmanager
def answered(answer_to: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[str]:
    """The same of whatever answers a Function URL's payload."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET", "")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

        def _answer(self, method: str, body: str) -> None:
            parts = urlsplit(self.path)
            payload = {
                "rawPath": parts.path,
                "requestContext": {"http": {"method": method}},
                "queryStringParameters": dict(parse_qsl(parts.query)),
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body,
            }
            with lock:
                answer = answer_to(payload)
            content = answer["body"].encode()
            if answer.get("isBase64Encoded"):
                content = base64.b64decode(content)
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            for cookie in answer.get("cookies", ()):
                self.send_header("Set-Cookie", cookie)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
