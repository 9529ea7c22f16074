"""A vendor that counts, in virtual time, and answers 429 to what is too much. It counts in each way that a
vendor may: in any sixty seconds, hour and day looking back, and besides by the minutes and days of its own
clock, which runs in another time zone."""

from collections import Counter, deque
from dataclasses import dataclass, field

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
ZONE = 7 * HOUR + 1_234


@dataclass
class Vendor:
    """Times are milliseconds. `limits`: length of a span -> calls that it may hold."""

    limits: dict[int, int]
    calls: int = 0
    refused: int = 0
    _back: dict[int, deque[int]] = field(default_factory=dict)
    _own: Counter[tuple[int, int]] = field(default_factory=Counter)

    def call(self, at: int) -> bool:
        """Whether it was taken; one that is refused counts as well."""
        self.calls += 1
        taken = True
        for span, most in self.limits.items():
            back = self._back.setdefault(span, deque())
            while back and back[0] <= at - span:
                back.popleft()
            back.append(at)
            own = span, (at + ZONE) // span
            self._own[own] += 1
            taken = taken and len(back) <= most and self._own[own] <= most
        if len(self._own) > 1_000:
            self._own = Counter(
                {own: count for own, count in self._own.items() if own[1] >= (at + ZONE) // own[0]}
            )
        self.refused += not taken
        return taken

    def permitted(self, passed: int) -> float:
        """How many calls so much time permits, at the most."""
        return min(passed / span * most for span, most in self.limits.items())
