"""One caller at a time per vendor resource: leases are taken on first use and kept until the end of the
batch."""

import random
from datetime import datetime

from shared.domain.titles import title
from shared.errors import LaneTaken
from shared.ports import Clock, Lanes

PATIENCE_SECONDS = 20.0


class HeldLanes:
    """`take` waits a little for a lane that another function holds, then raises LaneTaken. Release at the
    end."""

    def __init__(self, lanes: Lanes, system: str, owner: str, until: datetime, clock: Clock) -> None:
        self._lanes, self._system, self._owner, self._until, self._clock = lanes, system, owner, until, clock
        self._held: set[str] = set()

    def take(self, resource: str) -> None:
        lane = f"{self._system}.{resource}"
        if lane in self._held:
            return
        patience = PATIENCE_SECONDS
        while not self._lanes.acquire(lane, self._owner, self._until, self._clock.now()):
            if patience <= 0:
                what = f"{resource} of {title(self._system)}"
                raise LaneTaken(f"another function is using {what}, which takes one call at a time")
            pause = random.uniform(0.5, 2.0)  # noqa: S311 - jitter, not a secret
            patience -= pause
            self._clock.sleep(pause)
        self._held.add(lane)

    def release(self) -> None:
        for lane in sorted(self._held):
            self._lanes.release(lane, self._owner)
        self._held.clear()
