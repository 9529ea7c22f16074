"""`tieout reconcile`: the daily sweep at once, in this process, with every field in which the two systems
differ."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer

from local.cli._app import FINDINGS, command, doing, open_target, out, show_json
from local.cli._same_options import IntegrationOption, JsonOption, StackOption
from local.cli._services import services
from local.cli._tables import show_table
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.compare import Compared, Difference, compare
from shared.operations.reconcile import sweep

LIMIT = 200


@command
def reconcile(
    stack: StackOption = None,
    integration: IntegrationOption = None,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", help="Show at most this many; all are counted.")] = LIMIT,
    only_report: Annotated[
        bool, typer.Option("--report", help="Only compare; retry and queue nothing.")
    ] = False,
) -> None:
    """Compare both systems completely, queue what was left unfinished or was missed, and end a recovery that
    is over."""
    with doing("Comparing both systems") as say, services(open_target(stack), integration) as opened:
        found: list[Difference] = []
        compared: Compared = Counter()
        for one in compare(opened, compared=compared):
            found.append(one)
            say(counted(len(found), "difference"))
        swept = None
        if not only_report:
            say("sweeping")
            swept = sweep(opened)
    if as_json:
        show_json(
            {
                "differences": [asdict(one) for one in found],
                "compared": [
                    {"entity": entity, "system": system, "records": count}
                    for (entity, system), count in compared.items()
                ],
                **({**asdict(swept), "message": swept.message()} if swept else {}),
            }
        )
    else:
        out.print(_counts(compared), markup=False)
        _print(found, limit)
        if swept:
            out.print(swept.message(), markup=False)
    if found or (swept and swept.stopped):
        raise typer.Exit(FINDINGS)


def _counts(compared: Compared) -> str:
    """What the answer is about: nothing is said of any other record."""
    parts = [
        f"{counted(number, f'{words(entity)} record')} in {title(system)}"
        for (entity, system), number in compared.items()
        if system
    ]
    aside = sum(number for (_, system), number in compared.items() if not system)
    left = f" Not compared: {aside} that somebody left out for good." if aside else ""
    return f"Compared: {', '.join(parts) or 'nothing'}.{left}"


def _print(found: list[Difference], limit: int) -> None:
    """In a pipe: entity, system, id, name, field, what it has now, what was agreed, why."""
    if not found:
        out.print("Under the rules, what was compared agrees.")
        return
    shown = found[:limit]
    show_table(
        ("record", "field", "has now", "last agreed", "why"),
        [
            (
                f"{words(one.entity)} {one.label or one.record_id} ({title(one.system)})",
                words(one.field),
                one.shown[:80],
                one.agreed[:80],
                one.reason,
            )
            for one in shown
        ],
        piped=[
            (one.entity, one.system, one.record_id, one.label, one.field, one.shown, one.agreed, one.reason)
            for one in shown
        ],
    )
    counts = Counter(one.entity for one in found)
    out.print(
        f"{counted(len(found), 'difference')}: "
        + ", ".join(f"{count} in {words(entity)} records" for entity, count in counts.items())
    )
