"""`tieout sync`: polls now instead of at the next quarter of an hour; with --wait it returns when everything
is done."""

from dataclasses import replace
from typing import Annotated

import typer

from local.cli._app import FINDINGS, Usage, command, doing, open_target, out, pick, show_json
from local.cli._log_text import print_runs
from local.cli._poll import queue_polls
from local.cli._same_options import EntityArgument, IntegrationOption, JsonOption, StackOption
from local.cli._waiting import wait_for
from shared.domain.wording import counted, words
from shared.ports import IntegrationStore
from shared.settings import ENTITIES


@command
def sync(
    entity: EntityArgument = None,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    wait: Annotated[bool, typer.Option("--wait", help="Return when all that was found is done.")] = False,
    go_live: Annotated[
        bool | None,
        typer.Option("--go-live/--previews-only", help="Start writing, or go back to previews only."),
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Continue with the lists that the brake stopped, this once.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look for changes now."""
    target = open_target(stack)
    name = pick(target, integration)
    integrations = target.integrations()
    if release:
        _release(integrations, name, entity)
    if go_live is not None:
        _go_live(integrations, name) if go_live else integrations.previews_only(name)
    runs = queue_polls(target, name, entity)
    if wait:
        with doing("Waiting for the poll") as say:
            finished = wait_for(target, name, runs, say, _awaited(entity))
        counts = {
            run.run_id: {
                "entity": run.entity,
                "system": run.system,
                "state": run.state,
                "message": run.message,
                "counts": dict(run.counts),
            }
            for run in finished
        }
        show_json(counts) if as_json else print_runs(finished)
        if any(run.state == "stopped" or run.counts.get("failed") for run in finished):
            raise typer.Exit(FINDINGS)
    elif as_json:
        show_json({"queued": runs})
    else:
        out.print(
            f"Queued {counted(len(runs), 'poll')}: {', '.join(runs)}. `tieout log` shows what became of "
            f"{'it' if len(runs) == 1 else 'them'}."
        )


def _awaited(entity: str | None) -> str | None:
    """The credit position has no queue: its changes are the polls' own."""
    return None if entity not in ENTITIES else entity


def _release(integrations: IntegrationStore, name: str, entity: str | None) -> None:
    """A person confirms that what the brake stopped is right."""
    state = integrations.state(name)
    asked = tuple(key for key in state.braked if entity in (None, key.partition(".")[0]))
    if not asked:
        what = f" {words(entity)}" if entity else ""
        other = " What is missing is settled with `tieout deletions`." if state.missing else ""
        raise Usage(f"The brake has stopped no{what} list in the integration {name}.{other}")
    for key in asked:
        out.print(f"{key}: {state.braked[key]}", markup=False)
    integrations.change_state(name, state, replace(state, released=(*state.released, *asked)))


def _go_live(integrations: IntegrationStore, name: str) -> None:
    """Whoever says previews only meanwhile is right: then it stays so."""
    before = integrations.state(name)
    if not integrations.change_state(name, before, replace(before, live=True, held_back=False)):
        raise Usage(
            f"Somebody set {name} to previews only at the same moment: it stays so. Ask, and try again."
        )
