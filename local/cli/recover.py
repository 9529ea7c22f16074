"""`tieout recover`: after a restore of the tables, or with the tables gone: what both systems have already is
linked again, and nothing is made twice."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from local.cli._app import Usage, command, open_target, out, pick, show_json
from local.cli._poll import queue_polls
from local.cli._same_options import IntegrationOption, JsonOption, StackOption
from local.settings_file import load
from local.stack.integrations import recover as mark
from local.stack.integrations import store
from shared.domain.wording import counted

SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", help="Where the tables are gone: store the integrations from this file."),
]


@command
def recover(
    stack: StackOption = None,
    integration: IntegrationOption = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """From now on look every record up before a new one is made, and read all lists once.

    The daily sweep, or `tieout reconcile`, ends it when everything has found its counterpart again.
    """
    target = open_target(stack)
    if settings is not None:
        store(load(settings), target.integrations(), lambda name: target.stores(name).secrets)
    integrations = target.integrations()
    names = [pick(target, integration)] if integration else integrations.names()
    if not names:
        raise Usage("This stack has no integration: say which there were with --settings FILE.")
    mark(integrations, datetime.now(UTC), names)  # before any list is read
    polls = {name: queue_polls(target, name, None) for name in names}
    live = {name: integrations.state(name).live for name in names}
    if as_json:
        show_json([{"integration": name, "live": live[name], "polls": polls[name]} for name in names])
        return
    for name in names:
        waits = "" if live[name] else " It only previews: `tieout sync --go-live` ends that."
        out.print(
            f"{name} is recovering; {counted(len(polls[name]), 'list')} to be read once.{waits}",
            highlight=False,
        )
    out.print(
        "When all of it has been worked off, `tieout reconcile` (or the nightly sweep) ends the recovery."
    )
