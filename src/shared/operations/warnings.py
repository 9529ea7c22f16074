"""The day's warnings: one run a day for each thing that is wrong, sorted above that day's other runs. It is
written again for as long as it lasts, so its time says when that was last seen."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.domain.outcomes import upkeep
from shared.ports import Run, SyncLog

if TYPE_CHECKING:
    from shared.bootstrap import Services
    from shared.operations.poll_tasks import PollTask

STILL = timedelta(hours=1)
"""What was not seen again for so long is over: whatever warns does so at every tick."""
MANY = 3
"""So many records at once were not just edited while their list was read."""
MOST_AHEAD = 300.0
"""Seconds that two clocks may differ: half of it is what a signed request or a token survives, and no answer
takes as long."""


def warn(log: SyncLog, now: datetime, message: str, about: str = "") -> None:
    """`about`: what of, so that each has a row of its own; letters, digits, dots and dashes."""
    run_id = f"{now:%Y%m%d}T235959Z-warn" + (f"-{about}" if about else "")
    log.put_run(Run(run_id, "poll", "", "", now, now, "warning", message))


def warned(runs: Iterable[Run], since: datetime) -> list[str]:
    """What was warned of since then, each once."""
    found = (run.message for run in runs if run.state == "warning" and run.started_at >= since)
    return list(dict.fromkeys(found))


def warn_of(services: "Services", task: "PollTask", outside: Mapping[str, int]) -> list[str]:
    """What a poll saw that nobody would notice otherwise: told in its run, which gets these sentences, and in
    a row for the digest. `outside`: native field -> records that the condition on it should have left out."""
    log, now = services.stores.log, services.clock.now()
    differ = clocks_that_differ((client.system, client.ahead) for client in services.clients)
    for system, told in differ.items():
        warn(log, now, told, f"clock-{system}")
    if not (records := sum(outside.values())):
        return [*differ.values()]
    ignored = upkeep.condition_ignored(task.system, task.entity, [*outside], records)
    if records >= MANY:
        warn(log, now, ignored, f"list-{task.system}-{task.entity}")
    return [*differ.values(), ignored]


def clocks_that_differ(ahead: Iterable[tuple[str, float | None]]) -> dict[str, str]:
    """system -> a sentence, of the seconds that our clock is ahead of each one's answers. One answer that
    agrees is enough: another may have been kept by somebody in between."""
    nearest: dict[str, float] = {}
    for system, seconds in ahead:
        if seconds is not None:
            nearest[system] = min(nearest.get(system, seconds), seconds, key=abs)
    return {
        system: upkeep.clock_differs(system, seconds)
        for system, seconds in nearest.items()
        if abs(seconds) > MOST_AHEAD
    }
