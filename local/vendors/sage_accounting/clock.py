"""The time of the emulated service: UTC in whole seconds, which a test may shift, or freeze for the records'
stamps."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tokens go by `running`, which is never frozen: a frozen day must not end a sign-in."""

    def __init__(self) -> None:
        self.shift = timedelta()
        self.frozen: datetime | None = None

    def running(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def now(self) -> datetime:
        return (self.frozen or self.running()).replace(microsecond=0)

    def stamp(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def freeze(self, moment: str | None) -> None:
        """An ISO moment, or None to let time run. Raises ValueError."""
        found = datetime.fromisoformat(moment) if moment else None
        self.frozen = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if found else None
