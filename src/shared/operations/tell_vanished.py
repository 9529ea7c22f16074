"""Records that were made once, or that others were made of, and that no list shows any more.

A few are looked at one by one, and each is told. More than people delete in a day are one row, and nothing
else is concluded from them: the wrong company, a right that was lost or a list that lies looks like that too.
"""

from collections.abc import Mapping
from hashlib import sha256

from shared.bootstrap import Services
from shared.domain.link import Link, LogRow
from shared.domain.outcomes import watching
from shared.domain.record import record
from shared.domain.titles import title
from shared.operations.poll_tasks import PollTask
from shared.operations.watch_slice import Slice
from shared.ports import Snapshot
from shared.sync.engine.watch import narrow

MANY = 20
SAMPLE = 3
"""So many of them are asked for directly before it is said that all are gone."""


@record
class Told:
    """`told` names what the one row was last about, so that it is not told every day."""

    queued: int = 0
    told: str = ""
    note: str = ""


def tell_vanished(
    services: Services, task: PollTask, missing: Mapping[str, list[Link]], told: str, more: bool
) -> Told:
    """Raises the SyncErrors of the connectors."""
    queued, note, names = 0, "", []
    for system, links in missing.items():
        if len(links) <= MANY:
            events = Slice(services, task, links).events_for(system, links)
            services.stores.queue.send(events)
            queued += len(events)
            continue
        if _there_after_all(services, task, system, links[:SAMPLE]):
            note = f"the list of {title(system)} left out records that exist: nothing was concluded from it"
            continue
        names.append(_name(system, links))
        if names[-1] not in told.split():
            _row(services, task, system, links, more)
    return Told(queued, " ".join(names), note)


def _there_after_all(services: Services, task: PollTask, system: str, links: list[Link]) -> bool:
    flow = services.flow.entities[task.entity]
    spec = narrow(flow, flow.maps[system])
    found = services.systems[system].read(spec, [link.sides[system].id for link in links])
    return any(isinstance(one, Snapshot) for one in found.values())


def _name(system: str, links: list[Link]) -> str:
    ids = "\n".join(sorted(link.sides[system].id for link in links))
    return f"{system}:{sha256(ids.encode()).hexdigest()[:16]}"


def _row(services: Services, task: PollTask, system: str, links: list[Link], more: bool) -> None:
    labels = [link.sides[system].label or link.sides[system].id for link in links]
    outcome = watching.many_vanished(system, task.entity, labels, more)
    first = links[0].sides[system]
    object_name = services.flow.entities[task.entity].maps[system].spec.object
    shown = {system: (first.id, labels[0], services.address(system, object_name, first.id))}
    now = services.clock.now()
    row = LogRow(
        now, task.run_id, system, task.entity, first.id, "reconcile", outcome, label=labels[0], records=shown
    )
    services.stores.log.append([row])
    services.stores.log.count(task.run_id, {outcome.kind: 1})
