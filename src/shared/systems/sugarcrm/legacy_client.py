"""Calls to v4_1's one address: positional arguments, one session per instance, errors reported in the body.

The HTTP status is 200 for nearly everything; `null`, an HTML page and an empty body also occur as answers.
Each becomes an error that says what to do. An expired session (error 11) is replaced once: that call was not
executed."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from shared.errors import (
    BadCredentials,
    Halt,
    MissingPermission,
    OutcomeUnknown,
    RecordRejected,
    SyncError,
    Unavailable,
)
from shared.systems._http import HttpClient, Reply, encode
from shared.systems.sugarcrm.legacy_values import fields_of
from shared.systems.sugarcrm.rights import NoRight

_SESSION_ENDED = "11"
_ENVELOPE = {"name", "number", "description"}


class DatabaseFailure(Unavailable):
    """HTTP 500 `Database failure`: the SQL of a query failed, or the database is unreachable; the answer does
    not say which."""


class LegacyClient:
    def __init__(self, http: HttpClient, options: Mapping[str, str], secret: Mapping[str, str]) -> None:
        self._http, self._secret = http, secret
        self._path = "/" + options.get("rest_path", "service/v4_1/rest.php").lstrip("/")
        encryption = options.get("encryption", "")
        if encryption.upper() not in ("", "PLAIN"):
            raise Halt(
                f"encryption of the SugarCRM connection is '{encryption}': write PLAIN for an LDAP user, or "
                "leave it out"
            )
        self._plain = encryption.upper() == "PLAIN"
        self._session = ""

    def call(self, method: str, *arguments: Any, writes: bool = False) -> Any:
        """`arguments` without the session, in the order of the PHP signature. Any JSON but null."""
        body = self._once(method, arguments, writes)
        if _number(body) == _SESSION_ENDED:
            self._session = ""
            body = self._once(method, arguments, writes)
        if _number(body) is not None:
            raise _refusal(body, method)
        return _present(body, method, writes)

    def sign_in(self) -> None:
        """Once per instance. Raises BadCredentials, or MissingPermission for a user whose formats would
        corrupt amounts."""
        if self._session:
            return
        user, password = self._secret.get("user"), self._secret.get("password")
        if not user or not password:
            raise BadCredentials(
                "no user and password are stored for SugarCRM: run 'tieout connect sugarcrm'"
            )
        # Sugar defines the digest: it is as good as the password and is kept out of the recording like one.
        proof = password if self._plain else hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        auth = {"user_name": user, "password": proof, **({"encryption": "PLAIN"} if self._plain else {})}
        body = self._post("login", [auth, "Tieout", []], False, hide=(password, proof), record_reply=False)
        if _number(body) is not None:
            raise BadCredentials(
                f"SugarCRM refused to sign in user '{user}' (error {body['number']}, {body['name']}: "
                f'{body["description"]}). Check user and password; an LDAP user needs encryption = "PLAIN"'
            )
        if not isinstance(body, Mapping) or not body.get("id"):
            raise Unavailable("SugarCRM answered the sign-in without a session: check url and rest_path")
        _check_formats(user, fields_of(body.get("name_value_list")))
        self._session = str(body["id"])

    def server_info(self) -> Mapping[str, Any]:
        """flavor, version and, on SuiteCRM, suitecrm_version. Needs no session."""
        body = _present(self._post("get_server_info", [], False), "get_server_info", False)
        return body if isinstance(body, Mapping) else {}

    def _once(self, method: str, arguments: tuple[Any, ...], writes: bool) -> Any:
        self.sign_in()
        return self._post(method, [self._session, *arguments], writes, hide=(self._session,))

    def _post(
        self,
        method: str,
        arguments: list[Any],
        writes: bool,
        *,
        hide: tuple[str, ...] = (),
        record_reply: bool = True,
    ) -> Any:
        # PHP 7 takes the values by position, PHP 8 by name: an array works by position on both.
        form = {
            "method": method,
            "input_type": "JSON",
            "response_type": "JSON",
            "rest_data": encode(arguments).decode(),
        }
        reply = self._http.send(
            "POST", self._path, form=form, writes=writes, hide=hide, record_reply=record_reply
        )
        if reply.status != 200:
            raise _failed(reply, method, writes)
        try:
            body = reply.json()
        except (ValueError, json.JSONDecodeError):
            what = (
                f"SugarCRM's answer to {method} was not JSON: check url and rest_path, and the server's "
                "error log"
            )
            raise (OutcomeUnknown if writes else Unavailable)(what) from None
        if _number(body) is None:
            return body
        return {name: reply.said(part) if isinstance(part, str) else part for name, part in body.items()}


def _number(body: Any) -> str | None:
    """The error's number: an int for known errors, the text "-1" for others. None when the body is no
    error."""
    if isinstance(body, Mapping) and set(body) == _ENVELOPE:
        return str(body["number"])
    return None


def _present(body: Any, method: str, writes: bool) -> Any:
    if body is None:
        what = (
            f"SugarCRM answered {method} with nothing (null), as it does for data it cannot read: see the "
            "archived request"
        )
        raise (OutcomeUnknown if writes else Unavailable)(what)
    return body


def _refusal(body: Mapping[str, Any], method: str) -> SyncError:
    """Sugar's numbered errors. With any of them, the call was not executed."""
    number, said = (
        str(body["number"]),
        f"SugarCRM refused {method} (error {body['number']}, {body['name']}: {body['description']})",
    )
    if number == _SESSION_ENDED:
        return BadCredentials(
            f"{said} right after a new sign-in. If the calls come from several addresses, untick 'Validate "
            "user IP address' in Admin > System Settings"
        )
    if number in ("20", "30", "31"):
        return MissingPermission(
            f"{said}. Check the module's name (capital letters matter) and the user's role"
        )
    if number == "40":
        return NoRight(said, "Give the integration's user a role that allows it")
    if number == "70":
        return MissingPermission(f"{said}. Give the integration's user a role that allows it")
    if number in ("60", "90"):
        return Unavailable(f"{said}. The server is at its limit", after=60)
    if number in ("50", "1001"):
        return RecordRejected(f"{said}. Correct the record, then retry")
    return Halt(f"{said}. Check that rest_path is the v4_1 address")


