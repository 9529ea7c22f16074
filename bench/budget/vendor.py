"""A vendor that limits calls, in virtual time, and refuses what is too much.

It counts in each way that a vendor may: in any minute, hour and day, looking back, and besides in those of
its own clock, which runs in another time zone.
"""

from collections import Counter, deque
from dataclasses import dataclass, field

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
ZONE = 7 * HOUR + 12_345


@dataclass
class Vendor:
    """Times are milliseconds. `limits`: length of a span -> calls that it may hold."""

    limits: dict[int, int]
    calls: int = 0
    refused: int = 0
    first: int = 0
    last: int = 0
    _back: dict[int, deque[int]] = field(default_factory=dict)
    _own: Counter[tuple[int, int]] = field(default_factory=Counter)

    def call(self, at: int) -> bool:
        """Whether it was taken; one that is refused counts as well."""
        self.first, self.last = self.first or at, at
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
        if len(self._own) > 100:
            self._own = Counter(
                {own: count for own, count in self._own.items() if own[1] >= (at + ZONE) // own[0]}
            )
        self.refused += not taken
        return taken

    def share(self) -> float:
        """Of the permitted calls: the shortest time in which these could have been made, by that which
        passed."""
        return _shortest(sorted(self.limits.items()), self.calls) / (self.last - self.first)


def _shortest(limits: list[tuple[int, int]], calls: int) -> int:
    *shorter, (span, most) = limits
    whole, rest = divmod(calls - 1, most)
    if not shorter:
        return whole * span
    return max(whole * span + _shortest(shorter, rest + 1), _shortest(shorter, calls))
