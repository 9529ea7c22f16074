"""Runs an emulated vendor as a real HTTP server on this machine's loopback address.

`serve` starts uvicorn in a thread of this process and returns when it answers; `Served.close` stops it. The
application can drop a connection without an answer through `scope["tieout.drop"]`, which only a real server
can offer.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import Any

import uvicorn

from local.vendors._guard import guarded

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_START_SECONDS = 15.0
_STOP_SECONDS = 10.0


class _Server(uvicorn.Server):
    """Ends at once: uvicorn looks ten times a second whether it should, and then waits for another tenth."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)  # makes the headers of every answer
        if not self.should_exit:
            await self._end.wait()

    def end(self) -> None:
        """From any thread, and any number of times."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._end.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, which is left to wait where a call is still being answered."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(2):  # until an idle connection is told to be lost
            await asyncio.sleep(0)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        else:
            for listener in sockets or ():
                listener.close()
            await self.lifespan.shutdown()


class Served:
    """A running server. `url` has no slash at its end."""

    def __init__(self, server: _Server, thread: threading.Thread, listener: socket.socket) -> None:
        self._server = server
        self._thread = thread
        self._listener = listener
        self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stops the server and waits until its thread has ended. May be called twice."""
        self._server.end()
        self._thread.join(_STOP_SECONDS)
        self._listener.close()

    def __enter__(self) -> "Served":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(app: App, port: int = 0, admin_token: str = "") -> Served:
    """Serves `app` on 127.0.0.1, behind the guard. Port 0 takes any free one.

    Raises OSError when the port is taken, RuntimeError when the application does not start.
    """
    listener = _listener(port)
    config = uvicorn.Config(
        droppable(guarded(app, listener.getsockname()[1], admin_token)),
        http="h11",
        loop="asyncio",
        lifespan="auto",
        log_level="error",
        access_log=False,
        date_header=False,  # an emulator may have a different time, and sets the header itself
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="emulated-vendor", daemon=True
    )
    thread.start()
    _wait_for(server, thread)
    return Served(server, thread, listener)


def _listener(port: int) -> socket.socket:
    """The protocol is named, because asyncio switches Nagle's delay (40 ms per call) off only for TCP."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise RuntimeError("The emulated vendor did not start: see the error printed above this line.")
        time.sleep(0.002)


def droppable(app: App) -> App:
    """Wraps the outermost application so that `scope["tieout.drop"]()` closes the socket under the client.

    ASGI has nothing for this; uvicorn's `send` is a method of the object that owns the transport.
    """

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(send, "__self__", None)
        transport = getattr(cycle, "transport", None)
        if scope["type"] == "http" and transport is not None:
            scope["tieout.drop"] = transport.close
        await app(scope, receive, send)

    return outermost
