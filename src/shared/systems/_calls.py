"""Counts the calls to one vendor and, where the settings limit them, lets each go only when there is room.

A limit is shared by all functions of a connection. Each takes a few permits at once from the connection's
row, before it calls, so that a worker that dies has called less than the row says, never more. A short wait
is spent in place; a longer one is a rate limit like the vendor's own, only that nothing was sent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from math import ceil

from shared.domain.call_budget import LATE, Answer, Budget, Permit, ask, settled
from shared.domain.outcomes.unfinished import calls_of_day_spent, calls_of_minute_spent
from shared.domain.titles import title
from shared.errors import NoTurn, RateLimited, Unavailable
from shared.ports import CallCounts, Clock

PATIENCE = 120_000
"""Milliseconds that a call waits in place for its turn. A minute has room again all the time, a call after
the other, so closing the connection for everybody would leave much of it unused."""
SPARED = 30.0
"""Seconds of the invocation that waiting leaves for the work itself."""
MOST_AT_ONCE = 8
TRIES = 20
_SLOWEST = 10_000


class CallMeter:
    """`count` is told of each call. One per connection and invocation."""

    def __init__(
        self,
        system: str,
        budget: Budget,
        calls: CallCounts,
        clock: Clock,
        seconds_left: Callable[[], float],
        count: Callable[[str], None],
    ) -> None:
        self._system, self._budget, self._calls, self._clock = system, budget, calls, clock
        self._seconds_left, self._count = seconds_left, count
        self._limited = budget != Budget()
        self._held: list[Permit] = []
        self._done: list[tuple[Permit, int | None]] = []
        self._wanted, self._pace, self._last = 1, 1_000, 0
        self._none: tuple[int, Exception] | None = None

    def __call__(self) -> None:
        """Before each call. Raises RateLimited while the connection's calls are used up; NoTurn where only
        this invocation has no time to wait for the next; Unavailable where the row cannot be had."""
        if self._limited:
            self._await_permit()
        self._count(self._system)

    def close(self) -> None:
        """Gives back what was not used. What cannot be given back counts as called."""
        self._done += [(permit, None) for permit in self._held]
        self._held = []
        with suppress(Exception):
            if any(used is None for _, used in self._done):
                self._give_back()
        self._done = []

    def _give_back(self) -> None:
        for _ in range(TRIES):
            window, version = self._calls.window(self._system)
            if self._calls.save_window(self._system, settled(window, self._done), version):
                return

    def _await_permit(self) -> None:
        if self._none is not None and self._now() < self._none[0]:
            raise self._none[1]
        if self._last:
            self._pace = self._paced(self._now() - self._last)
        while True:
            permit = self._next()
            if permit is None:
                self._ask()
                continue
            wait = permit[0] - self._now()
            if wait > 0:
                self._clock.sleep(wait / 1000)
            now = self._now()
            if now > permit[1]:  # slept for too long
                self._done.append((permit, None))
                continue
            self._done.append((permit, now))
            self._last = now
            return

    def _next(self) -> Permit | None:
        now = self._now()
        while self._held:
            permit = self._held.pop(0)
            if now <= permit[1]:
                return permit
            self._done.append((permit, None))
        return None

    def _ask(self) -> None:
        """Fills `_held`, or raises what keeps it empty."""
        for _ in range(TRIES):
            window, version = self._calls.window(self._system)
            window, now = settled(window, self._done), self._now()
            patience = min(PATIENCE, round((self._seconds_left() - SPARED) * 1000))
            answer = ask(window, self._budget, now, self._wanted, self._pace, patience)
            if not answer.permits:
                self._refuse(answer, now, patience)
            if self._calls.save_window(self._system, answer.window, version):
                self._held, self._done = [*answer.permits], []
                self._wanted = min(MOST_AT_ONCE, self._wanted * 2)
                return
        raise Unavailable(f"too many functions are asking for calls to {title(self._system)} at once", 20)

    def _refuse(self, answer: Answer, now: int, patience: int) -> None:
        after = max(1, ceil((answer.at - now) / 1000))
        until = datetime.fromtimestamp(answer.at / 1000, UTC)
        if answer.of_day:
            said = calls_of_day_spent(self._system, self._budget.daily_calls or 0, until)
        else:
            said = calls_of_minute_spent(self._system, self._budget.per_minute or 0)
        short = not answer.of_day and patience < PATIENCE
        fault: Exception = (NoTurn if short else RateLimited)(said, after, self._system)
        self._none = (answer.at, fault)
        raise fault

    def _paced(self, took: int) -> int:
        """How long this worker takes from call to call, and half of it more, so that its turn finds it
        ready."""
        return max(LATE, (2 * self._pace + 3 * min(_SLOWEST, took)) // 4)

    def _now(self) -> int:
        return round(self._clock.now().timestamp() * 1000)


class CallTally:
    """Calls of one integration that are not stored yet. They are added once, at the end of the batch; or of
    everything that happens inside `together`."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._together = 0

    def count(self, system: str, now: datetime) -> None:
        key = now.astimezone(UTC).date().isoformat(), system
        self._counts[key] = self._counts.get(key, 0) + 1

    @contextmanager
    def together(self, calls: CallCounts) -> Iterator[None]:
        self._together += 1
        try:
            yield
        finally:
            self._together -= 1
            self.keep(calls)

    def keep(self, calls: CallCounts) -> None:
        """1 request where any call was made. A count is told and decides nothing: what cannot be stored now
        is kept for the next time, and stops nobody."""
        if self._together:
            return
        with suppress(Exception):  # nor who only looks, and has no right to write
            for day in sorted({day for day, _ in self._counts}):
                added = {system: count for (of, system), count in self._counts.items() if of == day}
                calls.add(day, added)
                self._counts = {key: count for key, count in self._counts.items() if key[0] != day}
