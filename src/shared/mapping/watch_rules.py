"""What a flow says of records that are made once: what is told of them later, and for how long."""

from shared.entities.registry import kinds
from shared.mapping.rules import Watch
from shared.mapping.schema import EntityRules
from shared.mapping.source import Source, choose


def watched(entity: str, rules: EntityRules, source: Source) -> Watch | None:
    """None for what is kept in step, whose changes are carried over: the shipped table then says nothing.
    Raises RuleInvalid."""
    stated = rules.watch
    if not rules.create_once:
        return None
    if stated is None:
        return Watch()
    for name in stated.fields:
        if name not in kinds(entity):
            what = f'"{name}" is not a field of {entity}'
            raise source.fault((entity, "watch", "fields"), f"{what}; {choose(name, kinds(entity))}")
    return Watch(stated.days, tuple(stated.fields), stated.vanished, stated.ordered)
