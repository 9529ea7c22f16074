"""What is open, as rows of the log: the answer to "which are held now" is that of `open_records`, whatever
has expired, and however many rows came since."""

from datetime import UTC, datetime

from shared.domain.link import Link, LogRow
from shared.operations.log_rows import Wanted
from shared.operations.open_records import open_records, outcome_of
from shared.ports import Stores
from shared.settings import ENTITIES

_KINDS = ("failed", "held", "waiting")
"""Every record of these kinds has a link; of what was skipped, some have only a row."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def open_rows(stores: Stores, wanted: Wanted) -> tuple[list[LogRow], bool] | None:
    """Newest first, and whether these are all. None where something else is asked for than what is failed,
    held or waiting now."""
    if not wanted.outcomes or not wanted.outcomes.issubset(_KINDS) or wanted.a_period:
        return None
    kinds = [kind for kind in _KINDS if kind in wanted.outcomes]
    entities = [name for name in ENTITIES if not wanted.entities or name in wanted.entities]
    found = open_records(stores, entities, kinds)  # type: ignore[arg-type]
    rows = [row for row in map(row_of, found.links) if wanted.so(row)]
    return sorted(rows, key=lambda row: row.at, reverse=True), not found.more


def row_of(link: Link) -> LogRow:
    """The row that was saved with the link; of a link that has none, what it says itself."""
    outcome = outcome_of(link)
    if link.row is not None and link.row.outcome == outcome:
        return link.row
    labels = [side.label for side in link.sides.values() if side.label]
    records = {system: (side.id, side.label, "") for system, side in link.sides.items() if side.id}
    return LogRow(
        link.updated_at or _NEVER,
        "",
        link.origin_system,
        link.entity,
        link.origin_id,
        "",
        outcome,
        link.link_id,
        labels[0] if labels else "",
        records,
        link.rules_version,
    )
