"""Who may use an emulated vendor: programs and people of this machine, but no web page of somebody else's.

In the demonstration the pages on which records are edited also ask for a token, which is printed with their
address, because another user of the machine can reach the port as well.
"""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADER = "x-admin-token"
QUERY = "admin"
_OWN_SITE = ("same-origin", "none")


def guarded(app: App, port: int, token: str = "") -> App:
    """`app`, which is served on `port` of loopback. Without a token the pages are open to every program."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    cookie = f"admin_{port}"  # browsers keep cookies by host, whatever the port

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        if why := _foreign(headers, scope["method"], hosts):
            await _answer(send, 403, why)
        elif not token or not _is_admin(scope["path"]) or _shown(headers, cookie, token):
            await app(scope, receive, send)
        elif _same(parse_qs(scope["query_string"].decode("latin-1")).get(QUERY, [""])[0], token):
            await _let_in(send, scope["path"], f"{cookie}={token}; Path=/; HttpOnly; SameSite=Strict")
        else:
            await _answer(send, 403, "this page is opened with the address that the demonstration printed")

    return outermost


def _foreign(headers: dict[str, str], method: str, hosts: set[str]) -> str:
    """Why the request comes from somebody else's page, or through a name that leads here; empty if not."""
    if headers.get("host", "") not in hosts:
        return "this host name does not belong to the emulated vendor"
    site = headers.get("sec-fetch-site")
    if site is None:
        origin = headers.get("origin")
        own = origin is None or origin.removeprefix("http://") in hosts
    else:
        own = site in _OWN_SITE or (method == "GET" and headers.get("sec-fetch-mode") == "navigate")
    return "" if own else "this request comes from another web page"


def _is_admin(path: str) -> bool:
    return path == "/" or path.startswith("/_admin")


def _shown(headers: dict[str, str], cookie: str, token: str) -> bool:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(cookie)
    except CookieError:
        found = None
    return _same(headers.get(HEADER, ""), token) or _same(found.value if found else "", token)


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


async def _let_in(send: Send, path: str, cookie: str) -> None:
    """Goes on without the token in the address bar."""
    await _answer(send, 303, "", [(b"location", path.encode()), (b"set-cookie", cookie.encode())])


async def _answer(
    send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    plain = [(b"content-type", b"text/plain; charset=utf-8"), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": plain})
    await send({"type": "http.response.body", "body": f"Refused: {text}.".encode() if text else b""})
