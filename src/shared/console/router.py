"""From a function URL request to a page or an action. Every action is a POST with the session's form
token."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote_plus

from shared.bootstrap import Deployment, Services
from shared.console import page
from shared.console.session import cookie_name, equal, form_token, read_cookie, sign_in, signed_in
from shared.domain.link import LIST, ChangeEvent
from shared.domain.outcomes.fields import says_nothing
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.domain.wording import counted
from shared.operations.missing import answer, questions
from shared.operations.poll_tasks import queue_tasks, tasks
from shared.settings import ENTITIES

_LONGEST_ID = 255
_LONGEST_QUERY = 500
_PATH = re.compile(r"/([A-Za-z0-9_-]{1,64})/?([a-z-]*)")
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
}


@record
class Reply:
    status: int
    body: str = ""
    location: str = ""
    cookie: str = ""

    def payload(self) -> dict[str, Any]:
        headers = {**_HEADERS, **({"Location": self.location} if self.location else {})}
        return {
            "statusCode": self.status,
            "headers": headers,
            "body": self.body,
            **({"cookies": [self.cookie]} if self.cookie else {}),
        }


def route(request: Mapping[str, Any], deployment: Deployment) -> Reply:
    """An unknown integration gets the same answer as an unknown page; nothing is revealed before sign-in."""
    found = _PATH.fullmatch(str(request.get("rawPath", "")))
    method = request.get("requestContext", {}).get("http", {}).get("method")
    try:
        integration = deployment.integrations.load(found[1]) if found else None
    except KeyError:
        integration = None
    if found is None or integration is None or method not in ("GET", "POST"):
        return Reply(404, page.page("not found", "", "<p>There is no such page.</p>"))
    form = _form(request) if method == "POST" else {}
    if found[2] == "sign-in" and method == "POST":
        cookie = sign_in(integration, form.get("key", ""))
        if cookie is None:
            return Reply(403, page.sign_in_page(integration.name, True))
        return _welcome(integration.name, cookie, deployment.env.allow_local)
    cookie = read_cookie(request, integration.name)
    if not signed_in(integration, cookie):
        return Reply(200 if method == "GET" else 403, page.sign_in_page(integration.name, False))
    services = deployment.services(integration.name)
    try:
        return _signed_in(
            services,
            deployment,
            method,
            found[2],
            _query(request),
            form,
            str(cookie),
        )
    finally:
        services.close()


def _welcome(name: str, cookie: str, local: bool) -> Reply:
    """A local stack is reached over http, where a browser does not keep a Secure cookie."""
    secure = "" if local else " Secure;"
    return Reply(
        303,
        location=f"/{name}/",
        cookie=(f"{cookie_name(name)}={cookie}; Path=/{name}/; HttpOnly;{secure} SameSite=Strict"),
    )


def _signed_in(
    services: Services,
    deployment: Deployment,
    method: str,
    path: str,
    query: Mapping[str, str],
    form: Mapping[str, str],
    cookie: str,
) -> Reply:
    token = form_token(cookie)
    if method == "GET":
        return _record(services, query, token) if path == "record" else _log(services, query, token)
    if not equal(form.get("token", ""), token):
        return Reply(
            403,
            page.page(services.integration.name, "", "<p>This form has expired: reload the page.</p>"),
        )
    action = _ACTIONS.get(path)
    done = action(services, deployment, form) if action else "nothing was done"
    return Reply(303, location=f"/{services.integration.name}/?message={quote_plus(done)}")


def _log(services: Services, query: Mapping[str, str], token: str) -> Reply:
    outcome = query.get("outcome", "")
    stores = services.stores
    rows = stores.log.rows(outcome=outcome or None, run_id=query.get("run") or None, limit=400)
    if not outcome:  # echoes of our own writes say nothing new, and have a tab to themselves
        rows = [row for row in rows if not says_nothing(row.outcome)]
    return Reply(
        200,
        page.log_page(
            services.integration.name,
            services.flow.name,
            stores.gate.read(list(services.systems)),
            stores.log.runs(20),
            rows,
            outcome,
            token,
            query.get("message", "")[:80],
            services.state.braked,
            questions(services.state, stores.missing),
        ),
    )


def _record(services: Services, query: Mapping[str, str], token: str) -> Reply:
    record = (query.get("system", ""), query.get("entity", ""), query.get("record", ""))
    rows = services.stores.log.rows(record=record, limit=200)
    return Reply(200, page.record_page(services.integration.name, services.flow.name, record, rows, token))


def _sync(services: Services, deployment: Deployment, form: Mapping[str, str]) -> str:
    found = tasks(services, "manual", new_run_id(services.clock.now()))
    queue_tasks(deployment.polls, found)
    return f"{counted(len(found), 'poll')} queued"


def _retry(services: Services, deployment: Deployment, form: Mapping[str, str]) -> str:
    system, entity, record = form.get("system", ""), form.get("entity", ""), form.get("record", "")
    known = entity in ENTITIES and system in services.systems and record not in ("", LIST)
    if not known or len(record) > _LONGEST_ID or not record.isprintable():
        return "no such record"
    now = services.clock.now()
    services.stores.queue.send(
        [ChangeEvent(services.integration.name, system, entity, record, "manual", new_run_id(now), now)]
    )
    return "the record was queued again"


def _release(services: Services, deployment: Deployment, form: Mapping[str, str]) -> str:
    """A person confirms that what the brake stopped is right; the list is polled at once."""
    key, state = form.get("list", ""), services.state
    if key not in state.braked:
        return "this list was not stopped"
    services.change_state(released=(*state.released, key))
    return f"the list continues, {_sync(services, deployment, form)}"


def _deletions(services: Services, deployment: Deployment, form: Mapping[str, str]) -> str:
    """A person says that the missing records of a list are gone, or are not: those that the page showed."""
    found = [
        one
        for one in questions(services.state, services.stores.missing)
        if one.key == form.get("list") and one.text
    ]
    if not found or form.get("gone") not in ("yes", "no"):
        return "nothing of this list is asked about"
    only = {one.id for one in found[0].records if one.at.isoformat() <= form.get("until", "")}
    settled = answer(services, found[0], form["gone"] == "yes", only)
    return f"{counted(len(settled), 'record')} settled"


_ACTIONS = {"sync": _sync, "retry": _retry, "release": _release, "deletions": _deletions}


def _form(request: Mapping[str, Any]) -> dict[str, str]:
    """What is no form of ours counts as an empty one: no key, no token, nothing to do."""
    text = str(request.get("body") or "")[:65_536]
    try:
        if request.get("isBase64Encoded"):
            text = base64.b64decode(text).decode("utf-8", "replace")
        fields = parse_qs(text, max_num_fields=20)
    except (binascii.Error, ValueError):
        return {}
    return {name: _readable(values[0]) for name, values in fields.items()}


def _query(request: Mapping[str, Any]) -> dict[str, str]:
    given = request.get("queryStringParameters")
    found = given.items() if isinstance(given, Mapping) else ()
    return {str(name): _readable(str(value))[:_LONGEST_QUERY] for name, value in found}


def _readable(text: str) -> str:
    """Without half characters, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
