"""The small server on this machine to which a vendor's sign-in page sends the browser back.

It waits for one call, and neither shows nor writes what that call holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from local.cli._app import Usage

_DONE = "<!DOCTYPE html><html><head><title>Tieout</title></head><body><p>{}</p></body></html>"


@contextmanager
def waiting(port: int, vendor: str) -> Iterator[tuple[int, Queue[str]]]:
    """A server for the one callback: its port, and the query string once it came. Raises Usage when the port
    is taken."""
    answers: Queue[str] = Queue()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(answers, vendor))
    except OSError:
        raise Usage(
            f"Port {port} of this machine is in use: choose another one with --port, and register "
            f"http://localhost:PORT/callback in {vendor}'s developer portal."
        ) from None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], answers
    finally:
        server.shutdown()
        server.server_close()


def _handler(answers: Queue[str], vendor: str) -> type[BaseHTTPRequestHandler]:
    class Callback(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            known = parts.path == "/callback"
            page = _DONE.format(
                f"Tieout has {vendor}'s answer. Go back to the terminal; this page can be closed."
                if known
                else "There is nothing here."
            ).encode()
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
            if known:
                answers.put(parts.query)

        def log_message(self, format: str, *args: Any) -> None:
            """The address holds the code: nothing is logged."""

    return Callback
