"""What is counted of the calls to a vendor, and how a limit from the settings is kept by several workers."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from shared.domain.call_budget import Budget, Window, budget_of
from shared.domain.spans import LONGEST_WAIT
from shared.errors import NoTurn, RateLimited, SyncError
from shared.ports import CallCounts
from shared.stores.memory import MemoryWorld
from shared.systems._calls import CallMeter, CallTally
from shared.systems._http import HttpClient

START = datetime(2026, 11, 30, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


class Worker:
    """One invocation of a function: each call takes a tenth of a second."""

    def __init__(self, clock: Clock, calls: CallCounts, budget: Budget, left: float = 170.0) -> None:
        self.clock, self.tally, self.made = clock, CallTally(), list[datetime]()
        until = clock.time + timedelta(seconds=left)
        self.meter = CallMeter(
            "sage_50",
            budget,
            calls,
            clock,
            lambda: (until - clock.time).total_seconds(),
            lambda system: self.tally.count(system, clock.time),
        )

    def call(self, times: int = 1) -> None:
        for _ in range(times):
            self.meter()
            self.made.append(self.clock.time)
            self.clock.time += timedelta(seconds=0.1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def calls(clock: Clock) -> CallCounts:
    return MemoryWorld(clock.now).stores("main").calls


def test_without_a_limit_calls_are_counted_and_nothing_is_asked(clock: Clock, calls: CallCounts) -> None:
    worker = Worker(clock, calls, Budget())
    worker.call(3)
    assert calls.of("2026-11-30") == {}
    worker.tally.keep(calls)
    worker.tally.keep(calls)
    assert calls.of("2026-11-30") == {"sage_50": 3}
    assert calls.window("sage_50") == (Window(), 0)


def test_calls_of_a_tick_are_added_once_and_by_their_own_day(clock: Clock, calls: CallCounts) -> None:
    tally = CallTally()
    with tally.together(calls):
        tally.count("sage_50", START)
        tally.keep(calls)
        assert calls.of("2026-11-30") == {}
        tally.count("sugarcrm", START + timedelta(days=1))
    assert calls.of("2026-11-30") == {"sage_50": 1}
    assert calls.of("2026-12-01") == {"sugarcrm": 1}


def test_a_count_that_cannot_be_stored_stops_nobody(clock: Clock, calls: CallCounts) -> None:
    class Down:
        def add(self, day: str, counts: object) -> None:
            raise PermissionError("who only looks may not write")

    tally = CallTally()
    tally.count("sage_50", START)
    tally.keep(Down())  # type: ignore[arg-type]
    tally.keep(calls)
    assert calls.of("2026-11-30") == {"sage_50": 1}


def test_a_short_wait_is_spent_in_place(clock: Clock, calls: CallCounts) -> None:
    worker = Worker(clock, calls, Budget(per_minute=10))
    clock.time -= timedelta(seconds=50)
    worker.call(10)
    clock.time = START
    worker.call(3)
    worst = max(sum(one - timedelta(minutes=1) < at <= one for at in worker.made) for one in worker.made)
    assert (len(worker.made), worst) == (13, 10)
    assert sum(clock.slept) < 15


def test_a_turn_that_is_far_away_closes_the_connection_until_then(clock: Clock, calls: CallCounts) -> None:
    now = round(clock.time.timestamp() * 1000)
    ahead = [now + 61_000 * turn for turn in range(3)]
    calls.save_window("sage_50", Window(tuple((at, at) for at in ahead)), 0)
    worker = Worker(clock, calls, Budget(per_minute=1), left=800)
    said = r"than the 1 a minute that the settings allow \(per_minute\)"
    with pytest.raises(RateLimited, match=said) as met:
        worker.call()
    assert met.value.after is not None and 180 < met.value.after < 184
    with pytest.raises(RateLimited):
        worker.call()
    clock.time += timedelta(seconds=met.value.after)
    worker.call()
    assert len(worker.made) == 1


def test_who_has_no_time_left_to_wait_leaves_the_connection_open(clock: Clock, calls: CallCounts) -> None:
    Worker(clock, calls, Budget(per_minute=10)).call(10)
    late = Worker(clock, calls, Budget(per_minute=10), left=40)
    with pytest.raises(NoTurn):
        late.call()


def test_a_day_that_is_used_up_says_until_when(clock: Clock, calls: CallCounts) -> None:
    worker = Worker(clock, calls, Budget(daily_calls=20))
    with pytest.raises(RateLimited) as met:
        worker.call(21)
    assert len(worker.made) == 20
    assert str(met.value).startswith("the 20 calls in 24 hours that the settings allow to ")
    assert "(daily_calls) are used up until 2026-12-01 09:15 UTC; nothing is lost" in str(met.value)
    assert met.value.after is not None and timedelta(seconds=met.value.after) < LONGEST_WAIT
    clock.time += timedelta(days=1, minutes=16)
    Worker(clock, calls, Budget(daily_calls=20)).call(20)


def test_what_a_worker_leaves_is_the_next_ones(clock: Clock, calls: CallCounts) -> None:
    for _ in range(4):
        worker = Worker(clock, calls, Budget(daily_calls=20))
        worker.call(5)
        worker.meter.close()
    with pytest.raises(RateLimited):
        Worker(clock, calls, Budget(daily_calls=20)).call()


def test_a_worker_that_dies_has_called_less_than_the_row_says(clock: Clock, calls: CallCounts) -> None:
    Worker(clock, calls, Budget(daily_calls=20)).call(5)
    left = Worker(clock, calls, Budget(daily_calls=20))
    with pytest.raises(RateLimited):
        left.call(20)
    assert len(left.made) == 20 - 7, "it had taken 1, 2 and 4"


def test_a_call_that_is_not_permitted_is_not_sent(clock: Clock, calls: CallCounts) -> None:
    sent: list[httpx.Request] = []
    worker = Worker(clock, calls, Budget(daily_calls=2))

    class Nowhere:
        def exchange(self, line: object) -> None: ...

    client = HttpClient(
        "sage_50",
        "https://sage.example.test",
        recorder=Nowhere(),
        allow=lambda url: None,
        seconds_left=lambda: 60.0,
        transport=httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(200)),  # type: ignore[func-returns-value]
        permit=worker.meter,
    )
    client.send("GET", "/a")
    client.send("POST", "/b", writes=True)
    with pytest.raises(SyncError):
        client.send("POST", "/c", writes=True)
    assert len(sent) == 2


def test_the_settings_say_what_is_allowed() -> None:
    assert budget_of({}) == Budget()
    assert budget_of({"per_minute": "60", "daily_calls": "2500"}) == Budget(60, 2500)
    assert budget_of({"daily_calls": "2500"}) == Budget(None, 2500)
