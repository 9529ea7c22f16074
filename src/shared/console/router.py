"""From a Function URL request to a page or an action. Every action is a POST with the session's form token;
whatever is not in a table is not found."""

import re
from collections.abc import Mapping
from typing import Any

from shared.bootstrap import Deployment
from shared.console.actions import ACTIONS
from shared.console.assets import serve
from shared.console.pages import PAGES
from shared.console.render import render
from shared.console.reply import Reply
from shared.console.request import Request, read
from shared.console.session import cookie_name, equal, form_token, read_cookie, sign_in, signed_in
from shared.console.visit import Done, NotFound, Visit, Visitor
from shared.settings import Integration

_PATH = re.compile(r"/([A-Za-z0-9_-]{1,64})/?([a-z.-]*)")
_OWN_SITE = ("", "same-origin", "none")
"""`Sec-Fetch-Site`, which only a browser can set: our own page, or an address typed by the person."""
BOTH_ROLES = frozenset({"viewer", "admin"})


def route(payload: Mapping[str, Any], deployment: Deployment) -> Reply:
    """An unknown integration gets the same answer as an unknown page; nothing is revealed before sign-in."""
    request = read(payload)
    if request.method == "GET" and (file := serve(request.path)) is not None:
        return file
    found = _PATH.fullmatch(request.path)
    integration = _integration(deployment, found[1]) if found else None
    if found is None or integration is None or request.method not in ("GET", "POST"):
        return _not_found()
    if request.method == "POST" and request.origin not in _OWN_SITE:
        return _refused("this form was sent by another site")
    if found[2] == "sign-in" and request.method == "POST":
        return _sign_in(request, integration, deployment)
    visitor = _visitor(payload, integration)
    if visitor is None:
        return _ask_to_sign_in(integration, 200 if request.method == "GET" else 403)
    return _serve(request, deployment, integration.name, found[2], visitor)


def _visitor(payload: Mapping[str, Any], integration: Integration) -> Visitor | None:
    """Who asks; None for whoever has not signed in. The one place that knows how people sign in."""
    cookie = read_cookie(payload, integration.name)
    if not signed_in(integration, cookie):
        return None
    return Visitor(form_token(str(cookie)), BOTH_ROLES)  # type: ignore[arg-type]


def _serve(request: Request, deployment: Deployment, name: str, path: str, visitor: Visitor) -> Reply:
    services = deployment.services(name)
    visit = Visit(services, deployment, visitor, request, path)
    try:
        return _page(visit) if request.method == "GET" else _act(visit)
    except NotFound:
        return _not_found(visit)
    finally:
        services.close()


def _page(visit: Visit) -> Reply:
    page = PAGES.get(visit.page)
    if page is None or not visit.visitor.may(page.role):
        raise NotFound
    return page.show(visit)


def _act(visit: Visit) -> Reply:
    """Where every action passes: the form's token, then the role, then the deed."""
    action = ACTIONS.get(visit.page)
    if not equal(visit.request.said("token"), visit.visitor.token):
        return _refused("this form has expired: go back and reload the page")
    if action is None:
        raise NotFound
    if not visit.visitor.may(action.role):
        return _refused("you may look, but not do this: an administrator can")
    return _after(visit, action.do(visit))


def _after(visit: Visit, done: Done) -> Reply:
    count = "" if done.count is None else str(done.count)
    query = {**(done.query or {}), "done": done.code, "n": count}
    return Reply(303, location=visit.url(done.page, **query))


def _sign_in(request: Request, integration: Integration, deployment: Deployment) -> Reply:
    cookie = sign_in(integration, request.said("key"))
    if cookie is None:
        return _ask_to_sign_in(integration, 403, wrong=True)
    secure = "" if deployment.env.allow_local else " Secure;"
    """A local stack is reached over http, where a browser does not keep a Secure cookie."""
    name = integration.name
    kept = f"{cookie_name(name)}={cookie}; Path=/{name}/; HttpOnly;{secure} SameSite=Strict"
    return Reply(303, location=f"/{name}/", cookie=kept)


def _ask_to_sign_in(integration: Integration, status: int, wrong: bool = False) -> Reply:
    return Reply(status, render("sign_in.html", integration=integration.name, wrong=wrong, title="Sign in"))


def _refused(why: str) -> Reply:
    return Reply(403, render("plain.html", title="Not done", text=why, home=""))


def _not_found(visit: Visit | None = None) -> Reply:
    home = visit.url() if visit else ""
    return Reply(
        404, render("plain.html", title="Not found", text="there is no such page or record", home=home)
    )


def _integration(deployment: Deployment, name: str) -> Integration | None:
    try:
        return deployment.integrations.load(name)
    except KeyError:
        return None
