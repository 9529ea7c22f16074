"""`tieout console`: opens the console, ends its sessions, shows who did what there."""

from typing import Annotated, Any

import typer

from local.cli._app import Usage, command, moment, open_target, out, pick, show_json
from local.cli._same_options import IntegrationOption, JsonOption, StackOption
from local.stack.sign_in import ROLES, link
from local.stack.target import Target
from shared.ports.audit import Entry

_SHOWN = 50


@command
def console(
    stack: StackOption = None,
    integration: IntegrationOption = None,
    role: Annotated[
        str, typer.Option("--role", help=f"On the local stack: whom the link signs in, {' or '.join(ROLES)}.")
    ] = ROLES[0],
    end: Annotated[
        str | None,
        typer.Option(
            "--end-sessions", help="Sign somebody out everywhere (an e-mail address), or everybody (all)."
        ),
    ] = None,
    trail: Annotated[bool, typer.Option("--trail", help="Show who did what in the console.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Open the console. On the local stack this prints a link that signs in once, within ten minutes."""
    target = open_target(stack)
    if end is not None:
        _end(target, end, as_json)
    elif trail:
        _trail(target, integration, as_json)
    else:
        _open(target, pick(target, integration), role, as_json)


def console_link(target: Target, integration: str, role: str = ROLES[0]) -> str:
    """On the local stack a link that works once; on AWS the address, where Cognito asks who it is."""
    if target.endpoint and target.outputs.get("UserPool"):
        return link(target, integration, role)
    return f"{target.address('ConsoleUrl')}{integration}/"


def _open(target: Target, integration: str, role: str, as_json: bool) -> None:
    if role not in ROLES:
        raise Usage(f"There is no role “{role}”; choose one of {', '.join(ROLES)}.")
    address, pool = console_link(target, integration, role), target.outputs.get("UserPool")
    if as_json:
        show_json({"address": address, "user_pool": pool})
        return
    out.print(f"Console: {address}", highlight=False, markup=False, soft_wrap=True)
    if target.endpoint and pool:
        out.print(f"The link signs you in as {role}, once, within ten minutes.", highlight=False)
    elif pool:
        out.print(
            f"People are added in Cognito, in the user pool {pool} (docs/deploying.md).", highlight=False
        )


def _end(target: Target, who: str, as_json: bool) -> None:
    number = target.console().sessions.end_all("" if who == "all" else who)
    if as_json:
        show_json({"ended": number})
    else:
        out.print(f"{number} {'session' if number == 1 else 'sessions'} ended.", highlight=False)


def _trail(target: Target, integration: str | None, as_json: bool) -> None:
    """Of the integrations, or of one, and of the stack: sign-ins."""
    names = [pick(target, integration)] if integration else target.integrations().names()
    found = [one for name in ("", *names) for one in target.console().audit.newest(name, _SHOWN)]
    newest = sorted(found, key=lambda one: one.at, reverse=True)[:_SHOWN]
    if as_json:
        show_json([_plain(one) for one in newest])
    for one in () if as_json else newest:
        out.print(_line(one), highlight=False, markup=False, soft_wrap=True)


def _plain(one: Entry) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name != "id"}


def _line(one: Entry) -> str:
    record = " ".join(part for part in (one.system, one.entity, one.record_id) if part)
    parts = (
        moment(one.at),
        one.name,
        one.integration,
        one.action,
        record,
        one.detail,
        one.result or "not finished",
    )
    return "  ".join(part for part in parts if part)
