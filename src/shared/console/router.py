"""From a Function URL request to a page or an action. Every action is a POST with the session's form token;
whatever is not in a table is not found."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from shared.bootstrap_deployment import Deployment
from shared.console.actions import ACTIONS
from shared.console.api.addresses import API, DONE, JSON, PREFIX, refused, told
from shared.console.api.deeds import Deed, entered
from shared.console.assets import serve
from shared.console.door import STRICT, ask_to_sign_in, at_the_door, first_page, no_role, who
from shared.console.pages import PAGES, POSTED
from shared.console.pulse import REFUSED
from shared.console.render import render
from shared.console.reply import Reply
from shared.console.request import Request, read
from shared.console.said import said
from shared.console.sessions import SignedIn, equal
from shared.console.sign_in import Answer
from shared.console.standing import opened, stands_still, works
from shared.console.trail import begun, ended
from shared.console.visit import Done, NotFound, Role, Visit, Visitor
from shared.console.way_to_vendor import BACK, came_back
from shared.domain.record import replace
from shared.errors import RuleInvalid, SyncError
from shared.settings import Integration

_PATH = re.compile(r"/([A-Za-z0-9_-]{1,64})/?((?:api/)?[a-z.-]*)")
_OWN_SITE = ("", "same-origin", "none")
"""`Sec-Fetch-Site`, which only a browser can set: our own page, or an address typed by the person."""
_WHY = {403: "you have no role here", 404: "there is no such page or record"}
_EXPIRED = "this form has expired: go back and reload the page"
_LOOK_ONLY = "you may look, but not do this: an administrator can"
_ROLES: Mapping[str, frozenset[Role]] = {
    "viewer": frozenset({"viewer"}),
    "admin": frozenset({"viewer", "admin"}),
}


def route(payload: Mapping[str, Any], deployment: Deployment) -> Reply:
    """An unknown integration gets the same answer as an unknown page, and as one in which the person has no
    role; nothing is revealed before sign-in."""
    reply = _routed(payload, deployment)
    return reply if deployment.env.allow_local else replace(reply, headers={**reply.headers, **STRICT})


def _routed(payload: Mapping[str, Any], deployment: Deployment) -> Reply:
    request = read(payload)
    if request.method == "GET" and (file := serve(request.path)) is not None:
        return file
    if request.method not in ("GET", "POST"):
        return _not_found()
    if request.method == "POST" and request.origin not in _OWN_SITE:
        return _not_done(403, "this form was sent by another site")
    now, console = datetime.now(UTC), deployment.console
    door = at_the_door(request.method, request.path, request.said("token"), payload, console, now)
    if door is not None:
        return _shown(door)
    if (request.method, request.path) == ("GET", BACK):
        return _shown(came_back(payload, deployment, who(payload, console, now), now))
    found = _PATH.fullmatch(request.path)
    if found is None and request.path != "/":
        return _not_found()
    known = who(payload, console, now)
    if known is None and found is not None and _of_api(found[2]):
        return refused(401, "nobody is signed in")
    if known is None:
        query = str(payload.get("rawQueryString") or "")
        return _shown(ask_to_sign_in(request.method, request.path, query))
    if found is None:
        return _shown(first_page(known, deployment.integrations.names()))
    reply = _entered(request, deployment, known, found[1], found[2])
    if _of_api(found[2]) and reply.status != 200 and reply.kind != JSON:
        return refused(reply.status, _WHY.get(reply.status, "it cannot be answered now"))
    return reply


def _of_api(path: str) -> bool:
    return path.startswith(PREFIX)


def _entered(request: Request, deployment: Deployment, known: SignedIn, name: str, page: str) -> Reply:
    if not known.session.grants:
        return _shown(no_role(known))
    role = known.role(name)
    if not role or _integration(deployment, name) is None:
        return _not_found()
    session = known.session
    visitor = Visitor(known.form_token, _ROLES[role], session.name, session.person)
    return _serve(request, deployment, name, page, visitor)


def _serve(request: Request, deployment: Deployment, name: str, path: str, visitor: Visitor) -> Reply:
    try:
        services = opened(deployment, name)
    except RuleInvalid as fault:
        return _out_of_order(f"nothing is synced, because the rules cannot be read: {fault}")
    visit = Visit(services, deployment, visitor, request, path)
    try:
        if services.refused and not works(visit):
            return _still(visit)
        return _page(visit) if request.method == "GET" else _act(visit)
    except NotFound:
        return _not_found(visit)
    except SyncError as fault:
        return _out_of_order(str(fault))
    finally:
        services.close()


def _still(visit: Visit) -> Reply:
    """What needs the rules, while this release refuses them; whoever may not even ask is told that first."""
    if visit.request.method == "POST" and not equal(visit.request.said("token"), visit.visitor.token):
        return (refused if _of_api(visit.page) else _not_done)(403, _EXPIRED)
    if visit.page not in {*PAGES, *POSTED, *ACTIONS, *API, *DONE}:
        raise NotFound
    if visit.request.method == "GET" and visit.page in ("settings", "mapping"):
        return Reply(303, location=visit.url("rules"))
    if _of_api(visit.page):
        return refused(503, f"{REFUSED}: {'; '.join(visit.services.refused.splitlines())}")
    return stands_still(visit)


def _page(visit: Visit) -> Reply:
    page = PAGES.get(visit.page) or API.get(visit.page)
    if page is None or not visit.visitor.may(page.role):
        raise NotFound
    return page.show(visit)


def _act(visit: Visit) -> Reply:
    """Where every action passes: the form's token, then the role, then the deed."""
    no = refused if _of_api(visit.page) else _not_done
    if not equal(visit.request.said("token"), visit.visitor.token):
        return no(403, _EXPIRED)
    answered = POSTED.get(visit.page)
    if answered is not None:
        return answered.show(visit) if visit.visitor.may(answered.role) else no(403, _LOOK_ONLY)
    if (deed := DONE.get(visit.page)) is not None:
        return _deed(visit, deed) if visit.visitor.may(deed.role) else no(403, _LOOK_ONLY)
    action = ACTIONS.get(visit.page)
    if action is None:
        raise NotFound
    if not visit.visitor.may(action.role):
        return no(403, _LOOK_ONLY)
    return _after(visit, _done(visit, visit.page, action.do))


