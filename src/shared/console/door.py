"""The addresses that lead in and out, and what a person meets who may not see what was asked for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.console import sign_in
from shared.console.roles import visible
from shared.console.sessions import SignedIn, visitor
from shared.console.sign_in import Answer, Provided

STRICT = {"Strict-Transport-Security": "max-age=63072000"}
"""A browser that was here once never asks without TLS again."""


def at_the_door(
    method: str,
    path: str,
    token: str,
    request: Mapping[str, Any],
    console: Provided,
    now: datetime,
) -> Answer | None:
    """None for any other address. `token`: of the form that was sent."""
    if (method, path) == ("GET", sign_in.BEGIN):
        return sign_in.begin(request, console, now)
    if (method, path) == ("GET", sign_in.BACK):
        return sign_in.finish(request, console, now)
    if (method, path) == ("GET", sign_in.LEFT):
        return sign_in.left(request, console)
    if (method, path) != ("POST", sign_in.LEAVE):
        return None
    found = who(request, console, now)
    return sign_in.leave(found, token, console, now) if found else Answer(303, location=sign_in.LEFT)


def who(request: Mapping[str, Any], console: Provided, now: datetime) -> SignedIn | None:
    return visitor(request, console.stores.sessions, now, local=console.local)


def ask_to_sign_in(method: str, path: str, query: str) -> Answer:
    """A page that was looked at is come back to; what was sent is not sent again."""
    if method != "GET":
        return Answer(
            403,
            "Not signed in",
            "Your session has ended, so nothing was done.",
            ((sign_in.BEGIN, "Sign in"),),
        )
    back = f"{path}?{query}" if query else path
    words = "Sign in to see the sync log, its records, and why each one is where it is."
    return Answer(200, "Sign in", words, ((sign_in.sign_in_path(back), "Sign in"),))


def first_page(found: SignedIn, names: Iterable[str]) -> Answer:
    """Of the console's bare address: the only integration of those that the person sees, or a choice."""
    seen = visible(found.session, names)
    if not seen:
        return no_role(found)
    if len(seen) == 1:
        return Answer(303, location=f"/{seen[0]}/")
    links = tuple((f"/{name}/", name) for name in seen)
    return Answer(200, "Integrations", links=links, token=found.form_token)


def no_role(found: SignedIn) -> Answer:
    return Answer(
        403,
        "Nothing to see yet",
        f"You are signed in as {found.session.name}, but nobody has given you a role here. Ask whoever runs "
        "Tieout to add you to the group viewer or admin, then sign out and in again.",
        token=found.form_token,
    )
