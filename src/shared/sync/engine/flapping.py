"""Two systems that undo each other's values: told by how often a field was written of late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.domain.link import Link

BREAKER_WRITES, BREAKER_WINDOW = 5, timedelta(minutes=10)


def _recent(link: Link, key: str, now: datetime) -> tuple[str, ...]:
    return tuple(at for at in link.writes.get(key, ()) if now - datetime.fromisoformat(at) < BREAKER_WINDOW)


def flapping(link: Link, system: str, fields: Mapping[str, Any], now: datetime) -> str:
    """The first of the fields that is written there again and again, "" for none."""
    return next(
        (name for name in fields if len(_recent(link, f"{system}.{name}", now)) >= BREAKER_WRITES), ""
    )


def with_these(
    link: Link, system: str, fields: Mapping[str, Any], now: datetime
) -> dict[str, tuple[str, ...]]:
    """The link's `writes` once these fields are written, without those of long ago."""
    keys = {f"{system}.{name}" for name in fields}
    kept = {key: times for key in link.writes if key not in keys and (times := _recent(link, key, now))}
    return {**kept, **{key: (*_recent(link, key, now), now.isoformat()) for key in keys}}
