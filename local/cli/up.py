"""`tieout up`: runs the local stack in the background with the user's own settings, and keeps its state."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from local.cli._app import FINDINGS, Usage, command, doing, err, out
from local.cli._poll import queue_polls
from local.cli._same_options import StoreLiveOption
from local.cli._taking_over import Taken, take_over
from local.settings_file import Settings, load
from local.stack.home import open_home
from local.stack.process import up as start
from local.stack.stack import Stack

SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="A settings file; remembered for next time.")
]


@command
def up(
    settings: SettingsOption = None,
    yes: StoreLiveOption = False,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay, and stop with this command: for a service manager.")
    ] = False,
) -> None:
    """Start the local stack and keep it running in the background.

    What is new in the settings file is shown, asked about where an integration is live, and checked at the
    vendors. Nothing that fails is stored: the stack then runs with what was stored before.
    """
    remembered = open_home().settings_file
    found = _settings(settings, remembered)
    with doing("Starting") as say:
        stack = start(
            found,
            step=lambda text: say(text[0].upper() + text[1:]),
            detached=not foreground,
            storing=False,
        )
    file = settings or Path(remembered.read_text())
    taken = _taken(stack, found, yes)
    if settings and taken.stored:
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
    _say(taken, file)
    if foreground:
        _stay(stack)
    if not taken.stored:
        raise typer.Exit(FINDINGS)


def _taken(stack: Stack, settings: Settings, yes: bool) -> Taken:
    try:
        return take_over(stack.target, settings, yes)
    except typer.Exit:  # somebody said no
        return Taken(False, refused="You said no.")


def _say(taken: Taken, file: Path) -> None:
    if taken.stored:
        return
    err.print(f"It runs with what was stored before: what is new in {file} was not stored.", highlight=False)
    for why in (
        [taken.refused] if taken.refused else [f"{one.subject}: {one.message}" for one in taken.findings]
    ):
        err.print(f"  {why}", markup=False, highlight=False, soft_wrap=True)
    err.print(f"Mend that, then `tieout connect SYSTEM --settings {file}`.", markup=False, highlight=False)


def _stay(stack: Stack) -> None:
    """Until it is told to stop (exit code 0), or the stack ends by itself (1), so that a service manager
    starts it again."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if stack.process is not None:
            stack.process.wait()
        raise typer.Exit(FINDINGS)
    except KeyboardInterrupt:
        pass
    finally:
        stack.close()


def _settings(given: Path | None, remembered: Path) -> Settings:
    """The settings as the file has them now; it may have changed since the last start."""
    if given is not None:
        return load(given)
    if not remembered.exists():
        raise Usage("There are no settings yet: run `tieout up --settings FILE`, or try `tieout demo` first.")
    path = Path(remembered.read_text())
    if not path.is_file():
        raise Usage(
            f"The settings file of the last start is not there ({path}): run `tieout up --settings FILE`."
        )
    return load(path)
