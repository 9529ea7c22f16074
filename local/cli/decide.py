"""`tieout decide`: says once, of records that look alike, whether they are the same; singly or by file."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from local.cli._app import Usage, command, doing, on_terminal, open_target, out, show_json
from local.cli._asking import to_be_confirmed
from local.cli._left_out import SAYS, leave_out_one
from local.cli._same_options import IntegrationOption, JsonOption, StackOption, YesOption
from local.cli._services import services
from local.cli._tables import show_table
from shared.bootstrap import Services
from shared.domain.decision import Verdict
from shared.domain.wording import words
from shared.operations.decide import CannotDecide, Said, all_with, of_lines, of_record, store
from shared.operations.pairs_file import FileRefused, read

SHOWN = 200
_WORDS = ("same", "different", "skip", "take-up")


@command
def decide(
    record: Annotated[str | None, typer.Argument(help="A record's id or name, or system/entity/id.")] = None,
    verdict: Annotated[str | None, typer.Argument(help="same, different, skip or take-up.")] = None,
    other: Annotated[
        str | None, typer.Argument(help="The other record; left out, all that the first one looks like.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="What `tieout preview ENTITY --pairs FILE` wrote, filled in."),
    ] = None,
    all_with_key: Annotated[
        str,
        typer.Option("--all-with", help="All look-alikes with one value, such as vat_number=GB123456789."),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be decided, and store nothing.")
    ] = False,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    as_json: JsonOption = False,
    yes: YesOption = False,
) -> None:
    """Settle look-alikes once and for all: RECORD same|different [OTHER], a file, or all with one value.

    All of it is stored, or nothing. `tieout undo RUN` takes it back.
    RECORD skip leaves a record out for good, RECORD take-up ends that.
    """
    if record is not None and verdict is not None and verdict in SAYS:
        if other or file or all_with_key:
            raise Usage(f"`tieout decide RECORD {verdict}` is said of one record alone.")
        leave_out_one(open_target(stack), integration, record, verdict, dry_run, as_json)
        return
    if not dry_run:
        to_be_confirmed(yes, as_json, without="--dry-run")
    with doing("Reading both systems"), services(open_target(stack), integration) as opened:
        try:
            said = _said(opened, record, verdict, other, file, all_with_key)
        except (CannotDecide, FileRefused) as no:
            raise Usage(f"Nothing was decided.\n{no}") from None
        if not as_json:
            _print(said)
        run = ""
        if said and not dry_run and (yes or _confirmed(len(said))):
            run = store(opened, said)
    if as_json:
        show_json({"run": run, "decided": [asdict(one) for one in said]})
    elif run:
        out.print(f"Decided. To take it back: `tieout undo {run}`", highlight=False)
    else:
        out.print("Nothing was stored." if said else "No line of the file says anything.")


def _said(
    opened: Services, record: str | None, verdict: str | None, other: str | None, file: Path | None, key: str
) -> list[Said]:
    if file is not None:
        if record or key:
            raise Usage("Give a file, or a record, or --all-with: one of them.")
        try:
            data = file.read_bytes()
        except OSError as fault:
            raise Usage(f"{file}: {fault.strerror}") from None
        lines = read(file.name, data, (opened.flow.crm, opened.flow.sage))
        return of_lines(opened, file.name, lines)
    if key:
        return all_with(opened, key, _verdict(record if verdict is None else verdict))
    if record is None:
        raise Usage("Say of which record: `tieout decide RECORD same|different [OTHER]`, or give --file.")
    return of_record(opened, record, _verdict(verdict), other or "")


def _verdict(said: str | None) -> Verdict:
    if said == "same":
        return "same"
    if said == "different":
        return "different"
    raise Usage(f"“{said or ''}” is no decision; say one of {', '.join(_WORDS)}.")


def _confirmed(count: int) -> bool:
    return typer.confirm(f"Store {'this decision' if count == 1 else f'these {count} decisions'}?")


def _print(said: list[Said]) -> None:
    """In a pipe: entity, both ids, both names, decision, what that brings about."""
    show_table(
        ("entity", "one", "other", "decision", "so"),
        [(words(one.entity), *one.labels, one.verdict, one.effect) for one in said[:SHOWN]],
        piped=[(one.entity, one.left, one.right, *one.labels, one.verdict, one.effect) for one in said],
    )
    if on_terminal() and len(said) > SHOWN:
        out.print(f"Shown are the first {SHOWN} of {len(said):,}; `--json` and a pipe have them all.")
    counts = Counter(one.verdict for one in said)
    out.print("  ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
