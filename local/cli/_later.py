"""Commands whose modules are read when they are called: `--help` and a typing mistake need none of them.

A module brings in boto3, the engine and the connectors, which is most of what a command costs.
"""

from functools import cached_property
from importlib import import_module
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from local.cli._options import without_pydantic

COMMANDS: dict[str, str] = {
    "demo": "Try everything on this machine, with sample data.",
    "up": "Start the local stack; it keeps running in the background.",
    "down": "Stop the local stack; its state is kept.",
    "connect": "Store a system's credentials, once they are proved.",
    "check": "Check that all that the rules name exists in both systems.",
    "preview": "A dry run: what would be created, changed or skipped, and why.",
    "trial": "What archived records would become under other rules.",
    "sync": "Look for changes now.",
    "status": "Say what needs a person; connections, open records, queues.",
    "log": "What was created, updated or skipped, and why.",
    "why": "Why a record is where it is, or nowhere, and what to do.",
    "mcp": "Answer an assistant's questions over stdio; read only.",
    "console": "Open the console, end its sessions, or show who did what.",
    "decide": "Settle look-alikes once and for all.",
    "deletions": "Records that are missing: list them, or say what is true.",
    "dead": "List dead letters by cause; replay or drop them.",
    "replay": "Move dead letters back to be tried again.",
    "reconcile": "Compare both systems completely, and queue what was missed.",
    "undo": "Put back the values that a run replaced.",
    "erase": "Remove a person from all that Tieout keeps.",
    "recover": "After a restore: look every record up before one is made.",
}
"""Name -> what `--help` says of it, in one line of a terminal; the command's own help says the rest. The
module has the same name."""
_FUNCTIONS = {"why": "why_command"}


class _Quick(TyperCommand):
    """A command that reads pydantic for those of its options alone which need it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        without_pydantic(self.get_params(ctx))
        return super().parse_args(ctx, args)


class Later(TyperCommand):
    """A command by name and summary; everything else is the real one's."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__(name, help=summary)

    @cached_property
    def real(self) -> Any:
        name = str(self.name)
        found = getattr(import_module(f"local.cli.{name}"), _FUNCTIONS.get(name, name))
        info = CommandInfo(name=name, callback=found, cls=_Quick)
        return get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)

    @property
    def params(self) -> list[Any]:
        return list(self.real.params)

    @params.setter
    def params(self, params: list[Any]) -> None:
        """The base class sets none, and none are set."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return self.real.make_context(info_name, args, parent, **extra)


class Commands(TyperGroup):
    """Those of the table, beside those that were given."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.commands = {**self.commands, **{name: Later(name, text) for name, text in COMMANDS.items()}}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        without_pydantic(self.get_params(ctx))  # by now those of completion and help, too
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        return [*self.commands]
