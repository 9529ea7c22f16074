"""Whether so many records of a list are missing that a person must say what that means.

A few deletions are work; a list of which much is gone at once is more likely a fault at the vendor, a lost
right, or somebody's mistake. Pure: the rows of what is missing in, what to make of each out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.domain.link import Link
from shared.ports import Missing

WINDOW = timedelta(hours=24)
FEW = 3
"""So many are believed whatever the length of the list, unless they are all of it."""
PERCENT = 5
"""More than this share of a list is never believed."""


def recent(rows: Iterable[Missing], now: datetime) -> list[Missing]:
    """Deletions within the window that no person was asked about. Those that a person decided count no
    more."""
    return [one for one in rows if one.verdict in ("listed", "believed") and one.at > now - WINDOW]


def counted_before(rows: Iterable[Missing], now: datetime) -> int:
    """How long the list was when it was counted within the window, or for the open question; 0: nobody has
    counted it."""
    valid = [one.of for one in rows if one.verdict == "asked" or one.at > now - WINDOW]
    return max(valid, default=0)


def is_bulk(missing: int, of: int) -> bool:
    """`of` is the list's length with the missing ones."""
    return (missing > FEW and missing * 100 > PERCENT * of) or missing >= max(FEW, of)


def called(link: Link, system: str) -> str:
    """What people call the record there; what its counterpart is called where it has no name of its own."""
    sides = [link.sides[system], *(side for name, side in link.sides.items() if name != system)]
    return next((side.label for side in sides if side.label not in ("", side.id)), "")
