"""What a flow says of a record that both sides have: whose it is then, what becomes of it when one side is
deleted, and which code a new one gets."""

from collections.abc import Mapping

from shared.mapping.maps import ObjectMap
from shared.mapping.mask import fault_of
from shared.mapping.rules import Deletes, Joined, Numbering
from shared.mapping.schema import EntityRules
from shared.mapping.source import Source, choose

Systems = tuple[str, str]


def deletes_of(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> Mapping[str, Deletes]:
    """What the flow says for each system apart. One word for both, "delete", is for the systems that take a
    deletion; elsewhere the record is kept. Raises RuleInvalid."""
    other = {one: next(name for name in systems if name != one) for one in systems}
    able = [one for one in systems if maps and maps[other[one]].spec.deletable]
    if isinstance(rules.deletes, str):
        if rules.deletes != "delete":
            return {}
        if not able:
            raise source.fault((entity, "deletes"), _NOT_DELETED.format(" or ".join(systems)))
        return {one: "delete" if one in able else "keep" for one in systems}
    for name, what in rules.deletes.items():
        known_system(name, systems, source, (entity, "deletes", name))
        if what == "delete" and name not in able:
            raise source.fault((entity, "deletes", name), _NOT_DELETED.format(other[name]))
    return rules.deletes


_NOT_DELETED = 'nothing is ever deleted in {} for such a record; write "keep", "archive" or "hold"'


def joined_of(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> Joined | None:
    """Raises RuleInvalid."""
    stated = rules.joined
    if stated is None:
        return None
    path = (entity, "joined")
    owner = stated.direction.removeprefix("from ")
    if stated.direction == owner:
        raise source.fault((*path, "direction"), f'write "from {systems[0]}" or "from {systems[1]}"')
    known_system(owner, systems, source, (*path, "direction"))
    if stated.field is not None and stated.field not in maps[owner].readable:
        what = f'"{stated.field}" is not read from {owner}'
        raise source.fault((*path, "field"), f"{what}; {choose(stated.field, maps[owner].readable)}")
    return Joined(owner, stated.field or "", tuple(stated.open))


def numbering_of(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> Numbering | None:
    """Raises RuleInvalid."""
    stated = rules.numbering
    if stated is None:
        return None
    path = (entity, "numbering")
    known_system(stated.system, systems, source, (*path, "system"))
    here = maps[stated.system]
    if stated.field not in here.writable:
        what = f'"{stated.field}" is not written to {stated.system}'
        raise source.fault((*path, "field"), f"{what}; {choose(stated.field, here.writable)}")
    if fault := fault_of(stated.mask):
        raise source.fault((*path, "mask"), fault)
    return Numbering(stated.system, stated.field, here.native_paths[stated.field][0], stated.mask)


def known_system(name: str, systems: Systems, source: Source, path: tuple[str, ...]) -> None:
    if name not in systems:
        raise source.fault(path, f'"{name}" is not a system of this flow; {choose(name, systems)}')
