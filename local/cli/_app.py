"""What all commands share: the stack they work on, how they print, and their exit codes.

Exit codes: 0 all well, 1 there are findings, 2 the command could not be carried out as asked.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from local.cli._words import line
from local.stack.launch import StackFault
from local.stack.process import attach, reading
from local.stack.target import Target, open_stack
from shared.domain.titles import use_titles
from shared.errors import SyncError
from shared.operations.proposed import Stack
from shared.systems.registry import FromManifests

use_titles(FromManifests(lambda manifest: manifest.title))

FINDINGS, USAGE = 1, 2


def on_terminal() -> bool:
    """Whether a person reads the output as it comes; what goes into a pipe or a file is plain."""
    return sys.stdout.isatty()


def plain_line(*parts: object) -> None:
    """One record in a pipe or a file: its parts between tabs."""
    typer.echo("\t".join(line(part) for part in parts))


out = Console(soft_wrap=not on_terminal())
err = Console(stderr=True)

P = ParamSpec("P")
R = TypeVar("R")


class Usage(Exception):
    """The command cannot be carried out as asked; the message is a sentence."""


def command(run: Callable[P, R]) -> Callable[P, R]:
    """Turns faults that a person can act on into one sentence and exit code 2, without a traceback."""

    @wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return run(*args, **kwargs)
        except (Usage, StackFault, SyncError) as fault:
            err.print("[bold red]Error:[/] ", end="")
            err.print(str(fault), markup=False, highlight=False)
        except KeyError as fault:
            err.print("[bold red]Error:[/] ", end="")
            err.print(str(fault.args[0] if fault.args else fault), markup=False, highlight=False)
        except BrokenPipeError:  # whoever read it has seen enough, as `head` does
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            raise typer.Exit(0) from None
        except OSError as fault:
            what = f"{fault.filename}: " if fault.filename else ""
            err.print("[bold red]Error:[/] ", end="")
            err.print(f"{what}{fault.strerror or fault}", markup=False, highlight=False)
        except KeyboardInterrupt:
            err.print("Stopped.")
            raise typer.Exit(130) from None
        except Exception as fault:
            if not _of_aws(fault):
                raise
            err.print("[bold red]Error:[/] ", end="")
            err.print(f"the stack did not answer: {fault}", markup=False, highlight=False)
        raise typer.Exit(USAGE)

    return wrapped


def _of_aws(fault: Exception) -> bool:
    """Asked only once something has failed: reading botocore takes a third of a second."""
    from botocore.exceptions import BotoCoreError, ClientError

    return isinstance(fault, BotoCoreError | ClientError)


def open_target(stack: str | None) -> Target:
    """The local stack, or a deployed one by name with boto3's usual credentials. Raises StackFault."""
    if not stack:
        return attach()
    import boto3

    return open_stack(boto3.Session(), stack, None)


@contextmanager
def read_target(stack: str | None) -> Iterator[Target]:
    """As `open_target`, for commands that only read: a local stack that is down is opened just for this."""
    if stack:
        yield open_target(stack)
    else:
        with reading() as target:
            yield target


def pick(target: Stack, name: str | None) -> str:
    """The integration to work on. Raises Usage, naming those there are."""
    names = target.integrations().names()
    if name in names:
        return str(name)
    if name is None and len(names) == 1:
        return names[0]
    if not names:
        raise Usage("This stack has no integration yet: start it with `tieout up --settings FILE`.")
    what = f"There is no integration “{name}”" if name else "This stack has several integrations"
    raise Usage(f"{what}; choose one with --integration: {', '.join(names)}.")


def show_json(value: Any) -> None:
    """To standard output, with nothing else."""
    typer.echo(json.dumps(value, indent=2, default=_plain, ensure_ascii=False))


def moment(value: datetime | None) -> str:
    """Local time to the second, for people."""
    return value.astimezone().strftime("%Y-%m-%d %H:%M:%S") if value else ""


_EVERY_SECONDS = 10.0


@contextmanager
def doing(what: str) -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what is being done; the caller can change its text. In a pipe or a
    file, what is new is written down every ten seconds: silence would look like a fault."""
    if err.is_terminal:
        with err.status(what) as status:
            yield lambda text: status.update(escape(text))
        return
    last, told = time.monotonic(), ""

    def say(text: str) -> None:
        nonlocal last, told
        if text != told and time.monotonic() - last >= _EVERY_SECONDS:
            last, told = time.monotonic(), text
            err.print(text, markup=False, highlight=False, soft_wrap=True)

    yield say


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"cannot show a {type(value).__name__} as JSON")
