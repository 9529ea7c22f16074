"""The server's clock in UTC. A test can shift or stop it, so that rows share a second or a session
expires."""

from datetime import UTC, datetime, timedelta

STORED = "%Y-%m-%d %H:%M:%S"


class ServerClock:
    def __init__(self) -> None:
        self.shift = timedelta()
        self.frozen: datetime | None = None

    def now(self) -> datetime:
        return self.frozen or datetime.now(UTC) + self.shift

    def stored(self) -> str:
        """Now, as the database keeps times: UTC, whole seconds, no zone mark."""
        return self.now().strftime(STORED)

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def reset(self) -> None:
        self.shift, self.frozen = timedelta(), None

    def freeze(self, at: str | None) -> None:
        """Stops at an ISO time (UTC when it names no zone); None lets the clock run again."""
        moment = datetime.fromisoformat(at) if at else None
        self.frozen = moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def stored_seconds(stored: str) -> int:
    """The Unix time of a stored time."""
    return int(datetime.strptime(stored, STORED).replace(tzinfo=UTC).timestamp())
