"""Sessions of v4_1: created by every login, tied to the client's /24 network, expired after idle time."""

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v4_errors import NullAnswer, invalid_login, invalid_session


@dataclass
class Session:
    user_name: str
    network: str
    used_at: datetime


class Sessions:
    def __init__(self, server: SugarServer) -> None:
        self._server = server
        self._open: dict[str, Session] = {}

    def login(self, auth: Any, address: str) -> dict[str, Any]:
        """The answer of `login`. Raises V4Error 10."""
        given = auth if isinstance(auth, Mapping) else {}
        user = self._server.users.get(str(given.get("user_name", "")))
        if user is None or not _right(user, given):
            raise invalid_login()
        session_id = uuid.uuid4().hex
        self._open[session_id] = Session(user.user_name, _network(address), self._server.clock.now())
        return {"id": session_id, "module_name": "Users", "name_value_list": _pairs(self._profile(user))}

    def user(self, session_id: Any, address: str) -> SugarUser:
        """The user to whom the session belongs. Raises NullAnswer for a blank id, V4Error 11 if it is not
        open."""
        if not session_id:
            raise NullAnswer
        session = self._open.get(str(session_id))
        now = self._server.clock.now()
        if session is None or session.user_name not in self._server.users:
            raise invalid_session()
        strange = self._server.options.verify_client_ip and session.network != _network(address)
        if strange or now - session.used_at > timedelta(seconds=self._server.options.session_seconds):
            del self._open[str(session_id)]
            raise invalid_session()
        session.used_at = now
        return self._server.users[session.user_name]

    def logout(self, session_id: Any) -> None:
        self._open.pop(str(session_id), None)

    def clear(self) -> None:
        self._open.clear()

    def _profile(self, user: SugarUser) -> dict[str, Any]:
        comma = user.decimal_comma
        spelled = "seperator" if self._server.options.old_spelling else "separator"
        return {
            "user_id": user.id,
            "user_name": user.user_name,
            "user_language": "en_us",
            "user_currency_id": None,
            "user_is_admin": user.is_admin,
            "user_default_team_id": None,
            "user_default_dateformat": "d.m.Y" if comma else "m/d/Y",
            "user_default_timeformat": "H:i",
            f"user_number_{spelled}": "." if comma else ",",
            f"user_decimal_{spelled}": "," if comma else ".",
            "mobile_max_list_entries": None,
            "mobile_max_subpanel_entries": None,
            "user_currency_name": self._server.options.base_currency[1],
        }


def _right(user: SugarUser, given: Mapping[str, Any]) -> bool:
    sent = str(given.get("password", ""))
    wanted = user.password if str(given.get("encryption", "")).upper() == "PLAIN" else user.md5()
    return hmac.compare_digest(sent.encode(), wanted.encode())


def _network(address: str) -> str:
    """The first three octets of an IPv4 address."""
    return address.rpartition(".")[0] or address


def _pairs(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: {"name": name, "value": value} for name, value in values.items()}
