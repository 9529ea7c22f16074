"""Shows what a proposal changes, and asks before any of it is stored for an integration that is live."""

import sys

import typer

from local.cli._app import FINDINGS, Usage, err
from local.stack.changes import changes
from shared.operations.proposed import Proposed


class Agreement:
    """What was agreed to is not asked again. `yes` agrees to all of it."""

    def __init__(self, proposed: Proposed, yes: bool) -> None:
        self._proposed, self._yes = proposed, yes
        self._shown: set[tuple[str, str]] = set()

    def ask(self) -> None:
        """Raises Usage where nobody can be asked, and ends the command when the answer is no."""
        shown = [name for name in self._proposed.touched() if self._show(name)]
        live = [said for name in shown if (said := self._live(name))]
        if not live or self._yes:
            return
        named = ", ".join(live)
        if not terminal():
            raise Usage(
                f"{named}, and nobody can be asked here: nothing was stored. Say --yes to store what "
                "is shown above, or try it first: `tieout check --settings`, `tieout preview --settings`."
            )
        if not typer.confirm(f"{named}. Store this, if the check finds no error?", err=True):
            err.print("Nothing was stored.")
            raise typer.Exit(FINDINGS)

    def _show(self, name: str) -> bool:
        """Whether anything of it is new to the person."""
        fresh = [one for one in map(str, changes(self._proposed, name)) if (name, one) not in self._shown]
        if fresh and self._proposed.stored(name) is not None:
            err.print(f"{name} will change:", markup=False, highlight=False)
            for one in fresh:
                err.print(f"  {one}", markup=False, highlight=False, soft_wrap=True)
        self._shown |= {(name, one) for one in fresh}
        return bool(fresh)

    def _live(self, name: str) -> str:
        """In words, for what is live or goes live with this; what is new has nothing to lose."""
        if self._proposed.stored(name) is None:
            return ""
        if self._proposed.stored_state(name).live:
            return f"{name} is live"
        return f"{name} goes live with this" if self._proposed.integrations().state(name).live else ""


def terminal() -> bool:
    """Whether a person can answer."""
    return sys.stdin.isatty()
