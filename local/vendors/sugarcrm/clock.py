"""The server's clock, which a test can shift or stop, so that many rows share one second or a session
expires."""

from datetime import UTC, datetime, timedelta

STORED = "%Y-%m-%d %H:%M:%S"


class ServerClock:
    def __init__(self) -> None:
        self._shift = timedelta()
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        return (self._frozen or datetime.now(UTC)) + self._shift

    def stored(self) -> str:
        """Now, as the database keeps times: UTC, whole seconds."""
        return self.now().strftime(STORED)

    def shift(self, seconds: float) -> None:
        """Moves forward by `seconds`, even while stopped."""
        self._shift += timedelta(seconds=seconds)

    def freeze(self, at: datetime | None = None) -> None:
        """Stops at `at`, or at the present time. Raises ValueError for a time without a zone."""
        if at is not None and at.tzinfo is None:
            raise ValueError(f"The time {at.isoformat()} needs a zone, such as +00:00.")
        self._frozen, self._shift = at or self.now(), timedelta()

    def run(self) -> None:
        """Back to the real time."""
        self._frozen, self._shift = None, timedelta()
