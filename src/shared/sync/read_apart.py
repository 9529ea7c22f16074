"""Reads records of which a vendor may refuse one: a refusal of several is no answer for any of them, so they
are asked for in halves until the one that is refused stands alone."""

from collections.abc import Sequence

from shared.errors import RecordRejected
from shared.ports import ObjectSpec, Reading, System


def read_apart(
    system: System, spec: ObjectSpec, ids: Sequence[str]
) -> tuple[dict[str, Reading], dict[str, RecordRejected]]:
    """What was read, and the refusal of each that was not. Raises every other SyncError of the connector."""
    if not ids:
        return {}, {}
    try:
        return system.read(spec, ids), {}
    except RecordRejected as fault:
        if len(ids) == 1:
            return {}, {ids[0]: fault}
    middle = len(ids) // 2
    found, refused = read_apart(system, spec, ids[:middle])
    more, others = read_apart(system, spec, ids[middle:])
    return {**found, **more}, {**refused, **others}
