"""A SugarCRM with as many won opportunities as wanted: one real record of the emulated server, listed over
and over.

Every other call goes on to the emulated server. The pages are as it would make them, but cost nothing to
make.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.vendors._serve import serve

_AFTER = re.compile(r'"id":\{"\$gt":"(\d{8})-')
_HOP = {"host", "content-length", "connection"}


class Pages:
    def __init__(self, sugar: str, count: int) -> None:
        self._sugar, self._count = sugar, count
        self._client = httpx.AsyncClient(timeout=60)
        self._sample = ""

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        if not request.url.path.endswith("/Opportunities/filter"):
            return await self._onward(request, body)
        if not self._sample:
            self._sample = _only_record((await self._onward(request, body)).body)
        found = _AFTER.search(body.decode())
        return self._page(int(found[1]) + 1 if found else 0, int(json.loads(body)["max_num"]))

    async def _onward(self, request: Request, body: bytes) -> Response:
        headers = {name: value for name, value in request.headers.items() if name not in _HOP}
        answer = await self._client.request(
            request.method,
            self._sugar + request.url.path,
            content=body,
            headers=headers,
            params=dict(request.query_params),
        )
        return Response(answer.content, answer.status_code, media_type="application/json")

    def _page(self, start: int, size: int) -> Response:
        end = min(start + size, self._count)
        records = ",".join(
            self._sample.replace("SAMPLE-ID", f"{number:08}-0000-4000-8000-000000000000")
            for number in range(start, end)
        )
        following = end if end < self._count else -1
        return Response(f'{{"next_offset":{following},"records":[{records}]}}', media_type="application/json")


def _only_record(body: bytes | memoryview) -> str:
    record: dict[str, Any] = json.loads(bytes(body))["records"][0]
    return json.dumps(record).replace(str(record["id"]), "SAMPLE-ID")


@contextmanager
def pages(sugar: str, count: int) -> Iterator[str]:
    """The address of the long list."""
    with serve(
        Starlette(routes=[Route("/{path:path}", Pages(sugar, count).answer, methods=["GET", "POST"])])
    ) as here:
        yield here.url
