"""How many calls a vendor may be sent, and when the next one may go.

A budget holds in *any* sixty seconds and in *any* twenty-four hours, so it holds however the vendor counts:
by the clock, in whichever time zone, or looking back. Nothing here reads a clock or a row: times are whole
milliseconds since 1970, and a `Window` is all that is known of the calls made and permitted so far.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from shared.domain.record import record

SPARE = 300
"""A call may be counted by the vendor so much later than it was sent."""
MINUTE = 60_000 + SPARE
SLOT = 900_000
DAY = 86_400_000
LATE = 400
"""How long a permit that was waited for stays good. What a slow worker misses is given to the next."""
HELD = 5_000
"""How long permits stay good that nobody has to wait for."""
AHEAD = 180_000
"""No permit is given for later than that."""
IN_LINE = 4
"""How many permits are given at once where others wait too, at the most..."""
SHARED = 15
"""...and no more than this part of a minute's, so that nobody waits for minutes."""
ENOUGH = 50
"""A day that was used up goes on once a fiftieth of its calls is free, not with each single one."""

Permit = tuple[int, int]
"""A call may be sent from the one time to the other."""


@record
class Budget:
    """None: no limit of that kind."""

    per_minute: int | None = None
    daily_calls: int | None = None


def budget_of(options: Mapping[str, str]) -> Budget:
    """What the settings of a connection allow."""
    allowed = {name: int(options[name]) for name in ("per_minute", "daily_calls") if options.get(name)}
    return Budget(allowed.get("per_minute"), allowed.get("daily_calls"))


@record
class Window:
    """`spans`: those of the last minute, where minutes are limited: a permit not yet used as its whole span,
    a call made as (then, then). `slots`: quarters of an hour since 1970 -> calls."""

    spans: tuple[Permit, ...] = ()
    slots: Mapping[int, int] = field(default_factory=dict)


@record
class Answer:
    """Permits, in their order; or none, and from when on there may be some, and whether it is the day that is
    used up."""

    window: Window
    permits: tuple[Permit, ...] = ()
    at: int = 0
    of_day: bool = False


def ask(window: Window, budget: Budget, now: int, wanted: int, pace: int, patience: int) -> Answer:
    """Up to `wanted` permits. Where calls have to wait for each other they are `pace` apart, as fast as this
    worker can use them, and begin within `patience`."""
    window = forgotten(window, now)
    left = left_of_day(window, budget, now)
    if left <= 0:
        return Answer(window, at=_day_again(window, budget, now), of_day=True)
    wanted = min(wanted, left)
    if budget.per_minute is None:
        return _given(window, ((now, now + HELD),) * wanted, spans=False)
    while wanted > 1 and not _fit_at_once(window.spans, budget.per_minute, now, wanted):
        wanted = wanted // 2
    if _fit_at_once(window.spans, budget.per_minute, now, wanted):
        return _given(window, ((now, now + HELD),) * wanted)
    wanted = min(left, IN_LINE, max(1, budget.per_minute // SHARED))
    return _in_line(window, budget.per_minute, now, pace, wanted, patience)


def settled(window: Window, permits: Sequence[tuple[Permit, int | None]]) -> Window:
    """The same with what became of the permits: when each was used; None for one that was not."""
    spans, slots = [*window.spans], dict(window.slots)
    for permit, used in permits:
        if permit in spans:
            spans.remove(permit)
            spans += [(used, used)] if used is not None else []
        slot = permit[1] // SLOT
        if used is None and slots.get(slot):
            slots[slot] -= 1
    return Window(tuple(spans), {slot: count for slot, count in slots.items() if count})


def forgotten(window: Window, now: int) -> Window:
    """Without what no limit counts any more, and without what a clock wrote that was ahead of this one."""
    return Window(
        tuple(span for span in window.spans if now - MINUTE < span[1] and span[0] <= now + AHEAD),
        {
            slot: count
            for slot, count in window.slots.items()
            if _over(slot) > now and slot <= (now + AHEAD) // SLOT
        },
    )


def left_of_day(window: Window, budget: Budget, now: int) -> int:
    """How many more calls the last twenty-four hours have room for; a large number without a limit."""
    if budget.daily_calls is None:
        return 1_000_000_000
    return budget.daily_calls - sum(count for slot, count in window.slots.items() if _over(slot) > now)


def earliest(spans: Iterable[Permit], start: int, length: int, most: int) -> int:
    """When, not before `start`, one more permit of that length may begin: no sixty seconds that touch it may
    hold `most` others."""
    spans = [*spans]
    begins, ends = sorted(one for one, _ in spans), sorted(one for _, one in spans)
    begin = start
    while (crowded := _crowded(begins, ends, begin, begin + length, most)) is not None:
        begin = ends[bisect_right(ends, crowded - MINUTE)] + MINUTE  # the first of them is over
    return begin


def _crowded(begins: Sequence[int], ends: Sequence[int], begin: int, end: int, most: int) -> int | None:
    """A minute's end at which `most` calls stand already, of the minutes that this permit would be in."""
    later = begins[bisect_right(begins, begin) : bisect_right(begins, end + MINUTE)]
    for at in (begin, *later):
        if bisect_right(begins, at) - bisect_right(ends, at - MINUTE) >= most:
            return at
    return None


def _fit_at_once(spans: Sequence[Permit], most: int, now: int, wanted: int) -> bool:
    """The last of them is the only one that can fail, for each one more leaves less room."""
    those = [*spans, *((now, now + HELD),) * (wanted - 1)]
    return earliest(those, now, HELD, most) == now


def _in_line(window: Window, most: int, now: int, pace: int, wanted: int, patience: int) -> Answer:
    spans, permits, begin = [*window.spans], list[Permit](), now
    for _ in range(wanted):
        begin = earliest(spans, begin, LATE, most)
        if begin > now + patience:
            break
        permits.append((begin, begin + LATE))
        spans.append(permits[-1])
        begin += pace
    return _given(window, tuple(permits)) if permits else Answer(window, at=begin)


def _given(window: Window, permits: tuple[Permit, ...], *, spans: bool = True) -> Answer:
    kept = (*window.spans, *permits) if spans else ()
    slots = dict(window.slots)
    for _, until in permits:
        slots[until // SLOT] = slots.get(until // SLOT, 0) + 1
    return Answer(Window(kept, slots), permits)


def _over(slot: int) -> int:
    """From then on none of the slot's calls is in the last twenty-four hours."""
    return (slot + 1) * SLOT + DAY + SPARE


def _day_again(window: Window, budget: Budget, now: int) -> int:
    free = left_of_day(window, budget, now)
    for slot in sorted(window.slots):
        free += window.slots[slot]
        if free >= max(1, (budget.daily_calls or 0) // ENOUGH):
            return _over(slot)
    return now + DAY
