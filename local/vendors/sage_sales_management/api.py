"""The API under `/api/v4`: which call is meant, and how it is answered."""

import json
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from local.vendors.sage_sales_management.bulk import bulk
from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.hooks import Hooks
from local.vendors.sage_sales_management.listing import listed
from local.vendors.sage_sales_management.pictures import documents
from local.vendors.sage_sales_management.schema import offered, schema
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.sessions import Sessions

ROOT = "/api/v4/"


class Api:
    def __init__(self, server: SalesServer, sessions: Sessions, hooks: Hooks) -> None:
        self._server, self._sessions, self._hooks = server, sessions, hooks

    async def answer(self, request: Request) -> Response:
        method, parts = request.method, [one for one in request.url.path[len(ROOT) :].split("/") if one]
        try:
            text = await request.body()
            body = json.loads(text, parse_float=Decimal) if text else None
        except ValueError:
            return self._refused(Refused(901, "the body is not JSON"))
        if [one.lower() for one in parts] == ["login"] and method == "POST":
            return self._login(body)
        # known: document - every call carries X-Session-Key; known: guessed - the body of a 401
        if not self._sessions.valid(request.headers.get("X-Session-Key")):
            return JSONResponse({"message": "Unauthorized"}, status_code=401)
        try:
            with self._server.lock:
                return JSONResponse(self._called(method, parts, body, request))
        except Refused as fault:
            return self._refused(fault)

    def _login(self, body: Any) -> Response:
        token = self._sessions.begin(body)
        if token is None:
            return JSONResponse({"message": "Unauthorized"}, status_code=401)
        return JSONResponse({"token": token})

    def _called(self, method: str, parts: list[str], body: Any, request: Request) -> Any:
        name = parts[0].lower() if parts else ""
        if name == "hooks" and len(parts) <= 2:
            return self._hooks.call(method, parts[1] if len(parts) == 2 else "", body)
        if name == "resources" and method == "GET":
            return offered(self._server)
        if len(parts) == 3 and parts[2].lower() == "documents":
            return documents(self._server, method, parts[0], parts[1], body, str(request.base_url))
        if name == "list" and len(parts) > 1:
            # known: document - account types are changed under /list/accountTypes
            parts = parts[1:]
        resource = self._server.resource(parts[0] if parts else "")
        if len(parts) == 1:
            if method == "POST":
                # known: document - the answer names the id, and does not show the record
                return {"Message": "entity created", "id": self._server.create(resource, body)}
            if method == "GET":
                return listed(self._server, resource, request.query_params, request.headers)
        if len(parts) == 2:
            return self._of_one(method, resource, parts[1], body)
        raise Refused(910)

    def _of_one(self, method: str, resource: Any, key: str, body: Any) -> Any:
        server = self._server
        if key.lower() == "schema" and method == "GET":
            return schema(server, resource)
        if key.lower() == "bulk" and method != "GET":
            return bulk(server, method, resource, body)
        if method == "GET":
            return server.shown(resource, server.row(resource, key, deleted=server.options.deleted_readable))
        if method == "PUT":
            server.update(resource, key, body)
            return {"Message": "entity updated"}
        if method == "DELETE":
            server.delete(resource, key)
            return {"Message": "entity deleted"}
        raise Refused(910)

    def _refused(self, fault: Refused) -> Response:
        form = self._server.options.error_body
        if form == "html":
            return HTMLResponse("<html><body>Bad Request</body></html>", status_code=400)
        said = {"code": fault.code, "message": fault.message} if form == "code" else {form: "Bad Request"}
        return JSONResponse(said, status_code=400)
