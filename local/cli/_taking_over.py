"""What a settings file says that is not stored yet, at the start of a stack: shown, asked about where it is
live, proved at the vendors, and only then stored. The stack runs meanwhile, with what was stored before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from local.cli._agree import Agreement
from local.cli._app import Usage, doing, err
from local.cli._proving import prove_all
from local.settings_file import Settings
from local.stack.changes import changes
from local.stack.integrations import store, user
from shared.errors import RuleInvalid
from shared.operations.proposed import Proposed, Stack
from shared.operations.settings_versions import FILE, Maker
from shared.ports import Finding


@dataclass(frozen=True)
class Taken:
    """`stored`: all of the file is, now or before. Otherwise nothing that is new in it."""

    stored: bool
    findings: Sequence[Finding] = field(default_factory=tuple)
    refused: str = ""
    """Why nobody could be asked."""


def take_over(stack: Stack, settings: Settings, yes: bool) -> Taken:
    """A file that says what is stored asks nobody: the vendors may be away when a machine starts."""
    proposed = Proposed(stack, Maker(user(), FILE))
    try:
        store(settings, proposed.integrations(), proposed.secrets, _say, again=True)
        if not any(_new(proposed, name) for name in proposed.touched()):
            proposed.keep()
            return Taken(True)
        Agreement(proposed, yes).ask()
        with doing("Checking what is new"):
            findings = prove_all(proposed)
    except Usage as refused:
        return Taken(False, refused=str(refused))
    except RuleInvalid as fault:
        return Taken(False, [Finding("error", "rules and settings", one) for one in str(fault).splitlines()])
    return Taken(not findings, findings)


def _say(text: str) -> None:
    err.print(text, markup=False, highlight=False, soft_wrap=True)


def _new(proposed: Proposed, name: str) -> bool:
    return proposed.stored(name) is None or any(changes(proposed, name))
