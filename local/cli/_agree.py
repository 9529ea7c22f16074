"""Shows what a proposal changes, and asks before any of it is stored for an integration that is live."""

import sys

import typer

from local.cli._app import FINDINGS, Usage, err
from local.stack.changes import changes
from local.stack.proposed import Proposed


class Agreement:
    """What was agreed to is not asked again. `yes` agrees to all of it."""

    def __init__(self, proposed: Proposed, yes: bool) -> None:
        self._proposed, self._yes = proposed, yes
        self._shown: set[tuple[str, str]] = set()

    def ask(self) -> None:
        """Raises Usage where nobody can be asked, and ends the command when the answer is no."""
        live = [name for name in self._proposed.touched() if self._show(name) and self._is_live(name)]
        if not live or self._yes:
            return
        named = ", ".join(live)
        if not terminal():
            raise Usage(
                f"{named} is live, and nobody can be asked here: nothing was stored. Say --yes to store what "
                "is shown above, or try it first: `tieout check --settings`, `tieout preview --settings`."
            )
        if not typer.confirm(f"{named} is live. Store this, if the check finds no error?", err=True):
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

    def _is_live(self, name: str) -> bool:
        return self._proposed.stored(name) is not None and self._proposed.stored_state(name).live


def terminal() -> bool:
    """Whether a person can answer."""
    return sys.stdin.isatty()
