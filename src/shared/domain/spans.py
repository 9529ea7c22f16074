"""What a time in a row is worth when the clock that wrote it was ahead and has been put right since, as
happens on a machine of one's own."""

from datetime import datetime, timedelta
from typing import Literal

Taken = Literal["", "taken", "ahead"]
"""A message of the clock: one that may be dropped, one that is taken up, and one before which a clock that
was ahead had noted a later time than now."""
SKEW = timedelta(minutes=1)
"""Clocks of two machines may differ by this much without either being wrong."""
LONGEST_WAIT = timedelta(hours=25)
"""More than any wait: a vendor's wish is believed up to a day (`longest_wait_seconds`), and calls that are
limited by the day are used up for a quarter of an hour longer at most."""
LONGEST_LEASE = timedelta(minutes=15)
"""No function runs for longer, so no lease is given for longer."""


def from_ahead(since: datetime, until: datetime, now: datetime) -> bool:
    """Whether a wait was set by a clock that was ahead of this one: nobody can tell how much of it has really
    passed."""
    return since > now + SKEW or until > now + LONGEST_WAIT
