"""What happened in a day and what needs a person, as a letter to a bookkeeper."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from shared.domain.link import Link
from shared.domain.record import record
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.intervals import expected_within
from shared.operations.missing import questions
from shared.ports import IntegrationStore, Run, Stores
from shared.settings import ENTITIES

DAY = timedelta(days=1)
_POLLED, _SWEPT = timedelta(hours=2), timedelta(hours=26)
"""By then a list is read again, and the sweep has come round."""
_RUNS, _NAMED, _COUNTED = 3_000, 5, 500
"""Runs looked at, records named and records counted at most: a letter is read in a minute."""
_ORDER = ("created", "updated", "skipped", "waiting", "parked", "held", "failed")


@record
class Digest:
    """`needs`: one sentence for each thing that a person has to look at; none on a good day."""

    integration: str
    flow: str
    at: datetime
    counts: dict[str, int]
    needs: tuple[str, ...]

    @property
    def subject(self) -> str:
        """At most 100 characters of ASCII, as SNS takes it."""
        what = f"{counted(len(self.needs), 'thing')} to look at" if self.needs else "nothing to do"
        return f"Tieout, {self.integration}: {what}"[:100]

    @property
    def text(self) -> str:
        done = ", ".join(f"{self.counts[kind]} {kind}" for kind in _ORDER if self.counts.get(kind))
        lines = [
            f"{self.integration} ({self.flow}), {self.at:%d %B %Y}",
            f"In the last 24 hours: {done or 'nothing new'}.",
        ]
        if self.needs:
            lines += ["", "Please look at:", *(f"- {need}" for need in self.needs)]
        else:
            lines += ["Nothing needs you."]
        return "\n".join(lines)


def digest(name: str, integrations: IntegrationStore, stores: Stores, now: datetime) -> Digest:
    """Reads the integration's rows and the runs of a day; calls no vendor."""
    integration = integrations.load(name)
    runs, counts = stores.log.runs(limit=_RUNS), Counter[str]()
    for run in runs:
        if run.started_at >= now - DAY:
            counts.update(run.counts)
    polls = max(_POLLED, expected_within(integration))
    live = integrations.state(name).live
    needs = (*_needs(name, integrations, stores, now), *_silent(runs, live, now, polls))
    return Digest(name, integration.flow, now, dict(counts), needs)


def _needs(name: str, integrations: IntegrationStore, stores: Stores, now: datetime) -> Iterator[str]:
    integration, state = integrations.load_with_state(name)
    for system, gate in sorted(stores.gate.read(sorted(integration.connections)).items()):
        if gate.state == "paused":
            yield f"{title(system)} is paused, and nothing goes to it or comes from it: {gate.reason}"
    yield from state.braked.values()
    yield from (one.text for one in questions(state, stores.missing) if one.text)
    for entity in ENTITIES:
        for kind, what in (("held", "held until you decide"), ("failed", "stopped by a fault")):
            found = list(islice(stores.links.by_outcome(entity, [kind]), _COUNTED))
            if found:
                yield _records(entity, what, found)
    if state.recovering_since and state.recovering_since < now - DAY:
        yield f"it has been recovering since {state.recovering_since:%d %B}: every record is looked up first"
    if not state.live:
        yield "it only previews, and writes nothing to either system"


def _silent(runs: Sequence[Run], live: bool, now: datetime, polls: timedelta) -> Iterator[str]:
    """What should have happened and did not, and what will soon need a person. An integration of yesterday
    has had no time yet."""
    warned = [run for run in runs if run.state == "warning" and run.started_at >= now - DAY]
    yield from (run.message for run in warned[:1])
    polled = [run for run in runs if run.cause == "poll" and run.state != "warning"]
    if polled and polled[0].started_at < now - polls:
        yield f"no list has been read since {polled[0].started_at:%d %B, %H:%M} UTC"
    swept = [run for run in runs if run.cause == "reconcile"]
    done = next((run for run in swept if run.state == "done"), None)
    young = not runs or min(run.started_at for run in runs) > now - _SWEPT
    if live and not young and (done is None or done.started_at < now - _SWEPT):
        since = f"since {done.started_at:%d %B}" if done else "yet"
        why = f": {swept[0].message}" if swept and swept[0].state == "stopped" else ""
        yield f"the daily sweep has not come round {since}{why}"


def _records(entity: str, what: str, found: list[Link]) -> str:
    named = [f"{_name(link)} ({link.outcome.reason})" for link in found[:_NAMED] if link.outcome]
    more = f", and {len(found) - len(named)} more" if len(found) > len(named) else ""
    least = "at least " if len(found) == _COUNTED else ""
    return f"{least}{counted(len(found), f'{words(entity)} record')} {what}: {'; '.join(named)}{more}"


def _name(link: Link) -> str:
    return next((f"“{side.label}”" for side in link.sides.values() if side.label), link.origin_id)
