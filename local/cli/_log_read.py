"""Which rows of the log are looked at: those of the run and the time asked for, the newest first, and up to a
number; and whether these were all."""

from datetime import timedelta
from itertools import islice

from local.cli._app import moment
from shared.domain.link import LogRow
from shared.operations.log_rows import Wanted, chosen
from shared.operations.open_log import open_rows
from shared.ports import Stores

MOST = 10_000
_LAST_MOMENT = timedelta(microseconds=1)
"""What is asked for up to a time has that moment itself; a walk ends before it."""
_A_SECOND = timedelta(seconds=1)


def looked_at(stores: Stores, run: str | None, wanted: Wanted) -> tuple[list[LogRow], str]:
    """Newest first; and where there are others, what to say of them. What is open now is read where `status`
    reads it."""
    if run is None and not wanted.a_period and (opened := open_rows(stores, wanted)) is not None:
        rows, all_of_them = opened
        return rows, "" if all_of_them else "There are more that are open; --entity narrows it."
    rows, more = _rows(stores, run, wanted)
    if not more:
        return chosen(rows, wanted), ""
    of_that = " of that time" if wanted.a_period else f" of run {run}" if run else " of the log"
    back_to = moment(rows[-1].at + _A_SECOND)  # of those of the last second some may be older
    said = f"Only the newest {MOST:,} rows{of_that} were looked at, back to {back_to}; --until “{back_to}” "
    return chosen(rows, wanted), said + "looks at what was before."


def _rows(stores: Stores, run: str | None, wanted: Wanted) -> tuple[list[LogRow], bool]:
    """Of any outcome: the newest of a record may be another than the one asked for. And whether there are
    more."""
    if wanted.a_period:
        until = wanted.until + _LAST_MOMENT if wanted.until else None
        walk = stores.log.walk(run_id=run, since=wanted.since, until=until)
        rows = [row for _, row in islice(walk, MOST + 1)]
    else:
        rows = stores.log.rows(run_id=run, limit=MOST + 1)
    return rows[:MOST], len(rows) > MOST
