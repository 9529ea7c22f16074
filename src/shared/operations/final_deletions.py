"""What a sweep finds missing once more, days after it was seen to be deleted, where the flow says that the
other side's record is to be deleted for good then.

The sweep only says so, record by record; the engine asks once more before it deletes anything. Too many at
once are a question for a person, like any deletion, and until that is answered none of them is deleted.
"""

from datetime import timedelta

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent, Link
from shared.domain.outcomes.gone import final_deletions
from shared.domain.record import record, replace
from shared.operations.brake import Brake, note
from shared.operations.compare import Walk
from shared.operations.differences import batches
from shared.operations.poll_diff import event_of
from shared.operations.poll_tasks import PollTask
from shared.ports import Gone
from shared.sync.bulk import is_bulk


@record
class Confirmed:
    """`events` are to be queued; `why`: what a person is asked, in place of any of them."""

    events: tuple[ChangeEvent, ...] = ()
    why: str = ""


def confirm(services: Services, task: PollTask, walk: Walk) -> Confirmed:
    """`walk` has read the whole list in this sweep. One read for each batch of records that are due, and none
    where the flow deletes nothing for good. Raises the SyncErrors of the connector."""
    flow, state = services.flow.entities[task.entity], services.state
    if flow.once_deleted(task.system) != "delete" or flow.create_once:
        return Confirmed()
    if state.recovering_since is not None or f"{task.entity}.{task.system}" in state.missing:
        return Confirmed()
    target = next(system for system in flow.maps if system != task.system)
    began, spec = services.clock.now(), walk.ctx.map(task.entity, task.system).spec
    lost, known = list[str](), 0
    for link in services.stores.links.all(task.entity):
        known += _is_left(link, target)
        lost += [link.sides[task.system].id] if _is_due(services, walk, link, target) else []
    found = [
        reading
        for some in batches(iter(lost))
        for reading in services.systems[task.system].read(spec, some).values()
    ]
    gone = [one for one in found if isinstance(one, Gone)]
    others = [event_of(services, task, one) for one in found if not isinstance(one, Gone)]
    confirmed = [replace(event_of(services, task, one), missed_at=began) for one in gone]
    brake = Brake(task.entity, f"{target}.final", {}, False)
    why = ""
    if brake.key not in state.released and is_bulk(len(gone), known):
        why = final_deletions(task.entity, target, task.system, len(gone), known)
    if why or brake.key in state.braked or brake.key in state.released:
        note(services, brake, why)
    return Confirmed((*others, *([] if why else confirmed)), why)


def _is_left(link: Link, target: str) -> bool:
    side = link.sides.get(target)
    return side is not None and bool(side.id) and not side.gone


def _is_due(services: Services, walk: Walk, link: Link, target: str) -> bool:
    """Whether the days are over, or nobody knows when they began."""
    side = link.sides.get(walk.system)
    if (
        link.left_out is not None
        or side is None
        or not side.gone
        or not _is_left(link, target)
        or _is_listed(walk, side.id)
    ):
        return False
    days = timedelta(days=services.flow.entities[walk.entity].delete_days)
    return side.gone_at is None or side.gone_at + days <= services.clock.now()


def _is_listed(walk: Walk, record_id: str) -> bool:
    return record_id in walk.ids and record_id not in walk.gone
