"""What should have happened and did not: found in the runs, because nothing that stops says so itself."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.domain.outcomes import upkeep
from shared.domain.run_ids import hook_run_id
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.intervals import expected_within
from shared.operations.warnings import warned
from shared.ports import Run
from shared.settings import Integration, IntegrationState

RUNS = 3_000
"""Runs looked at; more than a day has."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_POLLED, _SWEPT = timedelta(hours=2), timedelta(hours=26)
"""By then a list is read again, and the sweep has come round."""
_POLLS, _SPREAD = 3, timedelta(hours=4)
"""So many polls, over so long, that found what no webhook told: one alone may have been quicker, and nobody's
import in one night tells of itself."""
_QUEUED = re.compile(r"\d+ read, (\d+) queued")


def read_and_queued(read: int, queued: int) -> str:
    """How a poll's message begins; `_found` reads it again."""
    return f"{read} read, {queued} queued"


def silent(
    integration: Integration, state: IntegrationState, runs: Sequence[Run], now: datetime
) -> list[str]:
    """One sentence each; `runs` newest first. An integration of yesterday has had no time yet."""
    return [*warned(runs, now - DAY), *missed(integration, state, runs, now)]


def missed(
    integration: Integration,
    state: IntegrationState,
    runs: Sequence[Run],
    now: datetime,
    since: datetime | None = None,
) -> list[str]:
    """As `silent`, without what was warned of. `since`: where `runs` begin, if there are older ones: what is
    not among them is told as missing since then, and not as never seen."""
    return [
        *_unread(runs, now, max(_POLLED, expected_within(integration)), since),
        *_unswept(runs, state.live, now, since),
        *_unheard(integration, state, runs, now, since),
    ]


def _unread(runs: Sequence[Run], now: datetime, within: timedelta, since: datetime | None) -> Iterator[str]:
    polled = [run.started_at for run in runs if run.cause == "poll" and run.state != "warning"]
    last = polled[0] if polled else since
    if last is not None and last < now - within:
        yield f"no list has been read since {last:%d %B, %H:%M} UTC"


def _unswept(runs: Sequence[Run], live: bool, now: datetime, since: datetime | None) -> Iterator[str]:
    """Each list by itself; a run without an entity drives on what belongs to no list."""
    yet = f"since {since:%d %B}" if since else "yet"
    swept = [run for run in runs if run.cause == "reconcile"]
    young = not runs or min(run.started_at for run in runs) > now - _SWEPT
    if not live or young:
        return
    if not any(run.state == "done" for run in swept):
        yield _why(f"the daily sweep has not come round {yet}", swept)
        return
    for entity, system in dict.fromkeys((run.entity, run.system) for run in swept):
        own = [run for run in swept if (run.entity, run.system) == (entity, system)]
        done = next((run.finished_at or run.started_at for run in own if run.state == "done"), None)
        if done is None or done < now - _SWEPT:
            what = f" of {words(entity)} records in {title(system)}" if entity else ""
            last = f"since {done:%d %B}" if done else yet
            yield _why(f"the daily sweep{what} has not come round {last}", own)


def _why(what: str, runs: Sequence[Run]) -> str:
    return f"{what}: {runs[0].message}" if runs and runs[0].state == "stopped" else what


def _unheard(
    integration: Integration,
    state: IntegrationState,
    runs: Sequence[Run],
    now: datetime,
    since: datetime | None,
) -> Iterator[str]:
    """Webhooks that have an address of ours and tell nothing, while polls keep finding what they should have
    told. A first load is found by polls alone, and so is what was there before the address."""
    if state.live_since is None or state.live_since > now - 2 * DAY:
        return
    for system in sorted(integration.connections):
        tokens = integration.webhook_tokens.get(system, ())
        if not tokens or min(token.created_at for token in tokens) > now - DAY:
            continue
        for entity in sorted(set(integration.hook_objects.get(system, {}).values())):
            heard = _heard(runs, system, entity) or since
            found = _found(runs, system, entity, max(now - DAY, heard or now - DAY))
            if len(found) >= _POLLS and max(found) - min(found) >= _SPREAD:
                yield upkeep.hooks_silent(system, entity, heard, len(found))


def _heard(runs: Sequence[Run], system: str, entity: str) -> datetime | None:
    """The end of the hour in which a webhook of that list last came. Before this release the webhooks of a
    day were one run."""
    for run in runs:  # newest first
        if run.run_id.endswith(hook_run_id(run.started_at, system, entity)[16:]):
            return run.started_at + HOUR
        if run.run_id.endswith("-hook"):
            return run.started_at + DAY
    return None


def _found(runs: Sequence[Run], system: str, entity: str, since: datetime) -> list[datetime]:
    """When polls of that list found something."""
    return [
        run.started_at
        for run in runs
        if (run.cause, run.system, run.entity, run.state) == ("poll", system, entity, "done")
        and run.started_at > since
        and (begins := _QUEUED.match(run.message)) is not None
        and int(begins[1]) > 0
    ]
