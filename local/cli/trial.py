"""`tieout trial --rules DIR`: archived records put through other rules; nothing is stored or written."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from local.cli._app import FINDINGS, Usage, command, doing, open_target, out, show_json
from local.cli._same_options import IntegrationOption, JsonOption, RecordsOption, StackOption
from local.cli._services import services
from local.cli._tables import show_table
from local.cli._trial_text import Sheet, rows_of, said_of
from local.cli._when import when
from local.settings_faults import Faults
from local.settings_flows import read_rules
from shared.bootstrap import Services
from shared.domain.wording import counted
from shared.mapping.compile import compile_flow
from shared.mapping.model import Flow
from shared.operations.trial import Trial, open_trial
from shared.operations.trial import trial as through
from shared.operations.trial_compare import Difference

_MONTH = timedelta(days=30)


@command
def trial(
    rules: Annotated[
        Path, typer.Option("--rules", help="The folder of the other rules, as a settings file names one.")
    ],
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="Records read from then on: 2026-11-01, 2d. Otherwise the last 30 days."
        ),
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", help="One entity only, such as sales_order.")
    ] = None,
    live: Annotated[
        int,
        typer.Option("--live", min=0, help="Read so many records now that lack a field in the archive."),
    ] = 0,
    file: Annotated[
        Path | None, typer.Option("--csv", help="Write all differences to this file, a line for each field.")
    ] = None,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    limit: RecordsOption = 200,
    as_json: JsonOption = False,
) -> None:
    """What archived records would become under other rules: field by field, and in money.

    Links and what was looked up are taken as they were logged. Nothing is stored, and nothing is written to
    either system. Exit code 1: something would come out differently, or cannot be told.
    """
    with doing("Reading the archive") as say, services(open_target(stack), integration) as opened:
        new = _compiled(opened, rules)
        _known(opened.flow, new, entity)
        start = when(since, opened.clock.now()) if since else opened.clock.now() - _MONTH
        tried = open_trial(opened, new, live)
        shown: list[Difference] = []
        with _sheet(file) as sheet:
            for number, one in enumerate(through(opened, tried, start, entity), 1):
                if sheet is not None:
                    sheet.add(one)
                if as_json or number <= limit:
                    shown.append(one)
                say(f"{counted(number, 'difference')} found")
    if as_json:
        show_json(_json(tried, start, opened.flow, new, shown))
    else:
        _print(tried, shown, start)
    if any(way.different or way.undecided for way in tried.ways):
        raise typer.Exit(FINDINGS)


def _compiled(opened: Services, folder: Path) -> Flow:
    """Raises Usage where there are no rules, RuleInvalid where they cannot be taken."""
    if not folder.is_dir():
        raise Usage(f"{folder} is not a folder; give one that holds rule files, such as rules.")
    faults = Faults(folder, "")
    found = read_rules(folder.name, folder.resolve().parent, ("rules",), faults)
    faults.tell()
    return compile_flow(opened.integration.flow, found, opened.integration.directions)


def _known(old: Flow, new: Flow, entity: str | None) -> None:
    known = dict.fromkeys((*old.entities, *new.entities))
    if entity is not None and entity not in known:
        raise Usage(f"Unknown entity “{entity}”; choose one of {', '.join(known)}.")


@contextmanager
def _sheet(path: Path | None) -> Iterator[Sheet | None]:
    with ExitStack() as opened:
        if path is None:
            yield None
            return
        try:
            text = opened.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
        except OSError as fault:
            raise Usage(f"{path}: {fault.strerror}") from None
        yield Sheet(text)


def _json(tried: Trial, since: datetime, old: Flow, new: Flow, shown: list[Difference]) -> dict[str, object]:
    return {
        "since": since,
        "rules": {"before": old.version, "after": new.version},
        "ways": [vars(way) for way in tried.ways],
        "notes": tried.notes(),
        "differences": [asdict(one) for one in shown],
    }


def _print(tried: Trial, shown: list[Difference], since: datetime) -> None:
    show_table(("Record", "What", "Before", "After"), [row for one in shown for row in rows_of(one)])
    told = sum(way.different for way in tried.ways)
    if told > len(shown):
        out.print(f"{told - len(shown):,} more are not shown: --limit, or all of them with --csv FILE.")
    for line in said_of(tried, since):
        out.print(line, markup=False, highlight=False)
