"""What versions tell of a record: which of two is the earlier, and what one in whole seconds leaves open."""

from datetime import datetime, timedelta

from shared.domain.link import Side

SAME_SECOND = timedelta(seconds=2)
"""A version in whole seconds says nothing about what else was saved in the same second."""


def earlier(version: str | None, than: str | None) -> bool:
    """Whether both are times of the vendor's clock, and the first is before the second."""
    if version is None or than is None:
        return False
    try:
        return datetime.fromisoformat(version) < datetime.fromisoformat(than)
    except (ValueError, TypeError):
        return False


def known(side: Side | None, version: str | None) -> bool:
    """Whether this version was seen, and late enough that no edit made in the same second can be missing."""
    if side is None or version is None or side.version != version or side.gone or side.observed_at is None:
        return False
    try:
        return side.observed_at > datetime.fromisoformat(version) + SAME_SECOND
    except (ValueError, TypeError):
        return True
