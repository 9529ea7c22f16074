"""webservice.php: every error is HTTP 200, except when the PHP process crashes: HTTP 500 with an empty body.

The recorded 8.1.0 wrote a blank line before every answer, and so does the emulated one.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from local.vendors.vtiger.errors import PhpDeath, VtigerError, denied
from local.vendors.vtiger.operations import OPERATIONS
from local.vendors.vtiger.server import Actor, VtigerServer
from local.vendors.vtiger.sessions import Sessions

_OPEN = {"getchallenge": "GET", "login": "POST"}
_OTHERS = ("logout", "extendsession")


class Webservice:
    def __init__(self, server: VtigerServer) -> None:
        self.server = server
        self.sessions = Sessions(server)

    def answer(self, method: str, query: Mapping[str, str], form: Mapping[str, str]) -> Response:
        """A GET operation reads only the query, a POST operation only the form; operation and session are
        read from either."""
        try:
            with self.server.lock:
                result = self._run(method, query, form)
        except VtigerError as fault:
            return self._json({"success": False, "error": fault.shown()})
        except PhpDeath:
            return Response(
                self._blank(), status_code=500, headers={"Content-Type": "text/html; charset=UTF-8"}
            )
        return self._json({"success": True, "result": result})

    def _json(self, body: dict[str, Any]) -> Response:
        return Response(self._blank() + json.dumps(body, ensure_ascii=False), media_type="application/json")

    def _blank(self) -> str:
        return "\r\n" if self.server.options.old else ""

    def _run(self, method: str, query: Mapping[str, str], form: Mapping[str, str]) -> Any:
        either = {**query, **form}
        name = str(either.get("operation") or "").lower()
        if name in _OPEN:
            return self._open(name, form if _OPEN[name] == "POST" else query)
        if name not in OPERATIONS and name not in _OTHERS:
            raise PhpDeath
        session = either.get("sessionName")
        user = self.sessions.user(session)
        if name == "logout":
            return self.sessions.logout(str(session))
        if name == "extendsession":
            raise VtigerError("AUTHENTICATION_REQUIRED", "Authencation required")
        operation = OPERATIONS[name]
        parameters = form if operation.method == "POST" else query
        if operation.method != method and not parameters:
            raise denied()
        return operation.run(self.server, Actor(user, "webservice"), parameters)

    def _open(self, name: str, parameters: Mapping[str, str]) -> Any:
        user = str(parameters.get("username") or "")
        if name == "getchallenge":
            return self.sessions.challenge(user)
        if not user:
            raise denied()
        return self.sessions.login(user, str(parameters.get("accessKey") or ""))
