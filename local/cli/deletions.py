"""`tieout deletions`: records that are missing, too many at once to be taken for deleted without asking."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from local.cli._app import FINDINGS, Usage, command, moment, on_terminal, open_target, out, show_json
from local.cli._asking import to_be_confirmed
from local.cli._same_options import IntegrationOption, JsonOption, StackOption, YesOption
from local.cli._services import services
from local.cli._tables import show_table
from shared.bootstrap import Services
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.missing import Question, answer, questions
from shared.ports import Missing

SHOWN = 200

Entity = Annotated[
    str | None, typer.Argument(help="One entity, such as product; without it, every question that is open.")
]


@command
def deletions(
    entity: Entity = None,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    gone: Annotated[
        bool | None,
        typer.Option("--gone/--not-gone", help="They were deleted: carry it over; or they were not."),
    ] = None,
    records: Annotated[
        list[str] | None,
        typer.Option("--record", help="Only this record, by its id; may be given more than once."),
    ] = None,
    system: Annotated[str | None, typer.Option("--system", help="Only what is missing in this one.")] = None,
    as_json: JsonOption = False,
    yes: YesOption = False,
) -> None:
    """Records that are missing, too many at once to be taken for deleted: list them, or say what is true."""
    if gone is not None:
        to_be_confirmed(yes, as_json)
    with services(open_target(stack), integration) as opened:
        found = [
            one
            for one in questions(opened.state, opened.stores.missing)
            if entity in (None, one.entity) and system in (None, one.system)
        ]
        if gone is None:
            _show(found, as_json)
            if any(one.records for one in found):
                raise typer.Exit(FINDINGS)
            return
        _settle(opened, found, gone, records, as_json, yes)


def _show(found: list[Question], as_json: bool) -> None:
    if as_json:
        show_json([_plain(one) for one in found])
        return
    """In a pipe: entity, system, id, name, missing since, what you said."""
    if not found:
        out.print("Nothing is missing in such number that somebody has to say what is true.")
    for one in found:
        out.print(one.text or f"{one.key}: nothing to decide", markup=False)
        rows = [(row.label, row.id, moment(row.at), _said(row)) for row in (*one.records, *one.kept)]
        show_table(
            ("record", "id", "missing since", "you said"),
            rows[:SHOWN],
            piped=[(one.entity, one.system, record, name, *rest) for name, record, *rest in rows],
        )
        if on_terminal() and (more := len(rows) - SHOWN) > 0:
            out.print(f"… and {more} more; `--json` lists them all")


def _said(row: Missing) -> str:
    return "not gone" if row.verdict == "kept" else ""


def _settle(
    opened: Services,
    found: list[Question],
    gone: bool,
    records: list[str] | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Answers what was just read, and nothing that came to it meanwhile."""
    wanted = None if records is None else set(records)
    known = {row.id for one in found for row in (*one.records, *one.kept)}
    if not known or (wanted is not None and not wanted <= known):
        unknown = ", ".join(sorted((wanted or set()) - known))
        raise Usage(f"Not asked about: {unknown}." if unknown else "There is no such question.")
    for one in found if not yes else ():
        out.print(one.text, markup=False)
    count = len(wanted) if wanted is not None else sum(len(one.records) for one in found)
    what = f"{counted(count, 'record is', 'records are')} {'gone' if gone else 'not gone'}"
    if not yes:
        typer.confirm(f"{what}: is that right?", abort=True)
    settled = {one.key: answer(opened, one, gone, wanted) for one in found}
    if as_json:
        show_json({"gone": gone, "settled": settled})
        return
    for one in found:
        where = f"{words(one.entity)} records in {title(one.system)}"
        out.print(
            f"{where}: {counted(len(settled[one.key]), 'record')} settled; each is looked at again now."
        )


def _plain(one: Question) -> dict[str, Any]:
    rows: tuple[Missing, ...] = (*one.records, *one.kept)
    return {
        "entity": one.entity,
        "system": one.system,
        "question": one.text,
        "records": [asdict(row) for row in rows],
    }
