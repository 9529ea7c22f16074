"""The only way in: ASGI in front of the emulator. Imported only by `server.py`.

Four kinds of request pass (`gate.py`): Function URLs, which call their function directly; AWS requests
with a signature of this stack; the control addresses of the launcher's, with the stack's key; and the two
addresses of the sign-in. No header that lets a web page read an answer leaves here.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ministack import app as emulator
from ministack.core import responses, sigv4
from ministack.services import lambda_svc

if TYPE_CHECKING:
    from local.stack import durable, gate
    from local.stack.identity import Identity
    from local.stack.signatures import Keys
else:  # beside this file, which is run by a script
    import durable
    import gate
    from identity import Identity
    from signatures import Keys

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Control = Callable[[str], dict[str, Any] | None]
"""The action's name -> what to answer; None where there is no such action."""

FUNCTION_BODY = 6 * 1024 * 1024
"""Bytes; what AWS takes from the caller of a Function URL."""
FORM = 16 * 1024
SIGNED_BODY = 256 * 1024 * 1024


class Entrance:
    """`requests` counts what may have changed the emulator's state."""

    def __init__(
        self,
        port: int,
        key: str,
        keys: Keys,
        control: Control,
        save: Callable[[], object],
        identity: Identity,
    ) -> None:
        self.requests = 0
        self._identity = identity
        self._port, self._key, self._keys, self._control = port, key, keys, control
        self._save = save

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await emulator.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _without_cors(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            admitted = gate.admit(self._port, scope["path"], scope["headers"])
            if admitted.way == "control":
                await self._controlled(scope, send)
            elif admitted.way == "function":
                await self._function(admitted.function, scope, receive, send)
            elif admitted.way == "sign-in":
                await self._sign_in(scope, receive, send)
            else:
                await self._signed(scope, receive, send)
        except gate.Refused as refused:
            await _answer(send, 403, {"message": f"Refused: {refused}."})

    async def _controlled(self, scope: Scope, send: Send) -> None:
        given = b"".join(gate.values(scope["headers"], b"x-tieout-key"))
        if not hmac.compare_digest(given, self._key.encode()):
            raise gate.Refused("the key is not this stack's")
        found = self._control(scope["path"].removeprefix("/_tieout/"))
        await _answer(send, 404 if found is None else 200, found or {})

    async def _sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive, FORM)
        query = scope.get("query_string", b"").decode("utf-8", "replace")
        answer = await self._identity.answer(scope["method"], scope["path"], _joined(scope), query, body)
        await emulator._send_response(send, *answer)

    async def _signed(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive, SIGNED_BODY)
        query = scope.get("query_string", b"").decode("utf-8", "replace")
        raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        if why := self._keys.fault(scope["method"], raw_path, query, _joined(scope), body):
            raise gate.Refused(f"the request is not one of this stack's own, because {why}")
        self.requests += 1
        if durable.at_once(b"".join(gate.values(scope["headers"], b"x-amz-target")).decode("latin-1"), body):
            await self._durably(scope, body, receive, send)
        else:
            await emulator.app(scope, _once(body, receive), send)

    async def _durably(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        answer: list[Any] = []

        async def keep(message: Any) -> None:
            answer.append(message)

        await emulator.app(scope, _once(body, receive), keep)
        self._save()
        for message in answer:
            await send(message)

    async def _function(self, url_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        found = lambda_svc.resolve_function_url(url_id)
        if found is None:
            await _answer(send, 404, {"message": "there is no such address"})
            return
        account, region, name = found[:3]
        gate.check_page(name, scope["method"], scope["headers"])
        body = await _body(receive, FUNCTION_BODY)
        self.requests += 1
        responses.set_request_account_id(account)
        responses.set_request_region(region)
        query = parse_qs(scope.get("query_string", b"").decode("utf-8", "replace"), keep_blank_values=True)
        client = (scope.get("client") or ("127.0.0.1",))[0]
        answer = await lambda_svc.handle_function_url_request(
            url_id,
            scope["method"],
            scope["path"] or "/",
            _joined(scope),
            body,
            query,
            resolved=found,
            source_ip=client,
        )
        await emulator._send_response(send, *answer)


async def _answer(send: Send, status: int, content: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})


async def _body(receive: Receive, limit: int) -> bytes:
    """Raises Refused for one that is too large or breaks off."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise gate.Refused("the request broke off")
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > limit:
            raise gate.Refused(f"the request is larger than {limit} bytes")
    return b"".join(parts)


def _once(body: bytes, receive: Receive) -> Receive:
    """The body that was read for its signature, handed on; then whatever comes."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Any:
        return messages.pop() if messages else await receive()

    return read


def _joined(scope: Scope) -> dict[str, str]:
    """Names in lower case; a repeated header as one value, as the emulator joins them."""
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1").lower(), sigv4.decode_header_value(value)
        if name in found:
            text = f"{found[name]}{'; ' if name == 'cookie' else ', '}{text}"
        found[name] = text
    return found


def _without_cors(send: Send) -> Send:
    async def checked(message: Any) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if not pair[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return checked
