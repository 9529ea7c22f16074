"""What a flow says about who is who: how records are told apart, and where a name may be there only once."""

from collections.abc import Mapping
from typing import Literal

from shared.mapping.maps import ObjectMap
from shared.mapping.rules import Unique
from shared.mapping.schema import EntityRules
from shared.mapping.source import Source, choose

PROVES = {
    "company": frozenset(("reference", "vat_number", "name")),
    "person": frozenset(("account", "full_name", "email")),
}
"""The fields that can be keys, by the kind of matching."""
_NAMED = {"company": "name", "person": "full_name"}


def matching_of(rules: EntityRules, maps: Mapping[str, ObjectMap]) -> Literal["keys", "company", "person"]:
    """How this entity is matched. A user's own `match` with other keys than these is taken as it stands, and
    so is every `match` where one of the lists cannot be read whole."""
    if rules.matching == "keys":
        return "keys"
    named = {name for keys in rules.match for name in keys}
    fits = _NAMED[rules.matching] in named and named <= PROVES[rules.matching]
    listed = len(maps) == 2 and all(item.spec.poll_mode == "cursor" for item in maps.values())
    return rules.matching if fits and listed else "keys"


def unique_rule(
    entity: str,
    systems: tuple[str, str],
    rules: EntityRules,
    maps: Mapping[str, ObjectMap],
    source: Source,
) -> Unique | None:
    """Raises RuleInvalid."""
    stated = rules.unique
    if stated is None:
        return None
    path = (entity, "unique")
    if stated.system not in systems:
        raise source.fault(
            (*path, "system"),
            f'"{stated.system}" is not a system of this flow; {choose(stated.system, systems)}',
        )
    here, known = maps[stated.system], frozenset.union(*(one.readable for one in maps.values()))
    both = here.readable & here.writable
    if stated.field not in both:
        raise source.fault(
            (*path, "field"), f'"{stated.field}" is not read and written there; {choose(stated.field, both)}'
        )
    for name in stated.add:
        if name not in known:
            raise source.fault((*path, "add"), f'"{name}" is not read on either side; {choose(name, known)}')
    return Unique(stated.system, stated.field, tuple(stated.add))
