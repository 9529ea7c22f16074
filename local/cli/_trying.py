"""What `check` and `preview` work on: what is stored, or a settings file that is tried and not stored."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.cli._app import open_target, pick, read_target
from local.cli._ticks import tick_findings
from local.settings_file import Settings, load
from local.stack.changes import changes
from local.stack.integrations import store
from local.stack.launch import StackFault
from local.stack.process import remembered_settings
from local.stack.target import Target
from shared.bootstrap import Services
from shared.domain.wording import counted
from shared.errors import RuleInvalid
from shared.operations.check_sides import side_findings
from shared.operations.proposed import Proposed, Stack
from shared.operations.settings_changes import settings_changes
from shared.ports import Finding

_SHOWN = 5
"""Changes that one finding names."""


@dataclass(frozen=True)
class Tried:
    """`settings` is the file that is tried; `remembered` the one that the stack was last started with."""

    stack: Stack
    name: str
    settings: Path | None = None
    remembered: Path | None = None
    clocked: Stack | None = None
    """The stack whose clock polls, where there is one."""

    def told(self, opened: Services) -> list[Finding]:
        """What was read, how it differs from the other of the two (file and stored), and what of it goes
        nowhere."""
        clock = tick_findings(self.clocked, opened.integration) if self.clocked is not None else []
        return [*self._read(opened), *clock, *side_findings(opened)]

    def _read(self, opened: Services) -> list[Finding]:
        flow = f"flow {opened.flow.name}, version {opened.flow.version}"
        if isinstance(self.stack, Proposed):
            said = (
                f"Read: {self.settings} and the rules folder that it names ({flow}). Nothing of it is stored."
            )
            found = [Finding("ok", "rules", said)]
            return [*found, *(Finding("ok", "would change", str(one)) for one in self._changes(self.stack))]
        said = f"Read: the rules that are stored ({flow})."
        if self.remembered is None:
            said += " A rules folder that was changed since is no part of this: try it with --settings FILE."
            return [Finding("ok", "rules", said)]
        return [Finding("ok", "rules", said), self._compared(self.remembered)]

    def _changes(self, proposed: Proposed) -> list[str]:
        found = [str(one) for one in changes(proposed, self.name)]
        return found or ["Nothing: all of it is stored like this."]

    def _compared(self, file: Path) -> Finding:
        """The file and its folder as they are now, against what is stored."""
        what = f"`tieout check --settings {file}`"
        try:
            entries = load(file).integrations
        except RuleInvalid as fault:
            said = (
                f"{file} and its rules folder cannot be compared with what is stored, and are no part of this"
            )
            return Finding("warning", "settings file", f"{said}: {fault}")
        made = next((one.integration for one in entries if one.integration.name == self.name), None)
        if made is None:
            return Finding("warning", "settings file", f"{file} no longer has the integration {self.name}.")
        found = list(settings_changes(self.stack.integrations().load(self.name), made))
        if not found:
            return Finding("ok", "settings file", f"{file} and its rules folder say the same.")
        said = (
            f"{counted(len(found), 'change')} in {file} and its rules folder {'are' if found[1:] else 'is'} "
            f"not stored, and no part of this; {what} tries them"
        )
        return Finding("warning", "settings file", f"{said}: {'; '.join(map(str, found[:_SHOWN]))}")


@contextmanager
def trying(stack: str | None, settings: Path | None, integration: str | None) -> Iterator[Tried]:
    """Raises StackFault, RuleInvalid, and Usage when the integration is not clear."""
    if settings is None:
        target = open_target(stack)
        yield Tried(target, pick(target, integration), None, remembered(stack, target), target)
        return
    found = load(settings)
    with ExitStack() as cleanup:
        beneath = _beneath(cleanup, stack)
        proposed = Proposed(beneath)
        store(found, proposed.integrations(), proposed.secrets)
        yield Tried(proposed, pick(proposed, integration or only(found)), settings, None, beneath)


def only(settings: Settings) -> str | None:
    """The integration of a file that has one, whatever else the stack has."""
    names = [one.integration.name for one in settings.integrations]
    return names[0] if len(names) == 1 else None


def remembered(stack: str | None, target: Target) -> Path | None:
    """The settings file that the local stack was last started with, while it is there."""
    return None if stack else remembered_settings(target)


def _beneath(cleanup: ExitStack, stack: str | None) -> Stack:
    """Where there is no stack yet, the file alone is tried."""
    if stack:
        return open_target(stack)
    try:
        return cleanup.enter_context(read_target(None))
    except StackFault:
        from local.stack.blank import BlankStack  # most commands never need the stores in memory

        return BlankStack()
