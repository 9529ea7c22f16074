"""The one place where keys are built, so that two integrations can never share a row or object.

Every key starts with the integration's name, and names that could collide with what follows are refused.
Times are written so that they sort as text.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from shared.errors import RuleInvalid

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_RUN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})T")
_LONGEST = 400


def integration_name(name: str) -> str:
    """The name itself. Raises RuleInvalid for a name that would be ambiguous inside a key."""
    if not _NAME.fullmatch(name):
        raise RuleInvalid(
            f"the integration name {name!r} cannot be used: use 1 to 63 letters, digits, '.', '_' or '-', "
            "starting with a letter or digit"
        )
    return name


def part(text: str) -> str:
    """`text` as one part of a key: `#` and `%` are escaped, and a very long value is replaced by a digest."""
    escaped = text.replace("%", "%25").replace("#", "%23")
    encoded = escaped.encode("utf-8", "backslashreplace")
    if len(encoded) <= _LONGEST:
        return encoded.decode()
    return "%" + hashlib.sha256(encoded).hexdigest()


def joined(*texts: str) -> str:
    return "#".join(part(text) for text in texts)


def stamp(moment: datetime) -> str:
    """UTC with microseconds, always 27 characters: earlier times sort first."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def epoch(when: datetime) -> int:
    """What DynamoDB's time to live reads: whole seconds since 1970."""
    return int(when.timestamp())


def run_day(run_id: str) -> tuple[str, str, str] | None:
    """Year, month and day of a run id such as `20261122T101500Z-ab12`; None when it does not start with a
    time."""
    found = _RUN_DAY.match(run_id)
    if found is None or not _is_day(found[1], found[2], found[3]):
        return None
    return (found[1], found[2], found[3])


def run_expiry(run_id: str, days: int, otherwise: datetime) -> int:
    """Epoch seconds at which a run's rows expire: `days` after its day, or after `otherwise` for an undated
    run."""
    day = run_day(run_id)
    start = datetime(int(day[0]), int(day[1]), int(day[2]), tzinfo=UTC) if day else otherwise
    return epoch(start + timedelta(days=days + 1))


def run_start(run_id: str) -> datetime:
    """When a run of which only counts are stored began, from its id; 1970 for an id without a time."""
    try:
        return datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return False
    return True
