"""Whose a record is: some belong to one system alone once both have them, and the merge rules follow that."""

from collections.abc import Iterable

from shared.domain.link import Link
from shared.mapping.model import EntityFlow
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.merge import FieldPolicy


def policies_of(ctx: Context, job: Job, *more: str) -> dict[str, FieldPolicy]:
    """The merge rules of the record as it stands; `more` are systems that have it too, by now."""
    return ctx.policy(job.event.entity, is_joined(job.flow, job.link, {*job.found.readings, *more}))


def is_joined(flow: EntityFlow, link: Link, more: Iterable[str] = ()) -> bool:
    """Whether the record belongs to one system alone. What ends its being open reaches that system first."""
    if flow.joined is None:
        return False
    have = {system for system, side in link.sides.items() if side.id}
    agreed, owner = link.base.get(flow.joined.field), link.sides.get(flow.joined.source)
    if len(have.union(more)) < 2 or agreed is None:
        return len(have.union(more)) > 1
    told = owner is None or owner.rev.get(flow.joined.field, -1) >= agreed.rev
    return told and agreed.value not in flow.joined.open
