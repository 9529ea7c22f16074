"""Flood control of the cloud: calls of the whole instance by minute, hour and day, reported in the headers of
every answer."""

from collections.abc import Iterator

from local.vendors.vtiger.server import VtigerServer

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Flood:
    def __init__(self, server: VtigerServer) -> None:
        self.server = server
        self._used: dict[int, tuple[int, int]] = {}

    def clear(self) -> None:
        self._used.clear()

    def enter(self) -> bool:
        """Counts one call; False when one of the limits was used up before it."""
        allowed = all(not limit or self._count(span) < limit for span, limit in self._limits())
        if allowed:
            for span, _ in self._limits():
                self._used[span] = (self._window(span), self._count(span) + 1)
        return allowed

    def headers(self) -> dict[str, str]:
        options = self.server.options
        result: dict[str, str] = {}
        for span, limit, start, name in (
            (_MINUTE, options.minute_limit, "X-FloodControl", "MinuteLimit"),
            (_DAY, options.daily_limit, "X-RateLimit", "DailyLimit"),
        ):
            if limit:
                result |= {
                    f"{start}-{name}": str(limit),
                    f"{start}-Remaining": str(max(0, limit - self._count(span))),
                    f"{start}-Reset": str((self._window(span) + 1) * span),
                }
        return result

    def _limits(self) -> Iterator[tuple[int, int]]:
        options = self.server.options
        yield from ((_MINUTE, options.minute_limit), (_HOUR, options.hour_limit), (_DAY, options.daily_limit))

    def _window(self, span: int) -> int:
        return self.server.clock.seconds() // span

    def _count(self, span: int) -> int:
        window, count = self._used.get(span, (0, 0))
        return count if window == self._window(span) else 0
