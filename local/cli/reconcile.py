"""`tieout reconcile`: the daily sweep now, in this process."""

from dataclasses import asdict

import typer

from local.cli._app import FINDINGS, IntegrationOption, JsonOption, StackOption, command, doing, open_target, out, show_json
from local.cli._services import services
from shared.reconciling import sweep


@command
def reconcile(stack: StackOption = None, integration: IntegrationOption = None, as_json: JsonOption = False) -> None:
    """Wake everything that waits, queue what was left unfinished or missed, and end a recovery that is over."""
    with doing("Sweeping"), services(open_target(stack), integration) as opened:
        swept = sweep(opened)
    show_json({**asdict(swept), "message": swept.message()}) if as_json else out.print(swept.message(), markup=False)
    if swept.stopped:
        raise typer.Exit(FINDINGS)
