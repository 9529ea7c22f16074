"""Vtiger Cloud's REST interface: Basic authentication with every call, real statuses, flood control.

Line items can be written here. It is not documented which status goes with which error; this uses the usual
ones.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.vendors.vtiger.errors import PhpDeath, VtigerError
from local.vendors.vtiger.flood import Flood
from local.vendors.vtiger.operations import OPERATIONS
from local.vendors.vtiger.options import VtigerUser
from local.vendors.vtiger.server import Actor, VtigerServer

PATH = "/restapi/v1/vtiger/default/"
_STATUS = {
    "ACCESS_DENIED": 403,
    "RECORD_NOT_FOUND": 404,
    "UNKNOWN_OPERATION": 404,
    "OPERATION_NOT_SUPPORTED": 405,
    "INTERNAL_SERVER_ERROR": 500,
}


class Cloud:
    def __init__(self, server: VtigerServer) -> None:
        self.server = server
        self.flood = Flood(server)

    async def answer(self, request: Request) -> Response:
        user = self._user(request.headers.get("authorization", ""))
        if user is None:
            refusal = VtigerError("INVALID_USER_CREDENTIALS", "Invalid username or password")
            return _refused(401, refusal, {"WWW-Authenticate": 'Basic realm="Vtiger"'})
        with self.server.lock:
            if not self.flood.enter():
                return _refused(429, VtigerError("TOO_MANY_REQUESTS", "Rate limit exceeded"), self._headers())
        name = request.url.path[len(PATH) :].strip("/").lower()
        sent = dict(request.query_params) if request.method == "GET" else _form(await request.body())
        try:
            with self.server.lock:
                result = self._run(name, request.method, Actor(user, "cloud"), sent)
        except VtigerError as fault:
            return _refused(_STATUS.get(str(fault.code), 400), fault, self._headers())
        except PhpDeath:
            return Response("", status_code=500, headers=self._headers(), media_type="text/html")
        return JSONResponse({"success": True, "result": result}, headers=self._headers())

    def _run(self, name: str, method: str, actor: Actor, sent: Mapping[str, Any]) -> Any:
        if name == "me":
            return self._me(actor.user)
        operation = OPERATIONS.get(name)
        if operation is None:
            raise VtigerError("UNKNOWN_OPERATION", "Unknown operation requested")
        if operation.method != method:
            raise VtigerError("OPERATION_NOT_SUPPORTED", "Operation is not supported with this method")
        return operation.run(self.server, actor, sent)

    def _me(self, user: VtigerUser) -> dict[str, Any]:
        return {
            "id": self.server.wire("Users", user.id),
            "user_name": user.name,
            "first_name": "",
            "last_name": user.last_name,
            "email1": user.email,
            "is_admin": "on" if user.is_admin else "off",
            "time_zone": user.time_zone,
            "date_format": user.date_format,
            "currency_id": self.server.wire(
                "Currency", user.currency or self.server.options.currencies[0][0]
            ),
            "no_of_currency_decimals": str(user.decimals),
        }

    def _user(self, header: str) -> VtigerUser | None:
        kind, _, coded = header.partition(" ")
        try:
            name, _, key = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        user = self.server.user_named(name)
        right = user is not None and secrets.compare_digest(user.access_key.encode(), key.encode())
        return user if right and kind.lower() == "basic" else None

    def _headers(self) -> dict[str, str]:
        return {**self.flood.headers(), "X-Vtiger-Version": self.server.options.version}


def _form(body: bytes) -> dict[str, Any]:
    """Form fields, or a JSON object as some clients send."""
    text = body.decode("utf-8", "replace")
    if text.lstrip()[:1] == "{":
        try:
            return dict(json.loads(text))
        except ValueError:
            return {}
    return dict(parse_qsl(text, keep_blank_values=True))


def _refused(status: int, fault: VtigerError, headers: dict[str, str]) -> Response:
    return JSONResponse({"success": False, "error": fault.shown()}, status_code=status, headers=headers)
