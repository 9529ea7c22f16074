"""Notices when the machine's own clock was put forward or back, by comparing it with the time since the
machine started. That counts sleep too, so that a laptop that was closed has not jumped."""

import time
from collections.abc import Callable

LEAST_SECONDS = 5.0
"""Less is the ordinary correction of a clock."""


def since_boot() -> float:
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Jumps:
    """`wall` and `steady` give seconds."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = since_boot
    ) -> None:
        self._wall, self._steady = wall, steady
        self._apart = wall() - steady()

    def seconds(self) -> float:
        """By how much the clock was put forward (or, below 0, back) since the last call; 0 if it was not."""
        now = self._wall() - self._steady()
        jumped = now - self._apart
        if abs(jumped) < LEAST_SECONDS:
            return 0.0
        self._apart = now
        return jumped
