"""What a list contains that the links do not know yet."""

from collections.abc import Sequence

from shared.bootstrap import Services
from shared.domain.keys import link_id
from shared.domain.link import ChangeEvent, Link
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.mapping.check import unmet_condition
from shared.operations.poll_tasks import PollTask
from shared.ports import Condition, Gone, Hint, Moved, Reading, Snapshot
from shared.sync.engine.owners import own_link
from shared.sync.engine.watch import edited, is_watched
from shared.sync.engine.whose import number_of
from shared.sync.seen import same_as_seen, seen_values
from shared.sync.version import known


def links_of(services: Services, entity: str, system: str, ids: Sequence[str]) -> dict[str, Link | None]:
    """The link of each record of a list; 2 requests for 100 records."""
    own = {one: link_id(services.integration.name, entity, system, one) for one in ids}
    flow = services.flow.entities[entity]
    makes_once = flow.create_once and flow.direction == f"from {system}"
    if own and not makes_once:
        own |= services.stores.links.find(system, entity, ids)
    loaded = services.stores.links.load(sorted(set(own.values()))) if own else {}
    found = {one: loaded[own[one]].link for one in ids}
    if flow.create_once:
        return found
    return {
        one: link
        if link is None or link.stands_for(system, one)
        else own_link(services.stores.links, services.integration.name, entity, system, one)[1].link
        for one, link in found.items()
    }


def is_news(services: Services, task: PollTask, link: Link | None, record: Reading | Hint) -> bool:
    """Whether the record is in a state that its link does not know. Nothing is, of one that a person left out
    for good."""
    if link is not None and link.left_out is not None:
        return False
    if isinstance(record, Gone):
        side = link.sides.get(task.system) if link else None
        return side is not None and not side.gone
    if isinstance(record, Moved):
        side = link.sides.get(task.system) if link else None
        told = (
            link is not None
            and link.outcome is not None
            and link.outcome.rule in (Rule.MOVED, Rule.UNKNOWN_OUTCOME)
        )
        return side is not None and side.id == record.id and not told
    if outside(services, task, link, record) is not None:
        return False
    if link is None and isinstance(record, Hint) and record.number:
        return False  # numbered by somebody else, often long ago
    if link is None and services.flow.entities[task.entity].direction not in ("both", f"from {task.system}"):
        return False  # this list is read only for values that come back
    if link is None or link.outcome is None:
        return True
    if link.rules_version != services.flow.version and not _made_once(services, task, link):
        return True
    since = services.state.recovering_since
    if (
        since is not None
        and link.updated_at is not None
        and link.updated_at < since
        and link.outcome.kind in ("waiting", "failed")
    ):
        return True
    return is_edited(services, task, link, record)


def outside(
    services: Services, task: PollTask, link: Link | None, record: Reading | Hint
) -> Condition | None:
    """The condition by which the list was asked to leave this record out, and did not: SugarCRM drops one on
    a field that is not in its database, in silence. A record that has its counterpart is looked at all the
    same, and one that has a number already is for whoever tells whose number that is."""
    if not isinstance(record, Snapshot) or (link is not None and len(link.sides) > 1):
        return None
    spec = services.flow.entities[task.entity].maps[task.system].spec
    shown = tuple(one for one in spec.where if one != spec.numbered and one.field in record.values)
    return unmet_condition(shown, record.values)


def is_edited(services: Services, task: PollTask, link: Link | None, record: Reading | Hint) -> bool:
    if link is None or isinstance(record, (Gone, Moved)):
        return True
    side = link.sides.get(task.system)
    if isinstance(record, Hint):
        return not known(side, record.version) and not _needs_no_look(services, task, link, record)
    if side is not None and side.gone:
        return True  # restored, perhaps with the very values it had
    flow = services.flow.entities[task.entity]
    object_map = flow.maps[task.system]
    if side is not None and _made_once(services, task, link):
        return _to_be_told(services, task, link, record)
    return not same_as_seen(object_map, link, task.system, record.values)


def is_edit_of_others(services: Services, task: PollTask, link: Link | None, record: Reading | Hint) -> bool:
    """For the brake: whether somebody else changed it. What we wrote comes back with what the system filled
    in itself, and in a list without what only a single read shows: neither is an edit."""
    if not is_edited(services, task, link, record):
        return False
    side = link.sides.get(task.system) if link else None
    if side is None or side.gone or not isinstance(record, Snapshot):
        return True
    told = side.seen if side.shown is None else side.shown
    now = seen_values(services.flow.entities[task.entity].maps[task.system], record.values)
    if any(now[path] != told[path] for path in now.keys() & told.keys()):
        return True
    last_was_ours = side.written_at is not None and (
        side.observed_at is None or side.observed_at <= side.written_at
    )
    return not (last_was_ours or (side.version is not None and side.version == record.version))


def _made_once(services: Services, task: PollTask, link: Link) -> bool:
    """Whether new rules can change nothing about it any more."""
    return services.flow.entities[task.entity].create_once and len(link.sides) > 1


def _to_be_told(services: Services, task: PollTask, link: Link, record: Snapshot) -> bool:
    """Of what was made once only a few fields are told, and only for a while; its number is always looked
    after."""
    flow = services.flow.entities[task.entity]
    object_map, side = flow.maps[task.system], link.sides[task.system]
    if number_of(object_map.spec, record.values) != number_of(object_map.spec, side.seen):
        return True
    return _still_watched(services, task, link) and edited(flow, object_map, side, record.values)


def _needs_no_look(services: Services, task: PollTask, link: Link, record: Hint) -> bool:
    """Whether it was made once, has the number that it had, and is watched no more: it is not read for what
    nobody would be told."""
    spec, side = services.flow.entities[task.entity].maps[task.system].spec, link.sides.get(task.system)
    if side is None or not record.number or not _made_once(services, task, link):
        return False
    same = record.number == number_of(spec, side.seen)
    return same and not _still_watched(services, task, link)


def _still_watched(services: Services, task: PollTask, link: Link) -> bool:
    flow = services.flow.entities[task.entity]
    target = next(system for system in flow.maps if system != link.origin_system)
    return is_watched(flow, link, target, services.clock.now())


def event_of(services: Services, task: PollTask, record: Reading | Hint) -> ChangeEvent:
    event = ChangeEvent(
        task.integration, task.system, task.entity, record.id, task.cause, task.run_id, services.clock.now()
    )
    if not isinstance(record, Snapshot):
        return event
    return replace(
        event, snapshot=record.values, observed_at=record.observed_at, snapshot_version=record.version
    )
