"""The v4_1 entry point, `service/v4_1/rest.php`: reads the form, binds the arguments, wraps whatever happens.

Arguments bind as on PHP 8: a JSON array by position, an object by the names of the PHP parameters, where a
wrong or missing name is a fatal error with an empty body. Errors travel under HTTP 200.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v4_errors import DatabaseFailure, FatalError, NullAnswer, V4Error, unknown_method
from local.vendors.sugarcrm.v4_read import V4Reads
from local.vendors.sugarcrm.v4_sessions import Sessions
from local.vendors.sugarcrm.v4_write import V4Writes

_MISSING = object()
_HTML = "text/html; charset=UTF-8"
_LINKS: tuple[tuple[str, Any], ...] = (("select_fields", ()), ("link_name_to_fields_array", ()))
_SIGNATURES: dict[str, tuple[tuple[str, Any], ...]] = {
    "login": (("user_auth", _MISSING), ("application", ""), ("name_value_list", ())),
    "logout": (("session", _MISSING),),
    "get_user_id": (("session", _MISSING),),
    "get_server_info": (),
    "get_available_modules": (("session", _MISSING), ("filter", "all")),
    "get_module_fields": (("session", _MISSING), ("module_name", _MISSING), ("fields", ())),
    "get_entry": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("id", _MISSING),
        *_LINKS,
        ("track_view", False),
    ),
    "get_entries": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("ids", _MISSING),
        *_LINKS,
        ("track_view", False),
    ),
    "get_entry_list": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("query", ""),
        ("order_by", ""),
        ("offset", 0),
        *_LINKS,
        ("max_results", 0),
        ("deleted", 0),
        ("favorites", False),
    ),
    "get_entries_count": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("query", _MISSING),
        ("deleted", _MISSING),
    ),
    "set_entry": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("name_value_list", _MISSING),
        ("track_view", False),
    ),
    "set_entries": (("session", _MISSING), ("module_name", _MISSING), ("name_value_lists", _MISSING)),
    "get_relationships": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("module_id", _MISSING),
        ("link_field_name", _MISSING),
        ("related_module_query", _MISSING),
        ("related_fields", _MISSING),
        ("related_module_link_name_to_fields_array", _MISSING),
        ("deleted", _MISSING),
        ("order_by", ""),
        ("offset", 0),
        ("limit", False),
    ),
    "set_relationship": (
        ("session", _MISSING),
        ("module_name", _MISSING),
        ("module_id", _MISSING),
        ("link_field_name", _MISSING),
        ("related_ids", _MISSING),
        ("name_value_list", ()),
        ("delete", 0),
    ),
}
Method = Callable[[SugarUser, Mapping[str, Any]], Any]


class V4Service:
    def __init__(self, server: SugarServer) -> None:
        self._server = server
        self.sessions = Sessions(server)
        reads = V4Reads(server)
        writes = V4Writes(server, reads)
        self._methods: dict[str, Method] = {
            "get_available_modules": reads.get_available_modules,
            "get_module_fields": reads.get_module_fields,
            "get_entry": reads.get_entry,
            "get_entries": reads.get_entries,
            "get_entry_list": reads.get_entry_list,
            "get_entries_count": reads.get_entries_count,
            "get_relationships": reads.get_relationships,
            "set_entry": writes.set_entry,
            "set_entries": writes.set_entries,
            "set_relationship": writes.set_relationship,
            "get_user_id": lambda user, args: user.id,
        }

    def answer(self, form: Mapping[str, str], address: str) -> Response:
        """The HTTP answer to one call. `address` is the client's, for the session check."""
        try:
            body = self._call(form.get("method", ""), form.get("rest_data", ""), address)
        except V4Error as error:
            body = error.body
        except NullAnswer:
            body = None
        except FatalError:
            return _reply("", 500, _HTML)
        except DatabaseFailure:
            return _reply("Database failure. Please refer to suitecrm.log for details.", 500, _HTML)
        if form.get("response_type", "").upper() != "JSON":
            return _reply(print_r(body), 200, _HTML)
        return _reply(json.dumps(body, separators=(",", ":")), 200, "application/json; charset=UTF-8")

    def _call(self, method: str, rest_data: str, address: str) -> Any:
        if method not in _SIGNATURES:
            raise unknown_method()
        args = bind(method, rest_data)
        with self._server.database.lock:
            if method == "login":
                return self.sessions.login(args["user_auth"], address)
            if method == "get_server_info":
                return {
                    "flavor": "CE",
                    "version": "6.5.25",
                    "suitecrm_version": "7.14.6",
                    "gmt_time": self._server.clock.stored(),
                }
            user = self.sessions.user(args["session"], address)
            if method == "logout":
                self.sessions.logout(args["session"])
                raise NullAnswer
            return self._methods[method](user, args)


def bind(method: str, rest_data: str) -> dict[str, Any]:
    """The arguments by parameter name. Raises NullAnswer for what is not JSON, FatalError as PHP 8 would."""
    try:
        given = json.loads(rest_data)
    except ValueError:
        raise NullAnswer from None
    signature = _SIGNATURES[method]
    names = [name for name, _ in signature]
    if isinstance(given, list):
        given = dict(zip(names, given, strict=False))
    if not isinstance(given, dict) or given.keys() - set(names):
        raise FatalError
    args = {name: given.get(name, list(default) if default == () else default) for name, default in signature}
    if any(value is _MISSING for value in args.values()):
        raise FatalError
    return args


def print_r(value: Any, depth: int = 0) -> str:
    """The answer when no response_type is given: PHP's dump of a variable."""
    if not isinstance(value, (dict, list)):
        return "" if value is None or value is False else "1" if value is True else str(value)
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    pad = " " * 4 * depth
    lines = "".join(f"{pad}    [{key}] => {print_r(item, depth + 2)}\n" for key, item in rows)
    return f"Array\n{pad}(\n{lines}{pad})\n"


def _reply(text: str, status: int, content_type: str) -> Response:
    return Response(text, status_code=status, headers={"Content-Type": content_type})
