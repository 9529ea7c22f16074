"""What happened in a day and what needs a person, as a letter to a bookkeeper."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.link import Link
from shared.domain.record import record
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.missing import questions
from shared.operations.open_records import Open, kind_of, open_records
from shared.operations.silence import RUNS, silent
from shared.ports import IntegrationStore, Stores
from shared.settings import ENTITIES, Integration, IntegrationState

DAY = timedelta(days=1)
_NAMED = 5
"""Records named at most: a letter is read in a minute."""
_ORDER = ("created", "updated", "skipped", "waiting", "parked", "held", "failed")


@record
class Digest:
    """`counts`: of the last day; `open`: what is open now, as on the console's first page, in words.
    `needs`: one sentence for each thing that a person has to look at; none on a good day."""

    integration: str
    flow: str
    at: datetime
    counts: dict[str, int]
    open: str
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
            f"Open now: {self.open or 'nothing'}.",
        ]
        if self.needs:
            lines += ["", "Please look at:", *(f"- {need}" for need in self.needs)]
        else:
            lines += ["Nothing needs you."]
        return "\n".join(lines)


def digest(name: str, integrations: IntegrationStore, stores: Stores, now: datetime) -> Digest:
    """Reads the integration's rows and the runs of a day; calls no vendor."""
    integration, state = integrations.load_with_state(name)
    runs, counts = stores.log.runs(limit=RUNS), Counter[str]()
    for run in runs:
        if run.started_at >= now - DAY:
            counts.update(run.counts)
    found = open_records(stores, ENTITIES)
    now_open = ", ".join(f"{_least(kind in found.cut)}{n} {kind}" for kind, n in found.counts.items())
    needs = (*_needs(integration, state, stores, found, now), *silent(integration, state, runs, now))
    return Digest(name, integration.flow, now, dict(counts), now_open, needs)


def _needs(
    integration: Integration, state: IntegrationState, stores: Stores, found: Open, now: datetime
) -> Iterator[str]:
    for system, gate in sorted(stores.gate.read(sorted(integration.connections)).items()):
        if gate.state == "paused":
            yield f"{title(system)} is paused, and nothing goes to it or comes from it: {gate.reason}"
    yield from state.braked.values()
    yield from (one.text for one in questions(state, stores.missing) if one.text)
    for entity in ENTITIES:
        for kind, what in (("held", "held until you decide"), ("failed", "stopped by a fault")):
            links = [link for link in found.links if (link.entity, kind_of(link)) == (entity, kind)]
            if links:
                yield _records(entity, what, links, (entity, kind) in found.more)
    if skipped := found.counts.get("skipped", 0):
        are, them = ("is", "it is") if skipped == 1 else ("are", "they are")
        least = _least("skipped" in found.cut)
        yield f"{least}{counted(skipped, 'record')} {are} skipped until {them} corrected: see the console"
    if state.recovering_since and state.recovering_since < now - DAY:
        yield f"it has been recovering since {state.recovering_since:%d %B}: every record is looked up first"
    if not state.live:
        yield "it only previews, and writes nothing to either system"


def _least(cut: bool) -> str:
    return "at least " if cut else ""


def _records(entity: str, what: str, found: list[Link], cut: bool) -> str:
    named = [f"{_name(link)} ({link.outcome.reason})" for link in found[:_NAMED] if link.outcome]
    more = f", and {len(found) - len(named)} more" if len(found) > len(named) else ""
    return f"{_least(cut)}{counted(len(found), f'{words(entity)} record')} {what}: {'; '.join(named)}{more}"


def _name(link: Link) -> str:
    return next((f"“{side.label}”" for side in link.sides.values() if side.label), link.origin_id)
