"""Which connections have answered at least once: that a gate is open says only that nothing went wrong."""

from collections.abc import Sequence

from shared.mapping.model import Flow
from shared.operations.poll_tasks import polled_lists
from shared.ports import Run, Stores

_BOTH = ("created", "updated")


def reached(flow: Flow, stores: Stores, runs: Sequence[Run]) -> set[str]:
    """Systems of which something was read or to which something was written. `runs`: the latest ones. At most
    1 request for each list, and none for systems that the runs tell of."""
    known = {run.system for run in runs if run.state == "done" and run.cause != "webhook"}
    if any(run.counts.get(kind) for run in runs for kind in _BOTH):
        known |= {flow.crm, flow.sage}
    for entity, system in polled_lists(flow):
        if system not in known and stores.cursors.load(system, entity) is not None:
            known.add(system)
    return known & {flow.crm, flow.sage}
