"""Looking through everything that was ever logged: by words, kind of record, rule, outcome, run and time, a
page at a time."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from shared.domain.link import LogRow
from shared.domain.outcomes.fields import says_nothing
from shared.domain.record import record
from shared.ports import SyncLog

LOOK = 4_000
"""Rows looked at for one page: with the rows' bodies unpacked, a second or two."""


@record
class Wanted:
    """What is looked for; what is left empty is no condition. `text`: part of a name, a number or an id."""

    text: str = ""
    entity: str = ""
    rule: str = ""
    outcome: str = ""
    run_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, row: LogRow) -> bool:
        """Echoes of our own writes say nothing new: they are shown only where they are asked for."""
        if not self.outcome and not self.run_id and says_nothing(row.outcome):
            return False
        if (self.entity and row.entity != self.entity) or (self.rule and row.outcome.rule != self.rule):
            return False
        return not self.text or any(self.text.casefold() in one.casefold() for one in _names(row))


@record
class Found:
    """`next`: where the page after this one begins, "" at the end. `looked_to`: set where the looking ended
    for now, before the page was full; what is older has not been looked at yet."""

    rows: tuple[LogRow, ...]
    next: str = ""
    looked_to: datetime | None = None


def search(log: SyncLog, wanted: Wanted, before: str = "", limit: int = 50, look: int = LOOK) -> Found:
    """Newest first. Reads `look` rows at most."""
    found, place = list[LogRow](), ""
    rows = _walk(log, wanted, before)
    for place, row in islice(rows, look):
        if wanted.fits(row):
            found.append(row)
        if len(found) == limit:
            return Found(tuple(found), place if next(rows, None) else "")
    rest = next(rows, None)
    return Found(tuple(found), place, rest[1].at) if rest else Found(tuple(found))


def every(log: SyncLog, wanted: Wanted, look: int) -> Iterator[LogRow | None]:
    """All of them, newest first. Reads `look` rows at most: None stands where there are more."""
    for number, (_, row) in enumerate(_walk(log, wanted, "")):
        if number == look:
            yield None
            return
        if wanted.fits(row):
            yield row


def _walk(log: SyncLog, wanted: Wanted, before: str) -> Iterator[tuple[str, LogRow]]:
    return log.walk(
        outcomes=(wanted.outcome,) if wanted.outcome else (),
        run_id=wanted.run_id or None,
        since=wanted.since,
        until=wanted.until,
        before=before,
    )


def _names(row: LogRow) -> Iterator[str]:
    yield from (row.label, row.record_id, row.number)
    for record_id, label, _ in row.records.values():
        yield from (record_id, label)
