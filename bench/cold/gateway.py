"""Hands AWS requests of other processes on to moto in this one: a fresh interpreter needs an AWS that
lasts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.vendors._serve import serve

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/([a-z0-9]+)/aws4_request")
_OWN = {"host", "content-length", "connection", "transfer-encoding", "accept-encoding"}


@contextmanager
def gateway() -> Iterator[str]:
    """The address to put into AWS_ENDPOINT_URL. moto must be active."""
    with serve(
        Starlette(routes=[Route("/{path:path}", _pass, methods=["GET", "POST", "PUT", "DELETE", "HEAD"])])
    ) as here:
        yield here.url


async def _pass(request: Request) -> Response:
    found = _SCOPE.search(request.headers.get("authorization", ""))
    if found is None:
        return Response("the request is not signed", 403)
    body = await request.body()
    headers = {name: value for name, value in request.headers.items() if name not in _OWN}
    url = f"https://{found[2]}.{found[1]}.amazonaws.com{request.url.path}"
    answer = await run_in_threadpool(
        requests.request,
        request.method,
        url,
        params=dict(request.query_params),
        data=body,
        headers=headers,
        timeout=30,
    )
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in _OWN}
    return Response(answer.content, answer.status_code, headers=kept)
