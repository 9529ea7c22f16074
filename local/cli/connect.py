"""`tieout connect SYSTEM`: stores credentials, opens the connection's gate, and lists what is missing at the
vendor."""

import os
from pathlib import Path
from typing import Annotated

import typer

from local.cli import oauth
from local.cli._app import (
    IntegrationOption,
    JsonOption,
    StackOption,
    Usage,
    command,
    doing,
    open_target,
    pick,
)
from local.cli._findings import report
from local.cli._services import services
from local.settings_file import load
from local.stack.integrations import store
from local.stack.target import Target
from shared.bootstrap import OPTIONS, SIGN_INS
from shared.domain.titles import title
from shared.errors import BadCredentials
from shared.operations.connect import connect as join
from shared.ports import Secrets

System = Annotated[str, typer.Argument(help=f"One of {', '.join(OPTIONS)}.")]
_BROWSER = ", ".join(title(system) for system in SIGN_INS)
"""Whom the options for signing in with the browser are for."""


@command
def connect(
    system: System,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Only check, with the credentials stored before.")
    ] = False,
    hooks: Annotated[
        bool | None,
        typer.Option(
            "--hooks/--no-hooks",
            help="Register webhooks at the vendor; by default only for a deployed stack.",
        ),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="Store what this file says first.")
    ] = None,
    country: Annotated[
        str, typer.Option("--country", help=f"{_BROWSER}: where the business is, such as gb.")
    ] = "",
    business: Annotated[str, typer.Option("--business", help=f"{_BROWSER}: the id of the business.")] = "",
    port: Annotated[
        int, typer.Option("--port", help=f"{_BROWSER}: where the browser comes back to.")
    ] = oauth.PORT,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser", help=f"{_BROWSER}: open the sign-in page, or print its address."
        ),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Store a system's credentials, asked for one by one or taken from variables such as
    TIEOUT_SUGARCRM_PASSWORD.

    For Sage Accounting it then opens Sage's sign-in page, and asks which business is meant.

    With --settings the integrations of a settings file are stored first, with the credentials it holds: this
    is how an integration gets into a deployed stack.
    """
    target = open_target(stack)
    if settings:
        store(load(settings), target.integrations(), lambda name: target.stores(name).secrets)
    name = pick(target, integration)
    if system not in target.integrations().load(name).connections:
        known = ", ".join(sorted(target.integrations().load(name).connections))
        raise Usage(f"The integration {name} has no connection {system!r}; it has {known}.")
    stores = target.stores(name)
    if not keep and not settings:
        stores.secrets.put(system, _ask(system, stored(stores.secrets, system)))
    if system in SIGN_INS and not keep:
        show = oauth.open_browser(SIGN_INS[system].vendor) if browser else oauth.print_address
        wishes = oauth.Wishes(country, business, port, show)
        _sign_in(target, name, system, wishes, signed_in=settings is not None)
    wanted = stack is not None if hooks is None else hooks
    with doing(f"Checking {system}"), services(target, name) as opened:
        findings = join(opened, system, target.address("WebhookUrl") if wanted else None, renew=bool(hooks))
    report(findings, as_json)


def _sign_in(target: Target, name: str, system: str, wishes: oauth.Wishes, *, signed_in: bool) -> None:
    """A settings file may bring a sign-in with it, and name what to work on; otherwise a person does."""
    stores, kind = target.stores(name), SIGN_INS[system]
    if not signed_in or not (
        stored(stores.secrets, system).get(kind.first_token) or stores.tokens.load(system)
    ):
        oauth.sign_in(target, name, system, wishes)
    options = target.integrations().load(name).connections[system].options
    if wishes.chosen or not options.get(kind.choice):
        oauth.choose(target, name, system, wishes.chosen)


def stored(secrets: Secrets, system: str) -> dict[str, str]:
    try:
        return secrets.get(system)
    except BadCredentials:
        return {}


def _ask(system: str, before: dict[str, str]) -> dict[str, str]:
    """Blank keeps what is stored; a field that need not be there may stay blank."""
    found = dict(before)
    for field, option in sorted(OPTIONS[system].items()):
        if not option.secret:
            continue
        given = os.environ.get(f"TIEOUT_{system}_{field}".upper())
        if given is None and option.asked and (option.required or field in before):
            given = typer.prompt(
                f"{system} {field}",
                hide_input=not option.shown,
                default=before.get(field, ""),
                show_default=False,
            )
        if given:
            found[field] = given
        elif option.required and field not in found:
            raise Usage(f"{system} needs a {field}.")
    return found
