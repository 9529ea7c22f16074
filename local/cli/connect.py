"""`tieout connect SYSTEM`: proves credentials and stores them, opens the connection's gate, and lists what is
missing at the vendor."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from local.cli import oauth
from local.cli._agree import Agreement
from local.cli._app import Usage, command, doing, open_target, pick
from local.cli._findings import faults_found, report
from local.cli._proving import UNSTORED, prove
from local.cli._same_options import IntegrationOption, JsonOption, StackOption, StoreLiveOption
from local.cli._ticks import tick_findings
from local.cli._trying import only
from local.settings_file import load
from local.stack.integrations import store, user
from shared.bootstrap import OPTIONS, SIGN_INS
from shared.domain.titles import title
from shared.errors import BadCredentials
from shared.operations.proposed import Proposed
from shared.operations.settings_versions import FILE, Maker
from shared.ports import Finding, Secrets

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
        Path | None, typer.Option("--settings", help="Also take over what this file says.")
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
    yes: StoreLiveOption = False,
    as_json: JsonOption = False,
) -> None:
    """Store a system's credentials, asked for one by one or taken from variables such as
    TIEOUT_SUGARCRM_PASSWORD, once a sign-in with them has worked and the check found no error.

    For Sage Accounting it then opens Sage's sign-in page, and asks which business is meant.

    With --settings the integrations of a settings file are stored too, with the credentials it holds: this
    is how an integration gets into a deployed stack.

    What changes is shown first; for an integration that is live it is asked about, too.
    """
    stack_target = open_target(stack)
    target = Proposed(stack_target, Maker(user(), FILE))
    with faults_found(as_json):
        found = load(settings) if settings else None
        if found:
            store(found, target.integrations(), target.secrets)
    name = pick(target, integration or (only(found) if found else None))
    if system not in target.integrations().load(name).connections:
        known = ", ".join(sorted(target.integrations().load(name).connections))
        raise Usage(f"The integration {name} has no connection {system!r}; it has {known}.")
    before = stored(stack_target.stores(name).secrets, system)
    if not keep and not settings:
        target.secrets(name).put(system, _ask(system, before))
    agreement = Agreement(target, yes)
    agreement.ask()
    if system in SIGN_INS:
        show = oauth.open_browser(SIGN_INS[system].vendor) if browser else oauth.print_address
        wishes = oauth.Wishes(country, business, port, show)
        try:
            if not keep:
                sign_in(target, name, system, wishes, before, from_file=settings is not None)
            choose(target, name, system, wishes)
        except BadCredentials as fault:
            report([Finding("error", system, str(fault)), UNSTORED], as_json)
        agreement.ask()  # what was chosen since
    wanted = stack is not None if hooks is None else hooks
    with faults_found(as_json), doing(f"Checking {title(system)}"):
        address = stack_target.address("WebhookUrl") if wanted else None
        findings = prove(target, name, system, address, renew=bool(hooks))
        findings += tick_findings(stack_target, target.integrations().load(name))
    report(findings, as_json)


def sign_in(
    target: Proposed,
    name: str,
    system: str,
    wishes: oauth.Wishes,
    before: Mapping[str, str],
    *,
    from_file: bool,
) -> None:
    """A settings file may bring a sign-in with it; otherwise a person signs in.

    The vendor has proved the client when it gives out tokens, and they are good with no other one: so both
    are stored together, whatever else a check finds.
    """
    kind = SIGN_INS[system]
    first = stored(target.secrets(name), system).get(kind.first_token, "")
    if from_file and first and first != before.get(kind.first_token):
        oauth.take_over(target, name, system)
        target.secrets(name).keep(system)
    elif not from_file or not (first or oauth.signed_in(target, name, system)):
        oauth.sign_in(target, name, system, wishes)
        target.secrets(name).keep(system)


def choose(target: Proposed, name: str, system: str, wishes: oauth.Wishes) -> None:
    """What the integration works on, where it is not said yet or is said anew."""
    options = target.integrations().load(name).connections[system].options
    if wishes.chosen or not options.get(SIGN_INS[system].choice):
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
