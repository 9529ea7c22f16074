"""Calls to the v11 API with a shared token: one renewal on a refused token, every other refusal a classified
error."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from shared.errors import BadCredentials, Halt, OutcomeUnknown, Unavailable
from shared.systems._http import HttpClient, Reply
from shared.systems._json import is_torn
from shared.systems._tokens import SharedToken
from shared.systems.sugarcrm.rest_faults import EXPIRED, fault, label, message, parts_without

_TRIES = 3
"""First a token that another worker stored, then a new one of our own; more attempts would make workers end
each other's sessions."""


class RestClient:
    def __init__(self, http: HttpClient, version: str, token: SharedToken) -> None:
        if not re.fullmatch(r"v\d+(_\d+)?", version):
            raise Halt(f"api_version is '{version}': write it as v11_10")
        self._http, self.version, self._token = http, version, token

    def sign_in(self) -> None:
        """Anew, so that user and password are proved, whatever token is stored."""
        self._token.renew()

    def call(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        writes: bool = False,
        one_record: bool = False,
        none_if_missing: bool = False,
        secret: bool = False,
    ) -> Any:
        """The decoded answer of a 2xx; None for Sugar's own 404 `not_found` where `none_if_missing`.

        `secret` keeps the answer and the body's address out of the record.
        """
        reply = self.reply(method, path, doing, body=body, params=params, writes=writes, secret=secret)
        contents = self._decode(reply, doing, writes)
        if none_if_missing and reply.status == 404 and label(contents) == "not_found":
            return None
        if not 200 <= reply.status < 300:
            raise fault(reply.status, contents, doing, writes=writes, one_record=one_record)
        return parts_without(reply.repeated, contents) if path == "bulk" else contents

    def reply(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        writes: bool = False,
        secret: bool = False,
    ) -> Reply:
        """Any answer except a refused token, which is replaced. Raises BadCredentials if the new one is
        refused too."""
        token = self._token.current()["access_token"]
        for _ in range(_TRIES):
            reply = self._send(method, path, body, params, writes, token, secret)
            if not self._refused(reply):
                return reply
            value, fresh = self._token.refused(token)
            token = value["access_token"]
            if fresh:
                break
        reply = self._send(method, path, body, params, writes, token, secret)
        if self._refused(reply):
            if is_torn(reply.body):
                raise Unavailable(f"SugarCRM's answer broke off when asked to {doing} (HTTP 401)")
            raise BadCredentials(
                f"SugarCRM refused to {doing} even with a new token ({message(_json(reply))}). Does "
                "something "
                "else sign in with the same user and platform? Give Tieout a user and platform of its own"
            )
        return reply

    def renew(self) -> None:
        """Replace the token after a part of a bulk call refused it."""
        self._token.refused(self._token.current()["access_token"])

    def _send(
        self,
        method: str,
        path: str,
        body: Any,
        params: Mapping[str, str] | None,
        writes: bool,
        token: str,
        secret: bool,
    ) -> Reply:
        hide = (token, str(body.get("url", ""))) if secret and isinstance(body, Mapping) else (token,)
        # OAuth-Token is understood by every version; Bearer only from v11_3 on.
        return self._http.send(
            method,
            f"/rest/{self.version}/{path}",
            json_body=body,
            params=params,
            writes=writes,
            headers={"OAuth-Token": token},
            hide=hide,
            record_reply=not secret,
        )

    @staticmethod
    def _refused(reply: Reply) -> bool:
        """A 401 that broke off may be one, too: asking for another token shows which."""
        return reply.status == 401 and (is_torn(reply.body) or label(_json(reply)) in EXPIRED)

    @staticmethod
    def _decode(reply: Reply, doing: str, writes: bool) -> Any:
        """Never nothing for a 2xx: None would look like a record that is not there."""
        contents = _json(reply)
        if contents is None and reply.status < 300:
            raise (OutcomeUnknown if writes else Unavailable)(
                f"SugarCRM was asked to {doing} and answered nothing, or something that is not JSON: check "
                "url, and any proxy in front of it"
            )
        return contents

    def filter(
        self, module: str, query: Sequence[Any], fields: str, order_by: str, max_num: int, offset: int = 0
    ) -> tuple[list[dict[str, Any]], int]:
        """Records and the next offset (-1: no more) of a POST filter: long filters do not fit into an
        address.

        A missing next offset is taken from the count: fewer than asked for is the end.
        """
        body = {
            "filter": list(query),
            "fields": fields,
            "order_by": order_by,
            "max_num": max_num,
            "offset": offset,
        }
        answer = self.call("POST", f"{module}/filter", f"list {module}", body=body)
        records = answer.get("records") if isinstance(answer, dict) else None
        if not isinstance(records, list) or not all(
            isinstance(row, dict) and row.get("id") for row in records
        ):
            raise Unavailable(
                f"SugarCRM answered a request for a list of {module} without records: it may be under "
                "maintenance"
            )
        following = str(answer.get("next_offset"))
        if not following.removeprefix("-").isdigit():
            return records, offset + len(records) if len(records) >= max_num else -1
        return records, int(following) if records else -1


def record_path(module: str, record_id: str) -> str:
    return f"{module}/{quote(record_id, safe='')}"


def _json(reply: Reply) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None
