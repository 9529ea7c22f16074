"""What was left unfinished: waits, links whose message is lost, and a recovery that may end."""

from datetime import timedelta

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent, Link
from shared.domain.rules import Rule
from shared.errors import SyncError
from shared.operations.defer import wake_ahead
from shared.operations.end_recovery import end_recovery
from shared.sync.engine.waits import depends_on_others, wake_waits


def drive_on(services: Services, run_id: str) -> tuple[int, int]:
    """Retries everything that waits, and queues unfinished links. Returns how many of each."""
    wake_ahead(services.stores, services.clock.now())
    waits = services.stores.waits.all()
    woken = wake_waits(services.stores, waits, run_id)
    return woken, _unfinished(services, run_id, {wait.event.subject for wait in waits})


def recovered(services: Services) -> tuple[int | None, str]:
    """How many lost links were found again, None when no recovery has ended; and why it goes on. A recovery
    that cannot be finished yet continues, and every create still looks first."""
    try:
        return end_recovery(services), ""
    except SyncError as fault:
        return None, f"the recovery continues: {fault}"


def _unfinished(services: Services, run_id: str, woken: set[tuple[str, str, str]]) -> int:
    """Queues links whose last work had no outcome, or that wait for something no event will announce: their
    message may be lost."""
    old = services.clock.now() - timedelta(hours=1)
    subjects = [
        subject
        for link in services.stores.links.all()
        if link.updated_at is None or link.updated_at < old
        for subject in _left_off(services, link)
    ]
    events = [
        ChangeEvent(services.integration.name, *subject, "reconcile", run_id, services.clock.now())
        for subject in dict.fromkeys(subjects)
        if subject not in woken
    ]
    services.stores.queue.send(events)
    return len(events)


def _left_off(services: Services, link: Link) -> list[tuple[str, str, str]]:
    """The records to look at again, as (system, entity, id)."""
    outcome, flow = link.outcome, services.flow.entities.get(link.entity)
    if link.left_out is not None:
        return []
    if outcome is None or outcome.kind == "waiting":
        return _origin(services, link)
    alive = [
        (system, link.entity, side.id) for system, side in link.sides.items() if side.id and not side.gone
    ]
    if link.pending and outcome.kind in (
        "created",
        "updated",
        "unchanged",
    ):  # a write was started, and its message was lost
        return alive[:1]
    if flow is not None and depends_on_others(flow, outcome):
        return alive[:1] if len(link.sides) > 1 else _origin(services, link)
    if outcome.rule == Rule.UNREADABLE:  # shown, seen, and told: news when somebody changes it
        return []
    return [one for one in alive if link.sides[one[0]].shown is not None]


def _origin(services: Services, link: Link) -> list[tuple[str, str, str]]:
    """The record that the link was made for, unless it now belongs to another link: then this one is no
    longer needed, and is erased."""
    origin = (link.origin_system, link.entity, link.origin_id)
    if not link.origin_id:
        return []
    owner = services.stores.links.find(*origin[:2], [link.origin_id]).get(link.origin_id, link.link_id)
    if owner != link.link_id and len(link.sides) < 2:
        services.stores.links.erase(link.link_id)
        return []
    return [origin]