def _failed(reply: Reply, method: str, writes: bool) -> SyncError:
    if reply.status >= 500:
        if writes:
            return OutcomeUnknown(
                f"SugarCRM failed during {method} (HTTP {reply.status}): Tieout looks up whether it was "
                "written"
            )
        if "database failure" in reply.text[:500].lower():
            return DatabaseFailure(
                f"SugarCRM's database failed during {method}: see sugarcrm.log or suitecrm.log on the server"
            )
        return Unavailable(
            f"SugarCRM failed during {method} (HTTP {reply.status}): see the web server's error log"
        )
    if reply.status in (401, 403):
        return MissingPermission(
            f"the web server in front of SugarCRM refuses the call (HTTP {reply.status}): allow {method} "
            "from here"
        )
    if 300 <= reply.status < 400:
        return Halt(
            "SugarCRM's address redirects to "
            f"{reply.said(reply.headers.get('location', 'another one'))}: set url to that address"
        )
    return Halt(
        f"nothing answers as v4_1 at the address of SugarCRM (HTTP {reply.status}): check url and rest_path "
        "(SuiteCRM 8: legacy/service/v4_1/rest.php)"
    )


def _check_formats(user: str, settings: Mapping[str, Any]) -> None:
    """Sugar 6.5 and older versions of SuiteCRM spell the name otherwise."""
    named = ("user_decimal_separator", "user_decimal_seperator")
    separator = next((str(settings[name]) for name in named if settings.get(name)), "")
    if not separator:
        raise MissingPermission(
            f"SugarCRM does not tell which decimal separator user '{user}' has. With any other than '.', it "
            "multiplies amounts by 100 or more when anything is saved, so nothing is done. Sign in as that "
            "user, save Profile > Advanced with Decimal Symbol '.', 1000s separator ',', and connect again"
        )
    if separator != ".":
        raise MissingPermission(
            f"SugarCRM user '{user}' has '{separator}' as its decimal separator: with it, SugarCRM "
            "multiplies amounts by 100 or more when anything is saved. Sign in as that user, set Profile > "
            "Advanced > Decimal Symbol to '.' and the 1000s separator to ',', then connect again"
        )
