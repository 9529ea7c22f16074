"""The v11 routes: version, sign-in, then the module routes. The parts of a bulk call use the same entry
point."""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from local.vendors.sugarcrm.calls import Calls, route
from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.rights import may
from local.vendors.sugarcrm.schema import READ_ONLY, Field, Module, metadata
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v11_call import Answer, Call, RestError, invalid, missing, no_method, not_found
from local.vendors.sugarcrm.v11_records import V11Records
from local.vendors.sugarcrm.v11_tokens import Tokens

_PATH = re.compile(r"^/rest/(?:v(?P<version>\d+(?:_\d+)?)/)?(?P<rest>.*)$")
_ACCEPT = re.compile(r"version=(\d+)(?:\.(\d+))?")
_TEXTS = {
    200: "OK",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    422: "Unprocessable Entity",
}


class V11Api:
    def __init__(self, server: SugarServer, calls: Calls) -> None:
        self._server = server
        self._calls = calls
        self._records = V11Records(server)
        self.tokens = Tokens(server)

    def shown(self, module: Module, record_id: str) -> dict[str, Any] | None:
        """A record as the API shows it, for hooks."""
        return self._records.complete(module, record_id)

    def answer(self, call: Call) -> Answer:
        """The answer to a call, errors included."""
        try:
            words = self._words(call)
            with self._server.database.lock:
                return self._sign_in(call, words) or self._signed_in(call, words)
        except RestError as error:
            return error.answer

    def _words(self, call: Call) -> list[str]:
        found = _PATH.match(call.path)
        version = found["version"] if found else None
        if version is None:
            accepted = _ACCEPT.search(call.headers.get("accept", ""))
            version = "_".join(filter(None, accepted.groups())) if accepted else ""
        if version not in self._server.options.versions:
            raise RestError(
                301,
                "incorrect_version",
                "The requested API version is not supported. Please use a current one.",
            )
        return [unquote(word) for word in (found["rest"] if found else "").strip("/").split("/")]

    def _sign_in(self, call: Call, words: list[str]) -> Answer | None:
        if words == ["oauth2", "token"] and call.method == "POST":
            return Answer(self.tokens.grant(call.json()))
        return None

    def _signed_in(self, call: Call, words: list[str]) -> Answer:
        access = (
            call.headers.get("oauth-token")
            or call.headers.get("authorization", "").removeprefix("Bearer ").strip()
        )
        user = self.tokens.user(access)
        match call.method, words:
            case "POST", ["oauth2", "logout"]:
                self.tokens.logout(access)
                return Answer({"success": True})
            case "GET", ["ping"]:
                return Answer("pong")
            case "GET", ["me"]:
                return Answer({"current_user": self._me(user)})
            case "GET", ["metadata"]:
                return Answer(self._metadata(call))
            case "POST", ["bulk"]:
                return self._bulk(call)
            case _, [name, *rest]:
                module = self._server.module(name)
                if module is None:
                    raise no_method(call.path)
                return self._module(user, module, rest, call)
        raise no_method(call.path)

    def _module(self, user: SugarUser, module: Module, rest: list[str], call: Call) -> Answer:
        records = self._records
        match call.method, rest:
            case ("GET", [] | ["filter"]) | ("POST", ["filter"]):
                return records.filtered(user, module, call)
            case ("GET" | "POST", ["filter", "count"]) | ("GET", ["count"]):
                return records.count(user, module, call)
            case "POST", []:
                return records.create(user, module, call)
            case "GET", ["enum", name]:
                return Answer(_enum(module, name))
            case "GET", [record_id]:
                return records.read(user, module, record_id, call)
            case "PUT", [record_id]:
                return records.update(user, module, record_id, call)
            case "DELETE", [record_id]:
                return records.delete(user, module, record_id)
            case _, [record_id, "link", *more]:
                return self._link(user, module, record_id, more, call)
        raise no_method(call.path)

    def _link(self, user: SugarUser, module: Module, record_id: str, more: list[str], call: Call) -> Answer:
        records = self._records
        if call.method == "POST" and not more:
            return records.link_many(user, module, record_id, call)
        if not more:
            raise no_method(call.path)
        link = records.named_link(module, more[0])
        match call.method, more[1:]:
            case "GET", []:
                return records.linked(user, module, record_id, link, call)
            case "POST", []:
                return records.link_new(user, module, record_id, link, call)
            case "POST", [their_id]:
                return records.link(user, module, record_id, link, their_id)
            case "DELETE", [their_id]:
                return records.unlink(user, module, record_id, link, their_id)
        raise no_method(call.path)

    # ------------------------------------------------------------ bulk

    def _bulk(self, call: Call) -> Answer:
        """One after the other; a part that fails does not stop the rest, and nothing is undone."""
        requests = call.json().get("requests")
        if not isinstance(requests, list) or not requests:
            raise missing("Missing parameter: requests")
        if len(requests) > self._server.options.bulk_limit:
            raise RestError(
                413,
                "request_too_large",
                f"A bulk call takes up to {self._server.options.bulk_limit} requests.",
            )
        return Answer([self._part(call, item) for item in requests])

    def _part(self, call: Call, item: Any) -> dict[str, Any]:
        if (
            not isinstance(item, dict)
            or not isinstance(item.get("url"), str)
            or not isinstance(item.get("data", ""), str)
        ):
            done = invalid("Each request needs a url, and data as a string of JSON.").answer
        else:
            path, _, query = item["url"].partition("?")
            method, path = str(item.get("method") or "GET").upper(), "/rest/" + path.removeprefix("/")
            self._calls.bulk_parts[route(method, path)] += 1
            headers = item["headers"] if isinstance(item.get("headers"), dict) else {}
            given = {str(name).lower(): str(value) for name, value in headers.items()}
            done = self.answer(
                Call(
                    method=method,
                    path=path,
                    query=parse_qsl(query, keep_blank_values=True),
                    body=str(item.get("data", "")).encode(),
                    headers={**call.headers, **given},
                )
            )
        return {
            "contents": done.contents,
            "headers": {"Content-Type": "application/json"},
            "status": done.status,
            "status_text": _TEXTS.get(done.status, ""),
        }

    # ------------------------------------------------------------ about the server

    def _me(self, user: SugarUser) -> dict[str, Any]:
        comma = user.decimal_comma
        return {
            "id": user.id,
            "user_name": user.user_name,
            "full_name": user.user_name.title(),
            "type": "admin" if user.is_admin else "user",
            "acl": {name: self._acl(user) for name in self._server.database.modules},
            "preferences": {
                "decimal_separator": "," if comma else ".",
                "number_grouping_separator": "." if comma else ",",
                "timezone": "UTC",
                "datepref": "Y-m-d",
                "language": "en_us",
            },
        }

    @staticmethod
    def _acl(user: SugarUser) -> dict[str, Any]:
        """Only what is denied is listed."""
        return {"fields": [], **{action: "no" for action in ("view", "edit") if not may(user, action)}}

    def _metadata(self, call: Call) -> dict[str, Any]:
        asked = [name for name in (call.argument("module_filter") or "").split(",") if name]
        modules = self._server.database.modules
        return {
            "full_module_list": {name: name for name in modules},
            "modules": {
                name: {"fields": {field.name: _described(field) for field in module.fields.values()}}
                for name, module in modules.items()
                if not asked or name in asked
            },
            "_hash": "emulated",
        }


def _described(field: Field) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "required": field.required,
        "readonly": field.name in READ_ONLY,
    }
    row |= {"len": field.length} if field.length else {}
    row |= {"source": "custom_fields"} if field.custom else {} if field.stored else {"source": "non-db"}
    return row | ({"options": field.v4["options"]} if field.v4 and field.v4.get("options") else {})


def _enum(module: Module, name: str) -> dict[str, str]:
    """The keys and labels of a dropdown."""
    field = module.fields.get(name)
    listed = field.v4.get("options") if field and field.v4 else None
    if not listed:
        raise not_found(f"{module.name} has no dropdown {name}.")
    table: dict[str, dict[str, Any]] = metadata()["options"][listed]
    return {key: str(row["value"]) for key, row in table.items()}
