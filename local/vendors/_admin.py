"""What the `/_admin` interfaces of the emulated vendors have in common."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Action = Callable[[Request, Any], Any]
"""The request and its JSON body -> what to answer."""
_MISTAKES = (ValueError, TypeError, KeyError, AttributeError)


def in_words(fault: Exception) -> Mapping[str, Any]:
    return {"error": f"That cannot be done: {fault}"}


def route(
    path: str,
    actions: Mapping[str, Action],
    *,
    refused: type[Exception],
    shown: Callable[[Any], Mapping[str, Any]] = in_words,
) -> Route:
    """`actions` by method. The result as JSON; a mistake, and what the vendor itself refuses (`refused`,
    in the form of `shown`), as HTTP 400 with a sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await request.json() if request.method == "POST" and await request.body() else {}
            return JSONResponse(actions[request.method](request, body))
        except refused as fault:
            return JSONResponse(shown(fault), status_code=400)
        except _MISTAKES as fault:
            return JSONResponse(in_words(fault), status_code=400)

    answer: Callable[[Request], Awaitable[Response]] = endpoint
    return Route(path, answer, methods=list(actions))
