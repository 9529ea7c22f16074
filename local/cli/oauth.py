"""The part of `tieout connect` that needs a person: signing in with the browser, and choosing what to work
on, for the systems whose manifest says so.

The vendor sends the browser back to an address on this machine, where a small server waits for that one call.
Promises that neither the vendor's answer nor a token is shown or written anywhere but in the store; that the
answer belongs to this sign-in is the connector's promise.
"""

import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty
from typing import Any

import typer

from local.cli._agree import terminal
from local.cli._app import Usage, err
from local.cli._callback import waiting
from local.cli._services import services
from shared.bootstrap import SIGN_INS, connector_parts
from shared.errors import BadCredentials
from shared.operations.connect_asked import with_option
from shared.operations.proposed import Stack
from shared.systems._browser import BrowserSignIn, SignInAttempt

PORT = 8975
_PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Wishes:
    """What the command line says. `show` takes the address to the user; `chosen` blank: ask, where there
    are several."""

    country: str = ""
    chosen: str = ""
    port: int = PORT
    show: Callable[[str], None] = lambda url: print_address(url)
    patience: float = _PATIENCE_SECONDS


def open_browser(vendor: str) -> Callable[[str], None]:
    def show(url: str) -> None:
        err.print(
            f"Sign in to {vendor} in the browser and allow the access. If no page opens, use this address:"
        )
        print_address(url)
        webbrowser.open(url)

    return show


def print_address(url: str) -> None:
    err.print(url, markup=False, highlight=False, soft_wrap=True)


def sign_in(target: Stack, name: str, system: str, wishes: Wishes) -> None:
    """Ends with what the vendor gave in the integration's store. Raises BadCredentials, Unavailable."""
    with _attempt(target, name, system) as attempt:
        attempt.finish(*consent(attempt, SIGN_INS[system].vendor, wishes))


def take_over(target: Stack, name: str, system: str) -> None:
    """Proves the first token that was given by hand, and keeps what it gives. Raises as `sign_in` does."""
    with _attempt(target, name, system) as attempt:
        attempt.take_over()


def signed_in(target: Stack, name: str, system: str) -> bool:
    with _attempt(target, name, system) as attempt:
        return attempt.signed_in()


@contextmanager
def _attempt(target: Stack, name: str, system: str) -> Iterator[SignInAttempt]:
    with services(target, name) as opened:
        parts = connector_parts(opened, opened.integration.connections[system], target.environment)
        yield SIGN_INS[system].begin(parts)


def consent(attempt: SignInAttempt, vendor: str, wishes: Wishes) -> tuple[str, str]:
    """Sends the user to the vendor and waits for the browser to come back: with which query, and to which
    address."""
    with waiting(wishes.port, vendor) as (port, answers):
        redirect = f"http://localhost:{port}/callback"
        wishes.show(attempt.page(redirect, wishes.country))
        try:
            return answers.get(timeout=wishes.patience), redirect
        except Empty:
            raise BadCredentials(
                f"Nobody came back from {vendor}'s sign-in page in time. Is the address "
                f"{redirect} registered for this client id in {vendor}'s developer portal?"
            ) from None


def choose(target: Stack, name: str, system: str, wanted: str) -> None:
    """Stores what the integration works on, such as the business. Raises Usage."""
    kind = SIGN_INS[system]
    with services(target, name) as opened:
        rows = kind.choices(opened.systems[system])
    chosen = choice(kind, rows, wanted, lambda: _ask(kind, rows, system))
    integrations = target.integrations()
    integrations.save(with_option(integrations.load(name), system, kind.choice, chosen))
    label = next((str(row["name"]) for row in rows if str(row["id"]) == chosen), "")
    err.print(f"{kind.choice.capitalize()}: {label} ({chosen})", markup=False, highlight=False)


def choice(
    kind: BrowserSignIn, rows: Sequence[Mapping[str, Any]], wanted: str, ask: Callable[[], str]
) -> str:
    """The id of the one named, of the only one, or of the one that `ask` gives."""
    active = [str(row["id"]) for row in rows if row["active"]]
    if wanted and wanted not in active:
        raise Usage(
            f"This sign-in has no access to a {kind.choice} “{wanted}” with an active subscription; choose "
            f"one of {', '.join(active) or '(there is none)'}."
        )
    if not active:
        raise Usage(
            f"This sign-in has no access to a {kind.choice} with an active subscription: sign in as another "
            f"{kind.vendor} user."
        )
    return wanted or (active[0] if len(active) == 1 else ask())


def _ask(kind: BrowserSignIn, rows: Sequence[Mapping[str, Any]], system: str) -> str:
    active = [row for row in rows if row["active"]]
    if not terminal():
        known = "; ".join(f"{row['id']} is {row['name']}" for row in active)
        raise Usage(
            f"Which {kind.choice} is meant has to be said, and nobody can be asked. The sign-in is kept; "
            f"give the command again, as `tieout connect {system} --keep --{kind.choice} ID`: {known}."
        )
    for number, row in enumerate(active, 1):
        err.print(f"{number}  {row['name']}", markup=False, highlight=False)
    number = typer.prompt(f"Which {kind.choice}", type=int)
    if not 1 <= number <= len(active):
        raise Usage(f"Choose a number from 1 to {len(active)}.")
    return str(active[number - 1]["id"])
