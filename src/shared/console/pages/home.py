"""The to-do list: what is open now, by reason, and beside it how the integration is doing."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.console.lines import Line, of_links
from shared.console.pulse import RECENT, pulse
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record
from shared.operations.missing import questions
from shared.operations.open_groups import Group, open_groups
from shared.operations.open_records import MOST, open_records
from shared.ports import Parked, ParkStore

SHOWN, NAMED = 8, 500
"""Records of a group on this page; names of missing records."""
_PARKED = 200
"""Parked records that are told by reason; of more than those, how many there are."""
_RUN, _NUMBER = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}"), re.compile(r"[0-9]{1,4}")
_PATIENCE = timedelta(minutes=3)
"""So long a page waits for the outcomes of what was asked for."""
_EVER = timedelta(days=3650)


@record
class Listed:
    """`key` finds the group again; `lines` are its oldest."""

    group: Group
    key: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def count(self) -> int:
        return len(self.group.links)

    @property
    def one_reason(self) -> bool:
        """Whether one sentence says it for all that are shown."""
        return len({line.outcome.reason for line in self.lines}) == 1


@record
class Retried:
    """How many records of a group that was tried again have come out."""

    done: int
    asked: int


@record
class Resting:
    """Records that go on by themselves. `next`: when the first of them does."""

    count: int
    reason: str
    next: datetime


def show(visit: Visit) -> Reply:
    services = visit.services
    found = open_records(services.stores, services.flow.entities)
    groups = listed(visit, open_groups(found), SHOWN)
    parked = resting(services.stores.parks, visit.now)
    told = sum(one.count for one in parked)
    return visit.show(
        "home.html",
        "To do",
        groups=groups,
        counts=found.counts,
        cut=found.cut,
        most=MOST,
        resting=parked,
        parked=services.stores.parks.count() if told == _PARKED else told,
        told=told,
        pulse=pulse(visit.services, visit.deployment),
        braked=services.state.braked,
        live=services.state.live,
        asked=[one for one in questions(services.state, services.stores.missing) if one.text],
        named=NAMED,
        retried=_retried(visit),
    )


def listed(visit: Visit, groups: Sequence[Group], most: int) -> list[Listed]:
    """All of them with the same few requests."""
    shown = [link for group in groups for link in group.links[:most]]
    lines = dict(zip((link.link_id for link in shown), of_links(visit.services, shown), strict=True))
    return [
        Listed(
            group,
            {"kind": group.kind, "entity": group.entity, "rule": group.rule, "field": group.field},
            tuple(lines[link.link_id] for link in group.links[:most]),
        )
        for group in groups
    ]


def _retried(visit: Visit) -> Retried | None:
    """Of the group that was tried again in the run of the address."""
    run_id, asked = visit.query.get("run", ""), visit.query.get("n", "")
    if not _RUN.fullmatch(run_id) or not _NUMBER.fullmatch(asked):
        return None
    if not timedelta(seconds=-1) <= visit.now - _began(run_id) < _PATIENCE:
        return None
    run = next((one for one in visit.services.stores.log.runs(RECENT) if one.run_id == run_id), None)
    done = sum(run.counts.values()) if run else 0
    return Retried(done, int(asked)) if done < int(asked) else None


def _began(run_id: str) -> datetime:
    try:
        return datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def resting(parks: ParkStore, now: datetime) -> list[Resting]:
    reasons: dict[str, list[Parked]] = {}
    for one in parks.due(now + _EVER, _PARKED):
        reasons.setdefault(one.reason, []).append(one)
    return [
        Resting(len(parked), reason, min(one.wake_at for one in parked)) for reason, parked in reasons.items()
    ]
