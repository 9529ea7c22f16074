"""The readings that the archive holds, newest first and one of each record, an object at a time."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from shared.ports import Archive

KIND = "read"
_PLACE = re.compile(r"/(?:(\d{4})/(\d{2})/(\d{2})|undated)/[^/]+/(\d+)-[^/]+$")
_LATE = timedelta(days=14)
"""How much later than its day a run's lines may have been written: a parked record comes back in its run."""


def readings(archive: Archive, since: datetime, entity: str | None = None) -> Iterator[Mapping[str, Any]]:
    """The last reading of each record since then. Of what was read before, only which record it was is
    kept."""
    seen: set[int] = set()
    at, early = "", False
    for name in sorted(_recent(archive, since), key=age_of, reverse=True):
        for line in reversed(archive.lines(name, KIND)):
            if line.get("erased") or entity not in (None, line["entity"]):
                continue
            if line["at"] != at:  # those of one batch were mostly read in one request
                at = line["at"]
                early = datetime.fromisoformat(at) < since
            if early:
                continue
            which = hash((line["system"], line["entity"], line["id"]))
            if which not in seen:
                seen.add(which)
                yield line


def _recent(archive: Archive, since: datetime) -> Iterator[str]:
    first = (since - _LATE).date()
    for name in archive.objects():
        day = age_of(name)[0]
        if day is None or day >= first:
            yield name


def age_of(name: str) -> tuple[Any, str]:
    """(day of its run, time of writing)"""
    found = _PLACE.search(name)
    if found is None or found[1] is None:
        return date.min, found[4] if found else ""
    return date(int(found[1]), int(found[2]), int(found[3])), found[4]
