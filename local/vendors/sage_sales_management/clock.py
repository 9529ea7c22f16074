"""The tenant's clock in UTC, to the millisecond. A test can shift or stop it."""

from datetime import UTC, datetime, timedelta


class ServerClock:
    def __init__(self) -> None:
        self.shift = timedelta()
        self.frozen: datetime | None = None

    def reset(self) -> None:
        self.shift, self.frozen = timedelta(), None

    def now(self) -> datetime:
        at = self.frozen or datetime.now(UTC) + self.shift
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    def freeze(self, at: str | None) -> None:
        """Stops at an ISO time (UTC when it names no zone); None lets the clock run again."""
        moment = datetime.fromisoformat(at) if at else None
        self.frozen = moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
