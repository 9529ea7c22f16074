"""Parts of an ASGI call: reading its body and giving it again, running the call without sending the answer,
dropping the connection."""

import asyncio

from local.vendors._serve import App, Message, Receive, Scope, Send

Executed = tuple[int, list[tuple[bytes, bytes]], bytes]
"""(status, headers, body)."""


async def read_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return b"".join(parts)


def again(body: bytes, then: Receive | None) -> Receive:
    """A receive that gives the body once more, and then whatever the connection sends."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        return await then() if then else {"type": "http.disconnect"}

    return receive


async def execute(app: App, scope: Scope, body: bytes) -> Executed:
    """Runs the call to its end without sending the answer. Returns (status, headers, body)."""
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    await app({**scope}, again(body, None), keep)
    return sent[0]["status"], sent[0]["headers"], b"".join(message.get("body", b"") for message in sent[1:])


async def drop(scope: Scope, send: Send) -> None:
    """Ends the connection without an HTTP answer."""
    close = scope.get("tieout.drop")
    if close is None:
        raise RuntimeError(
            "This fault needs a real server: run the application with local.vendors._serve.serve."
        )
    close()
    await asyncio.sleep(0.01)
