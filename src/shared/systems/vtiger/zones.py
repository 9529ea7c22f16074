"""Moments as people see them in Vtiger: in the time zone of the integration's user.

The API gives all moments in UTC, whatever the user's zone. What was entered on 1 July at half past midnight
British time would be of 30 June, another month in the ledger, if the day were taken from that.
"""

from datetime import UTC, tzinfo
from functools import lru_cache

from shared.errors import Unavailable
from shared.systems.vtiger.values import moment

USUAL = "Europe/London"
"""Where the sign-in tells no zone, or one that nobody knows: the ledgers are British."""


@lru_cache(maxsize=8)
def known(name: str) -> tzinfo | None:
    """None for a name without a zone."""
    from zoneinfo import ZoneInfo  # most batches read no moment of Vtiger's

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


def as_seen(text: str, zone: str) -> str:
    """ISO 8601 with the offset that the zone had then; what is no moment stays as it is."""
    try:
        at = moment(text)
    except Unavailable:
        return text
    return at.astimezone((known(zone) if zone else None) or known(USUAL) or UTC).isoformat()
