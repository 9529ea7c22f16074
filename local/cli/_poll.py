"""Asks the stack to poll, and waits until everything the poll found has been handled."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from local.cli._app import Usage
from local.cli._queues import depths
from local.stack.target import Target
from shared.domain.run_ids import new_run_id
from shared.domain.wording import counted, words
from shared.mapping.compile import compile_flow
from shared.ports import Run
from shared.settings import ENTITIES

PATIENCE_SECONDS = 900.0
_CALM = 3
"""How many checks in a row must find nothing left: a handler may be about to send an event."""


def queue_polls(target: Target, integration: str, entity: str | None) -> list[str]:
    """Returns the run ids, one for each list. Raises Usage for an entity that the flow does not poll."""
    from shared.operations.poll_tasks import PollTask, polled_lists, queue_tasks

    stored = target.integrations().load(integration)
    flow = compile_flow(stored.flow, stored.rules, stored.directions)
    lists = polled_lists(flow)
    wanted = [(name, system) for name, system in lists if entity in (None, name)]
    off = flow.entities.get(entity or "")
    if off is not None and off.off:
        raise Usage(
            f"“{entity}” is switched off in the integration {integration}: give it a direction in the "
            "settings first."
        )
    if not wanted:
        raise Usage(
            f"Unknown entity “{entity}”; choose one of {', '.join(sorted({name for name, _ in lists}))}."
        )
    tasks = [
        PollTask(integration, name, system, "manual", new_run_id(datetime.now(UTC)))
        for name, system in wanted
    ]
    queue_tasks(target.polls(), tasks)
    return [task.run_id for task in tasks]


def wait_for(
    target: Target,
    integration: str,
    runs: list[str],
    say: Callable[[str], None],
    patience: float = PATIENCE_SECONDS,
    pause: Callable[[float], None] = time.sleep,
) -> list[Run]:
    """Waits until the runs are finished and the queues are empty. Raises Usage when that takes too long."""
    log, calm, left = target.stores(integration).log, 0, ""
    end = time.monotonic() + patience
    while calm < _CALM:
        if time.monotonic() > end:
            raise Usage(
                f"Still not finished after {patience:.0f} seconds, {left}. `tieout status` and `tieout log` "
                "show how far it has come."
            )
        found = {run.run_id: run for run in log.runs(limit=50) if run.run_id in runs}
        finished = [run for run in found.values() if run.finished_at]
        left = waits_for(len(runs) - len(finished), _queued(target))
        calm = 0 if left else calm + 1
        say(f"{len(finished)} of {counted(len(runs), 'poll')} finished{left and f', {left}'}")
        pause(0.5)
    return [run for run in log.runs(limit=50) if run.run_id in runs]


def waits_for(polls: int, queues: Mapping[str, tuple[int, int, int]]) -> str:
    """In words: how many polls have not ended, and what is in which queue; "" when nothing is. `queues`:
    entity, or "poll" -> messages that wait, are put off, are being worked on."""
    parts = [f"{counted(polls, 'poll')} to end"] if polls else []
    for name, (ready, put_off, in_hand) in queues.items():
        states = (ready, "not begun"), (in_hand, "being worked on"), (put_off, "put off for a moment")
        said = ", ".join(f"{number} {state}" for number, state in states if number)
        if said:
            noun = "message to poll" if name == "poll" else f"{words(name)} event"
            plural = "messages to poll" if name == "poll" else ""
            parts.append(f"{counted(ready + put_off + in_hand, noun, plural)} ({said})")
    return f"waiting for {'; '.join(parts)}" if parts else ""


def _queued(target: Target) -> dict[str, tuple[int, int, int]]:
    sqs = target.client("sqs")
    urls = {"poll": target.outputs["PollQueue"], **{name: target.queue(name) for name in ENTITIES}}
    return {name: depths(sqs, url) for name, url in urls.items()}
