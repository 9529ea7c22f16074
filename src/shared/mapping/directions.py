"""Which way each entity goes, given what the flow says, what the integration chose, and which entities need
each other.

An entity that another one needs is switched on with it; switching it off by name while it is needed is
refused.
"""

from collections.abc import Mapping

from shared.domain.record import record

OFF = "off"
OTHERS = "others"
"""What an integration chooses for the entities that it does not name."""


@record
class Wish:
    """What a flow says about one entity. `follows`: it has the direction of that entity unless it is given
    its own."""

    direction: str
    needs: tuple[str, ...] = ()
    follows: str | None = None


class DirectionRefused(Exception):
    """`entity` cannot go that way; the message says why."""

    def __init__(self, entity: str, message: str) -> None:
        self.entity = entity
        super().__init__(message)


def resolve(wishes: Mapping[str, Wish], chosen: Mapping[str, str]) -> dict[str, str]:
    """Entity -> direction. Raises DirectionRefused."""
    for entity in chosen:
        if entity not in wishes and entity != OTHERS:
            raise DirectionRefused(
                entity, f"this flow has no entity {entity}; choose one of {', '.join(wishes)}"
            )
    made = {entity: chosen.get(entity, chosen.get(OTHERS, wish.direction)) for entity, wish in wishes.items()}
    for entity, wish in wishes.items():
        if wish.follows and entity not in chosen:
            made[entity] = made[wish.follows]
    for entity in wishes:
        _switch_on(entity, wishes, chosen, made)
    return made


def _switch_on(
    entity: str, wishes: Mapping[str, Wish], chosen: Mapping[str, str], made: dict[str, str]
) -> None:
    """Switches on what `entity` needs, and what that needs in turn."""
    for needed in wishes[entity].needs if made[entity] != OFF else ():
        if made.get(needed) != OFF:
            continue
        if chosen.get(needed) == OFF or OTHERS not in chosen:
            raise DirectionRefused(
                needed,
                (
                    f"{needed} cannot be switched off while {entity} is on, because each {entity} refers to "
                    f"{needed} records; switch {entity} off too, or give {needed} a direction"
                ),
            )
        made[needed] = made[entity]
        _switch_on(needed, wishes, chosen, made)
