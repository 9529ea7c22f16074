"""What must not be at the end of a run, whatever people did: sides that differ, and records that stand
twice."""

from typing import Any

from shared.domain.keys import link_id
from shared.domain.link import Link
from tests.properties.pair import ENTITY, FIELDS, LEFT, OBJECTS, ONCE, RIGHT, USUAL, Vendors, records
from tests.properties.rig import NAME, Rig


def apart(rig: Rig, vendors: Vendors = USUAL) -> list[tuple[str, str, Any, Any]]:
    """Linked fields where the sides do not both show their form of base, though nothing is held (S1)."""
    found = []
    shown = {system: records(rig, system) for system in (LEFT, RIGHT)}
    for link in rig.links():
        if any(side.gone for side in link.sides.values()) or _held_whole(link):
            continue
        for name in FIELDS:
            if name in link.held or name not in link.base or name in ONCE:
                continue
            for system, side in link.sides.items():
                if side.id not in shown[system]:
                    continue  # its deletion was not noticed yet
                value = shown[system].get(side.id, {}).get(name)
                wanted = vendors.form(system, name, link.base[name].value)
                if value != wanted:
                    found.append((system, f"{side.id}.{name}", value, wanted))
    return found


def _held_whole(link: Link) -> bool:
    """Whether a person has the whole record to decide on, not a field or two of it."""
    return (
        link.outcome is not None
        and link.outcome.kind == "held"
        and not (link.held and link.outcome.rule == "conflict")
    )


def doubled(rig: Rig) -> list[str]:
    """Records in two links, and links or keys with two records on a side (S6)."""
    seen: dict[tuple[str, str], str] = {}
    faults = []
    for link in rig.links():
        for system, side in link.sides.items():
            if seen.setdefault((system, side.id), link.link_id) != link.link_id:
                faults.append(f"{system} {side.id} is in two links")
    roots = _roots(rig)
    for system in (LEFT, RIGHT):
        alive = [roots.get((system, one), (system, one)) for one in records(rig, system)]
        faults += [
            f"{system} holds {alive.count(one)} records that come from {one}"
            for one in set(alive)
            if alive.count(one) > 1
        ]
    return faults


def _roots(rig: Rig) -> dict[tuple[str, str], tuple[str, str]]:
    """(system, id) of each record that we made -> the record of a person's that it was made from, over any
    number of steps."""
    every = {
        (system, one)
        for system, vendor in rig.systems.items()
        for _, one in (
            *vendor.made,
            *vendor.dropped,
            *vendor.merged,
            *((OBJECTS[system], one) for one in records(rig, system)),
        )
    }
    origins = {link_id(NAME, ENTITY, *one): one for one in every}
    made = {
        (system, one): origins[key.partition("-")[0]]
        for system, vendor in rig.systems.items()
        for (_, one), (key, _) in vendor.made.items()
        if key.partition("-")[0] in origins
    }
    roots = {}
    for one, root in made.items():
        while root in made:
            root = made[root]
        roots[one] = root
    return roots
