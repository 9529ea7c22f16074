"""The part of `tieout connect sage_accounting` that needs a person: signing in with the browser, and choosing
a business.

Sage sends the browser back to an address on this machine, where a small server waits for that one call.
Promises that the answer belongs to this sign-in, that the pair of tokens is stored encrypted before anything
uses it, and that neither the code nor a token is shown or written anywhere else.
"""

import os
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import typer

from local.cli._app import Usage, err
from local.cli._services import services
from local.stack.target import Target
from shared.clock import SystemClock
from shared.errors import BadCredentials
from shared.settings import Connection, Integration
from shared.systems._hosts import guard
from shared.systems._http import HttpClient
from shared.systems.sage_accounting import oauth
from shared.systems.sage_accounting.oauth import Grant
from shared.systems.sage_accounting.pairs import install
from shared.systems.sage_accounting.system import SageAccounting
from shared.systems.sage_accounting.token_host import TokenHost

SYSTEM = "sage_accounting"
PORT = 8975
_PATIENCE_SECONDS = 300.0
_DONE = "<!DOCTYPE html><html><head><title>Tieout</title></head><body><p>{}</p></body></html>"


@dataclass(frozen=True)
class Wishes:
    """What the command line says. `show` takes the address to the user; `business` blank: ask, where there
    are several."""

    country: str = ""
    business: str = ""
    port: int = PORT
    show: Callable[[str], None] = lambda url: open_browser(url)
    patience: float = _PATIENCE_SECONDS


def open_browser(url: str) -> None:
    err.print("Sign in to Sage in the browser and allow the access. If no page opens, use this address:")
    print_address(url)
    webbrowser.open(url)


def print_address(url: str) -> None:
    err.print(url, markup=False, highlight=False, soft_wrap=True)


def sign_in(target: Target, name: str, wishes: Wishes) -> None:
    """Ends with a new pair of tokens in the integration's store. Raises BadCredentials, Unavailable."""
    stores = target.stores(name)
    connection = target.integrations().load(name).connections[SYSTEM]
    secret = stores.secrets.get(SYSTEM)
    with _token_host(target, connection, secret) as host:
        grant = consent(connection.options, secret["client_id"], host, wishes)
    install(stores.tokens, SYSTEM, grant, SystemClock(), f"cli-{os.getpid()}")


def consent(options: Mapping[str, str], client_id: str, host: TokenHost, wishes: Wishes) -> Grant:
    """Sends the user to Sage, waits for the browser to come back, and exchanges the code."""
    state, verifier = oauth.verifier(), oauth.verifier()
    with _waiting(wishes.port) as (port, answers):
        redirect = f"http://localhost:{port}/callback"
        wishes.show(
            oauth.authorize_url(
                options.get("authorize_url") or oauth.AUTHORIZE_URL,
                client_id=client_id,
                redirect_uri=redirect,
                state=state,
                code_verifier=verifier,
                country=wishes.country or options.get("country", ""),
            )
        )
        try:
            query = answers.get(timeout=wishes.patience)
        except Empty:
            raise BadCredentials(
                "Nobody came back from Sage's sign-in page in time. Is the address "
                f"{redirect} registered for this client id in Sage's developer portal?"
            ) from None
    return host.exchange(oauth.code_of(query, state), redirect, verifier)


def choose_business(target: Target, name: str, wanted: str) -> None:
    """Stores which business the integration works on. Raises Usage."""
    with services(target, name) as opened:
        system = opened.systems[SYSTEM]
        assert isinstance(system, SageAccounting)
        rows = system.businesses()
    chosen = choice(rows, wanted, lambda: _ask(rows))
    integrations = target.integrations()
    integrations.save(with_business(integrations.load(name), chosen))
    label = next((str(row["name"]) for row in rows if str(row["id"]) == chosen), "")
    err.print(f"Business: {label} ({chosen})", markup=False, highlight=False)


def choice(rows: Sequence[Mapping[str, Any]], wanted: str, ask: Callable[[], str]) -> str:
    """The id of the business: the one named, the only one, or the one that `ask` gives."""
    active = [str(row["id"]) for row in rows if row["active"]]
    if wanted and wanted not in active:
        raise Usage(
            f"This sign-in has no access to a business “{wanted}” with an active subscription; choose one of "
            f"{', '.join(active) or '(there is none)'}."
        )
    if not active:
        raise Usage(
            "This sign-in has no access to a business with an active subscription: sign in as another Sage "
            "user."
        )
    return wanted or (active[0] if len(active) == 1 else ask())


def with_business(integration: Integration, business: str) -> Integration:
    connection = integration.connections[SYSTEM]
    changed = replace(connection, options={**connection.options, "business": business})
    return replace(integration, connections={**integration.connections, SYSTEM: changed})


def _ask(rows: Sequence[Mapping[str, Any]]) -> str:
    active = [row for row in rows if row["active"]]
    for number, row in enumerate(active, 1):
        err.print(f"{number}  {row['name']}", markup=False, highlight=False)
    number = typer.prompt("Which business", type=int)
    if not 1 <= number <= len(active):
        raise Usage(f"Choose a number from 1 to {len(active)}.")
    return str(active[number - 1]["id"])


@contextmanager
def _token_host(target: Target, connection: Connection, secret: Mapping[str, str]) -> Iterator[TokenHost]:
    address = connection.options.get("token_url") or oauth.TOKEN_URL
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    allow = guard(
        origin,
        allow_local=target.environment.allow_local,
        allow_http=connection.options.get("allow_http") == "yes",
    )
    http = HttpClient(SYSTEM, origin, recorder=_Nowhere(), allow=allow, seconds_left=lambda: 60.0)
    try:
        yield TokenHost(http, address, secret)
    finally:
        http.close()


class _Nowhere:
    """A sign-in belongs to no run, and is not archived."""

    def exchange(self, line: Mapping[str, Any]) -> None:
        return None


@contextmanager
def _waiting(port: int) -> Iterator[tuple[int, Queue[str]]]:
    """A server for the one callback: its port, and the query string once it came. Raises Usage when the port
    is taken."""
    answers: Queue[str] = Queue()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(answers))
    except OSError:
        raise Usage(
            f"Port {port} of this machine is in use: choose another one with --port, and register "
            "http://localhost:PORT/callback in Sage's developer portal."
        ) from None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], answers
    finally:
        server.shutdown()
        server.server_close()


def _handler(answers: Queue[str]) -> type[BaseHTTPRequestHandler]:
    class Callback(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            known = parts.path == "/callback"
            page = _DONE.format(
                "Tieout has Sage's answer. Go back to the terminal; this page can be closed."
                if known
                else "There is nothing here."
            ).encode()
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
            if known:
                answers.put(parts.query)

        def log_message(self, format: str, *args: Any) -> None:
            """The address holds the code: nothing is logged."""

    return Callback
