"""What comes to the log while somebody looks on: all of it, however much that is, and nothing twice."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.link import LogRow
from shared.ports import SyncLog

_KNOWN = 200
"""A look ends after so many rows that were shown: those of two workers may come in another order."""


class Coming:
    """Begins with what is not there yet. `run`: only of this one."""

    def __init__(self, log: SyncLog, run: str | None) -> None:
        self._log, self._run = log, run
        there = log.rows(run_id=run, limit=_KNOWN)
        self._since = there[-1].at if there else None
        self._seen = set(map(_key, there))

    def told(self, rows: Iterable[LogRow]) -> None:
        """These were shown meanwhile."""
        self._seen.update(map(_key, rows))

    def new(self) -> list[LogRow]:
        """Since the last look, oldest first."""
        found, known = list[LogRow](), 0
        for _, row in self._log.walk(run_id=self._run, since=self._since):
            if _key(row) not in self._seen:
                found.append(row)
            elif (known := known + 1) == _KNOWN:
                break
        self.told(found)
        return found[::-1]


def _key(row: LogRow) -> tuple[datetime, str]:
    return row.at, row.seq
