"""DynamoDB of the local stack's emulator alone, on a port of its own: it says truly what each write is billed
(`ReturnConsumedCapacity`), the entries of indexes and the doubling inside transactions included.

Run as a script by the interpreter that has the emulator. Prints its port, and ends when its input does.
"""

import asyncio
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ministack.services import dynamodb

_ONE = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    """One request at a time."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with _ONE:
            status, said, answer = asyncio.run(dynamodb.handle_request("POST", self.path, headers, body, {}))
        data = answer.encode() if isinstance(answer, str) else answer
        self.send_response(status)
        for name, value in said.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
