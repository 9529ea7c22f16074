"""The to-do list: what is open now, by reason, and beside it how the integration is doing."""

from datetime import datetime, timedelta

from shared.console.lines import Line, of_links
from shared.console.pulse import pulse
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
class Resting:
    """Records that go on by themselves. `next`: when the first of them does."""

    count: int
    reason: str
    next: datetime


def show(visit: Visit) -> Reply:
    services = visit.services
    found = open_records(services.stores, services.flow.entities)
    groups = [listed(visit, group, SHOWN) for group in open_groups(found)]
    return visit.show(
        "home.html",
        "To do",
        groups=groups,
        counts=found.counts,
        cut=found.cut,
        most=MOST,
        resting=_resting(services.stores.parks, visit.now),
        pulse=pulse(visit.services, visit.deployment),
        braked=services.state.braked,
        asked=[one for one in questions(services.state, services.stores.missing) if one.text],
        named=NAMED,
    )


def listed(visit: Visit, group: Group, most: int) -> Listed:
    key = {"kind": group.kind, "entity": group.entity, "rule": group.rule, "field": group.field}
    return Listed(group, key, tuple(of_links(visit.services, group.links[:most])))


def _resting(parks: ParkStore, now: datetime) -> list[Resting]:
    reasons: dict[str, list[Parked]] = {}
    for one in parks.due(now + _EVER, _PARKED):
        reasons.setdefault(one.reason, []).append(one)
    return [
        Resting(len(parked), reason, min(one.wake_at for one in parked)) for reason, parked in reasons.items()
    ]
