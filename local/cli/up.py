"""`tieout up`: runs the local stack in the background with the user's own settings, and keeps its state."""

from pathlib import Path
from typing import Annotated

import typer

from local.cli._app import Usage, command, doing, out
from local.cli._poll import queue_polls
from local.settings_file import Settings, load
from local.stack.home import open_home
from local.stack.process import up as start

SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="A settings file; remembered for next time.")
]


@command
def up(settings: SettingsOption = None) -> None:
    """Start the local stack and keep it running in the background."""
    remembered = open_home().settings_file
    found = _settings(settings, remembered)
    with doing("Starting") as say:
        stack = start(found, step=lambda text: say(text[0].upper() + text[1:]))
    if settings:
        remembered.write_text(str(settings.absolute()))
    out.print(
        f"The local stack is running (process {stack.pid}); its state and log are in {stack.home.root}."
    )
    names = stack.target.integrations().names()
    for name in names:
        live = stack.target.integrations().state(name).live
        if live:
            queue_polls(stack.target, name, None)
        how = "live, polling now" if live else "previews only; go live with `tieout sync --go-live`"
        out.print(f"  {name}: {how}")
    out.print("`tieout status` shows how it is doing, `tieout down` stops it.")


def _settings(given: Path | None, remembered: Path) -> Settings | None:
    """The settings as the file has them now; it may have changed since the last start."""
    if given is not None:
        return load(given)
    if not remembered.exists():
        raise Usage("There are no settings yet: run `tieout up --settings FILE`, or try `tieout demo` first.")
    return load(Path(remembered.read_text()))