def _deed(visit: Visit, deed: Deed) -> Reply:
    """A button of a page, pressed through the API."""
    name, do = deed.button(visit)
    done = _done(entered(visit), name, do)
    says = said(_code(done))
    return told(done, says.text if says else done.code, bad=says is None or says.bad)


def _done(visit: Visit, name: str, do: Callable[[Visit], Done]) -> Done:
    """Noted in the audit trail before and after."""
    trail, person = visit.deployment.console.stores.audit, (visit.visitor.person, visit.visitor.name)
    entry = begun(trail, person, name, visit.services.integration.name, visit.request.form, visit.now)
    done = do(visit)
    says = said(_code(done))
    ended(trail, entry, says.text if says else done.code)
    return done


def _code(done: Done) -> dict[str, str]:
    return {"done": done.code, "n": "" if done.count is None else str(done.count)}


def _after(visit: Visit, done: Done) -> Reply:
    query = {**(done.query or {}), **_code(done)}
    return Reply(303, location=visit.url(done.page, **query))


def _shown(answer: Answer) -> Reply:
    page = {"title": answer.title, "text": answer.text, "links": answer.links, "token": answer.token}
    body = render("door.html", **page) if answer.title else ""
    return Reply(answer.status, body, answer.location, answer.cookies, headers=answer.headers)


def _not_done(status: int, why: str) -> Reply:
    return Reply(status, render("plain.html", title="Not done", text=why, home=""))


def _out_of_order(why: str) -> Reply:
    return Reply(503, render("plain.html", title="Not now", text=why, home=""))


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
