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
    """Whether the record belongs to one system alone."""
    if flow.joined is None:
        return False
    have = {system for system, side in link.sides.items() if side.id}
    agreed = link.base.get(flow.joined.field)
    return len(have.union(more)) > 1 and (agreed is None or agreed.value not in flow.joined.open)
