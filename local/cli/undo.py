"""`tieout undo RUN`: puts back what a run replaced, by the same engine and under the same guards."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer

from local.cli._app import FINDINGS, Usage, command, doing, open_target, out, show_json
from local.cli._asking import to_be_confirmed
from local.cli._same_options import IntegrationOption, JsonOption, StackOption, YesOption
from local.cli._services import services
from local.cli._tables import show_table
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.undo import Undone
from shared.operations.undo import undo as put_back

Run = Annotated[str, typer.Argument(help="The run's id, as `tieout log` shows it.")]
_COLOUR = {"restored": "green", "unchanged": "green", "made": "yellow", "later": "yellow"}


@command
def undo(
    run: Run,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    as_json: JsonOption = False,
    yes: YesOption = False,
) -> None:
    """Put back the values that a run replaced, on both sides. Fields edited since are left alone, and listed.

    Records that the run created are not removed.
    """
    to_be_confirmed(yes, as_json)
    if not yes:
        typer.confirm(f"Put back the values that run {run} replaced?", abort=True)
    with doing("Putting back") as say, services(open_target(stack), integration) as opened:
        found: list[Undone] = []
        try:
            for one in put_back(opened, run):
                found.append(one)
                say(counted(len(found), "record"))
        except KeyError as unknown:
            raise Usage(str(unknown.args[0])) from None
    show_json([asdict(one) for one in found]) if as_json else _print(found)
    if any(one.kind in ("held", "failed", "later", "removed") for one in found):
        raise typer.Exit(FINDINGS)


def _print(found: list[Undone]) -> None:
    """In a pipe: result, entity, system, id, name, what happened and why."""
    show_table(
        ("result", "record", "what happened, and why"),
        [
            (one.kind, f"{words(one.entity)} {one.label or one.record_id} ({title(one.system)})", one.reason)
            for one in found
        ],
        colours=[_COLOUR.get(one.kind, "red") for one in found],
        piped=[(one.kind, one.entity, one.system, one.record_id, one.label, one.reason) for one in found],
    )
    out.print(
        "  ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in found).most_common())
    )
