"""Signing in and out: what the addresses under `/-/` do. They belong to the stack, not to an integration,
and no integration's name can be `-`.

GET /-/sign-in      begins: to the provider, with a state that works once, in this browser only
GET /-/signed-in    comes back from the provider: a session begins, with a key that nobody knew before
POST /-/sign-out    ends the session (with its form token); then the provider's own
GET /-/signed-out   says so
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote

from shared.console import oidc, sessions
from shared.console.oidc_token import SignInRefused, checked
from shared.console.roles import grants, person_name
from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.ports.audit import Entry
from shared.ports.sessions import ConsoleStores, Provider, Session, Started

BEGIN, BACK, LEAVE, LEFT = "/-/sign-in", oidc.CALLBACK, "/-/sign-out", "/-/signed-out"
MOST_ATTEMPTS = 60
"""Of one address within a window; an office shares one."""
WINDOW = timedelta(minutes=10)
_OWN_PATH = re.compile(r"/(?![/\\-])[!-\[\]-~]{0,500}")
"""A path of ours: not another host (`//`, `/\\`), not an address of this file, and no control character."""
_HINT = re.compile(r"[!-~]{1,200}")
_AGAIN = "This sign-in has expired, was begun in another browser, or has been used already. Begin again."


class Provided(Protocol):
    """`bootstrap_console.Console`."""

    @property
    def stores(self) -> ConsoleStores: ...
    @property
    def web(self) -> oidc.Web: ...
    @property
    def local(self) -> bool: ...


@record
class Answer:
    """What to show: a page with a sentence and links, or only the address to go on to."""

    status: int
    title: str = ""
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Each its address and words."""
    location: str = ""
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    """Of the form that signs out, on a page that has nothing else."""


def sign_in_path(back: str = "/") -> str:
    return f"{BEGIN}?back={quote(own_path(back), safe='/')}"


def own_path(back: str) -> str:
    """`back` where it is a path of this console, else its first page: nobody is led elsewhere."""
    return back if _OWN_PATH.fullmatch(back) else "/"


def begin(request: Mapping[str, Any], console: Provided, now: datetime) -> Answer:
    query = _query(request)
    try:
        provider = _ready(request, console, now)
        found = oidc.endpoints(provider, console.web, local=console.local)
    except SignInRefused as refused:
        return _refusal(refused, query.get("back", "/"))
    browser = sessions.begun_key(request, local=console.local) or sessions.new_key()
    state, nonce, verifier = sessions.new_key(), sessions.new_key(), sessions.new_key()
    back = own_path(query.get("back", "/"))
    started = Started(sessions.digest(browser), nonce, verifier, back, now)
    console.stores.sign_ins.begin(state, started)
    hint = query.get("hint", "")
    address = oidc.authorize_address(
        provider,
        found,
        state=state,
        nonce=nonce,
        verifier=verifier,
        hint=hint if _HINT.fullmatch(hint) else "",
    )
    cookie = sessions.begun_cookie(browser, local=console.local)
    return Answer(303, location=address, cookies=(cookie,))


def finish(request: Mapping[str, Any], console: Provided, now: datetime) -> Answer:
    """The one place where a session begins."""
    query, back = _query(request), "/"
    try:
        provider = _ready(request, console, now)
        started = _taken(request, console, query.get("state", ""), now)
        back = started.back
        if query.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise SignInRefused("The answer comes from another sign-in provider than the one that was asked.")
        if "error" in query or not query.get("code"):
            raise SignInRefused("The sign-in was given up, or the provider refused it.")
        found = oidc.endpoints(provider, console.web, local=console.local)
        token = oidc.id_token(provider, found, console.web, code=query["code"], verifier=started.verifier)
        claims = checked(token, provider, started.nonce, now)
    except SignInRefused as refused:
        return _refusal(refused, back)
    return _welcome(request, console, provider, claims, back, now)


