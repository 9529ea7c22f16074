"""Which connections have answered at least once: that a gate is open says only that nothing went wrong."""

from collections.abc import Callable, Iterable, Sequence

from shared.ports import Run, Stores

_BOTH = ("created", "updated")


def reached(
    systems: Iterable[str],
    lists: Callable[[], Sequence[tuple[str, str]]],
    stores: Stores,
    runs: Sequence[Run],
) -> set[str]:
    """Those of the systems of which something was read or to which something was written. `lists`: (entity,
    system) of what is polled; asked for only where the runs, the latest ones, do not tell. At most 1 request
    for each list."""
    systems = set(systems)
    known = {run.system for run in runs if run.state == "done" and run.cause != "webhook"}
    if any(run.counts.get(kind) for run in runs for kind in _BOTH):
        known |= systems
    for entity, system in lists() if systems - known else ():
        if system not in known and stores.cursors.load(system, entity) is not None:
            known.add(system)
    return known & systems
