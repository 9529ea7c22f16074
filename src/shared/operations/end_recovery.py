"""After a restore or an unclean stop, links may be lost. Records that carry our key get their link back;
after that, a create need not look the record up first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from shared.bootstrap import Services
from shared.domain.keys import OUR_KEY
from shared.domain.link import Base, Link, Side
from shared.mapping.maps import ObjectMap
from shared.ports import Commit, Snapshot
from shared.sync.seen import read_seen, seen_values

LISTED = timedelta(hours=1)
"""By then every list has been polled, so records that are synchronised both ways have found each other again.
"""


def end_recovery(services: Services) -> int | None:
    """Returns how many records that carry our key had lost their link; None when there is no recovery, or it
    cannot end yet. Raises what the target's connector raises; the recovery then continues."""
    since = services.state.recovering_since
    if since is None or services.clock.now() < since + _settle(services) or _to_meet(services, since):
        return None
    relinked = 0
    for entity in services.flow.entities.values():
        if entity.lookup_only or not entity.direction.startswith("from ") or not entity.create_once:
            continue  # where both sides are matched before anything is made, matching finds lost links
        source = entity.direction.removeprefix("from ")
        target = next(system for system in entity.maps if system != source)
        relinked += _relink(services, entity.maps[target], source)
    ended = services.change_state(recovering_since=None)
    return relinked if ended else None  # it was started once more meanwhile


def _settle(services: Services) -> timedelta:
    return timedelta(seconds=max(services.systems[name].settle_seconds for name in services.systems))


def _to_meet(services: Services, since: datetime) -> bool:
    """Whether some records that may come from either side have not been seen yet. A key does not say which
    side its record came from, so both must be seen while every create still looks first."""
    if not any(one.direction == "both" and not one.lookup_only for one in services.flow.entities.values()):
        return False
    closed = any(gate.state != "ok" for gate in services.stores.gate.read(list(services.systems)).values())
    return closed or services.clock.now() < since + LISTED


def _relink(services: Services, object_map: ObjectMap, source: str) -> int:
    """Returns how many records of the target had lost their link. The key does not contain the id of the
    origin: that is known again when the origin's next event produces the same key."""
    spec, count = object_map.spec, 0
    if spec.key_path is None:
        return 0
    for page in services.systems[spec.system].changes(spec, None):
        keyed = {
            found[1]: record
            for record in page.records
            if isinstance(record, Snapshot)
            and (found := OUR_KEY.fullmatch(str(record.values.get(spec.key_path) or "")))
        }
        loaded = services.stores.links.load(sorted(keyed)) if keyed else {}
        for key, record in keyed.items():
            link = loaded[key].link or Link(key, spec.entity, source, "")
            if spec.system not in link.sides:
                _save(services, object_map, link, record, source)
                count += 1
    return count


def _save(services: Services, object_map: ObjectMap, link: Link, record: Snapshot, source: str) -> None:
    spec = object_map.spec
    label = str(record.values.get(spec.number_path or "") or record.id)
    tables = services.context().tables.of(spec.system)
    side = Side(
        record.id,
        record.version,
        seen_values(object_map, record.values),
        {},
        services.flow.version,
        record.observed_at,
        None,
        label,
    )
    base = _base(read_seen(object_map, record.values, tables), spec.system, services, spec.entity)
    now = services.clock.now()
    saved = replace(
        link,
        sides={**link.sides, spec.system: side},
        base={**link.base, **base},
        pending=True,
        outcome=None,
        updated_at=now,
    )
    services.stores.links.commit(
        Commit(saved, link.version, services.owner, claims=((spec.system, spec.entity, record.id),)), now
    )


def _base(view: Mapping[str, object], system: str, services: Services, entity: str) -> dict[str, Base]:
    policies = services.context().policy(entity)
    return {
        name: Base(value, 0, system)
        for name, value in view.items()
        if name in policies and policies[name].sources == frozenset({system})
    }
