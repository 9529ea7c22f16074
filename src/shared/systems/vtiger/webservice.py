"""The interface of an open source installation: one address, `webservice.php`, and a session.

Every operation is registered for GET or for POST and reads its parameters only from there. The HTTP status is
200 for nearly everything. An expired session is replaced once: that call was not executed.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import replace
from shared.errors import Unavailable
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.vtiger.api import Answer, User, answer_of
from shared.systems.vtiger.faults import SESSION_ENDED, fault
from shared.systems.vtiger.sign_in import session_of

_PAGE = "/webservice.php"


class Webservice:
    cloud = False

    def __init__(self, http: HttpClient, secret: Mapping[str, str], binding: TokenBinding) -> None:
        self._http = http
        self.address = http.base_url
        self._path = "" if http.base_url.endswith(_PAGE) else _PAGE
        self._session = session_of(http, self._path, secret, binding)

    def get(self, operation: str, params: Mapping[str, str]) -> Any:
        return self._call("GET", operation, params)

    def post(self, operation: str, params: Mapping[str, str]) -> Any:
        return self._call("POST", operation, params)

    def me(self) -> User:
        value = self._session.current()
        user = User(value["user_id"], value["user"], value["admin"] == "yes", value["version"])
        return replace(user, zone=value.get("zone", ""))  # a session that an earlier release began says none

    def sign_in(self) -> None:
        self._session.renew()

    def _call(self, method: str, operation: str, params: Mapping[str, str]) -> Any:
        session, fresh = self._session.current()["session"], False
        answer = self._once(method, operation, params, session)
        while answer.code in SESSION_ENDED and not fresh:
            value, fresh = self._session.refused(session)
            session = value["session"]
            answer = self._once(method, operation, params, session)
        if answer.code in SESSION_ENDED:
            raise Unavailable(
                f"Vtiger forgets each session as soon as it is opened ({answer.code}): have the server's "
                "session "
                "store checked (PHP's session.save_path; servers behind a balancer must share one store)",
                after=60,
            )
        if answer.code:
            raise fault(answer.code, answer.message, operation, writes=method == "POST")
        return answer.result

    def _once(self, method: str, operation: str, params: Mapping[str, str], session: str) -> Answer:
        sent = {"operation": operation, "sessionName": session, **params}
        writes = method == "POST"
        reply = self._http.send(
            method,
            self._path,
            params=None if writes else sent,
            form=sent if writes else None,
            writes=writes,
            hide=(session,),
        )
        return answer_of(reply, operation, writes)