def leave(found: sessions.SignedIn, token: str, console: Provided, now: datetime) -> Answer:
    if not sessions.equal(token, found.form_token):
        return Answer(403, "Still signed in", "This form has expired: reload the page.", (("/", "Go on"),))
    console.stores.sessions.end(found.key)
    console.stores.audit.note(_entry(found.session, "sign out", now))
    return Answer(303, location=f"{LEFT}?go=on", cookies=sessions.no_cookies(local=console.local))


def left(request: Mapping[str, Any], console: Provided) -> Answer:
    """A form may not lead to another host (`form-action 'self'`), so this page does."""
    page = Answer(200, "Signed out", "You are signed out.", ((BEGIN, "Sign in"),))
    if _query(request).get("go") != "on":
        return page
    try:
        provider = console.stores.provider.load()
        found = oidc.endpoints(provider, console.web, local=console.local) if provider else None
    except (SignInRefused, RuleInvalid):
        return page
    if found is None or not found.sign_out:
        return page
    links = ((found.sign_out, "End the provider's session too"),)
    return Answer(200, page.title, page.text, links, headers={"Refresh": f"0; url={found.sign_out}"})


def source(request: Mapping[str, Any]) -> str:
    """Where a request comes from; of IPv6 the network, of which one customer has the whole."""
    context = request.get("requestContext")
    http = context.get("http") if isinstance(context, Mapping) else None
    text = str(http.get("sourceIp") or "") if isinstance(http, Mapping) else ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _ready(request: Mapping[str, Any], console: Provided, now: datetime) -> Provider:
    """Counts the attempt before anything is asked of anybody."""
    seconds = int(WINDOW.total_seconds())
    window = int(now.timestamp()) // seconds
    if not console.stores.sign_ins.attempt(source(request), str(window), MOST_ATTEMPTS, now + 2 * WINDOW):
        raise SignInRefused("There were too many sign-ins from your network. Try again in ten minutes.")
    try:
        provider = console.stores.provider.load()
    except RuleInvalid:
        provider = None
    if provider is None:
        raise SignInRefused("No sign-in provider is set up. Tell whoever runs Tieout.")
    return provider


def _taken(request: Mapping[str, Any], console: Provided, state: str, now: datetime) -> Started:
    """The state works once, whatever comes of it. Raises SignInRefused."""
    browser = sessions.begun_key(request, local=console.local)
    started = console.stores.sign_ins.take(state) if state and browser else None
    if started is None or browser is None or now >= started.at + sessions.BEGUN_LASTS:
        raise SignInRefused(_AGAIN)
    if not sessions.equal(sessions.digest(browser), started.browser):
        raise SignInRefused(_AGAIN)
    return started


def _welcome(
    request: Mapping[str, Any],
    console: Provided,
    provider: Provider,
    claims: Mapping[str, Any],
    back: str,
    now: datetime,
) -> Answer:
    """A new key each time, and the end of the session that this browser had: whoever planted a key in it
    has nothing."""
    before = sessions.session_key(request, local=console.local)
    if before:
        console.stores.sessions.end(before)
    session = Session(
        claims["sub"], person_name(claims), grants(claims, provider), now, now, now + sessions.LONGEST
    )
    key = sessions.new_key()
    console.stores.sessions.begin(key, session)
    console.stores.audit.note(_entry(session, "sign in", now, ", ".join(session.grants) or "no role"))
    cookies = (
        sessions.session_cookie(key, local=console.local),
        sessions.no_begun_cookie(local=console.local),
    )
    return Answer(303, location=back, cookies=cookies)


def _entry(session: Session, action: str, now: datetime, detail: str = "") -> Entry:
    return Entry(
        now, session.person, session.name, action, detail=detail, result="done", id=sessions.new_key()[:8]
    )


def _refusal(refused: SignInRefused, back: str) -> Answer:
    return Answer(403, "Not signed in", str(refused), ((sign_in_path(back), "Sign in"),))


def _query(request: Mapping[str, Any]) -> dict[str, str]:
    given = request.get("queryStringParameters")
    return (
        {str(name): str(value)[:2_000] for name, value in given.items()} if isinstance(given, Mapping) else {}
    )
