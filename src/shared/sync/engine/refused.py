"""An optional field that the vendor refuses by name: the write is tried once more without it.

Only after a definite refusal, of which the connector knows that nothing was written, and that names nothing
but fields which the record can do without. What tells records apart is never left out: "this reference is in
use" speaks of another record, and without it there would be two.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.errors import RecordRejected
from shared.mapping.faults import shown
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.unreadable import leave_out

TRIES = 3
"""Writes of one record, the first included: a vendor may name one field at a time."""
_IDENTITY = frozenset({"reference", "sku", "number", "name", "full_name"})
_TAKEN = re.compile(r"already|duplicate|in use|unique|exists", re.I)


def without_refused(
    ctx: Context, job: Job, system: str, fault: RecordRejected, values: Mapping[str, Any]
) -> dict[str, Any] | None:
    """`values` without the fields that `fault` names, which are noted as left out; None where the refusal
    stands."""
    object_map, due = ctx.map(job.event.entity, system), job.plan.due.get(system, {})
    paths = {name: own for name, own in object_map.native_paths.items() if name in due}
    refused = {name for name, own in paths.items() if set(own) & set(fault.named)}
    covered = {path for name in refused for path in paths[name]}
    links = {one.field for one in object_map.links}
    if not refused or not covered.issuperset(fault.named) or _TAKEN.search(str(fault)):
        return None
    if refused & (ctx.needed(job.event.entity, system) | _IDENTITY | links | {"lines"}):
        return None
    for name in refused:
        leave_out(job, system, name, due[name], f"“{shown(due[name])}” was refused. {fault}")
    return {path: value for path, value in values.items() if path not in covered}
