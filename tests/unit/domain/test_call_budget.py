"""When the next call may go: no minute and no day, wherever it begins, holds more than is allowed."""

from bisect import bisect_right
from random import Random

import pytest

from shared.domain.call_budget import (
    DAY,
    HELD,
    IN_LINE,
    LATE,
    SLOT,
    SPARE,
    Budget,
    Permit,
    Window,
    ask,
    earliest,
    forgotten,
    left_of_day,
    settled,
)

NOW = 1_795_000_000_000
PATIENCE = 45_000


def test_a_quiet_connection_gets_what_it_asks_for_at_once() -> None:
    answer = ask(Window(), Budget(per_minute=60), NOW, 8, 1_000, PATIENCE)
    assert answer.permits == ((NOW, NOW + HELD),) * 8
    assert answer.window.spans == answer.permits


def test_what_is_left_of_a_minute_is_given_before_anybody_waits() -> None:
    full = Window(tuple((NOW - 100 * one, NOW - 100 * one) for one in range(57)))
    answer = ask(full, Budget(per_minute=60), NOW, 8, 1_000, PATIENCE)
    assert answer.permits == ((NOW, NOW + HELD),) * 2


def test_a_full_minute_is_waited_for_call_by_call() -> None:
    full = Window(tuple((NOW - 1_000 * one, NOW - 1_000 * one) for one in range(60)))
    answer = ask(full, Budget(per_minute=60), NOW, 8, 1_000, PATIENCE)
    assert len(answer.permits) == IN_LINE
    assert [begin - NOW for begin, _ in answer.permits] == [1_300, 2_300, 3_300, 4_300]
    assert answer.permits[0] == (NOW - 59_000 + 60_000 + SPARE, NOW - 59_000 + 60_000 + SPARE + LATE)


def test_nobody_waits_longer_than_his_patience() -> None:
    full = Window(((NOW - 2_000, NOW - 2_000),) * 5)
    answer = ask(full, Budget(per_minute=5), NOW, 8, 1_000, PATIENCE)
    assert not answer.permits
    assert not answer.of_day
    assert answer.at == NOW - 2_000 + 60_000 + SPARE


def test_a_day_that_is_used_up_goes_on_with_a_fiftieth_of_it() -> None:
    first = NOW // SLOT
    spent = Window((), {first: 10, first - 1: 30, first - 4: 1_960, first - 50: 500})
    thin = Window((), {first - one: 25 for one in range(96)} | {first: 125})
    assert (
        ask(spent, Budget(daily_calls=2_500), NOW, 8, 1_000, PATIENCE).at == (first - 49) * SLOT + DAY + SPARE
    )
    answer = ask(thin, Budget(daily_calls=2_500), NOW, 8, 1_000, PATIENCE)
    assert answer.of_day
    assert answer.at == (first - 93) * SLOT + DAY + SPARE, "the second quarter makes fifty"


def test_what_was_not_used_is_given_back() -> None:
    answer = ask(Window(), Budget(10, 100), NOW, 4, 1_000, PATIENCE)
    used = [(answer.permits[0], NOW + 40), *((permit, None) for permit in answer.permits[1:])]
    after = settled(answer.window, used)
    assert after.spans == ((NOW + 40, NOW + 40),)
    assert left_of_day(after, Budget(10, 100), NOW) == 99
    assert settled(after, used).spans == after.spans, "twice is once"


def test_only_the_day_counts_where_only_the_day_is_limited() -> None:
    answer = ask(Window(), Budget(daily_calls=5), NOW, 8, 1_000, PATIENCE)
    assert len(answer.permits) == 5
    assert answer.window.spans == ()
    assert ask(answer.window, Budget(daily_calls=5), NOW, 8, 1_000, PATIENCE).of_day


def test_what_a_clock_wrote_that_was_ahead_stops_nothing() -> None:
    ahead = Window(((NOW + DAY, NOW + DAY),) * 5, {(NOW + DAY) // SLOT: 5})
    assert forgotten(ahead, NOW) == Window()
    assert ask(ahead, Budget(5, 5), NOW, 1, 1_000, PATIENCE).permits


@pytest.mark.parametrize("seed", range(6))
def test_whoever_asks_and_however_late_no_minute_holds_more(seed: int) -> None:
    """Many workers; each uses its permits at any time within them, or not at all."""
    random, most = Random(seed), Random(seed).choice([1, 3, 10, 40])
    window, now, made = Window(), NOW, list[int]()
    pending: list[list[tuple[Permit, int | None]]] = []
    for _ in range(1_500):
        now += random.choice([0, 1, 50, 400, 1_000, 6_000])
        if pending and random.random() < 0.6:
            window = settled(window, pending.pop(random.randrange(len(pending))))
        budget = Budget(per_minute=most)
        answer = ask(window, budget, now, random.randint(1, 8), random.choice([400, 2_000]), PATIENCE)
        window = answer.window
        uses = [
            (permit, random.randint(*permit) if random.random() < 0.9 else None) for permit in answer.permits
        ]
        made += [used for _, used in uses if used is not None]
        pending += [uses] if uses else []
    made.sort()
    fullest = max(number + 1 - bisect_right(made, at - 60_000) for number, at in enumerate(made))
    assert fullest <= most
    assert fullest == most


def test_earliest_finds_a_gap_between_permits_of_others() -> None:
    spans = [(NOW, NOW), (NOW + 70_000, NOW + 70_000)]
    assert earliest(spans, NOW, 0, 1) == NOW + 130_000 + SPARE
    assert earliest([(NOW, NOW), (NOW + 130_000, NOW + 130_000)], NOW, 0, 1) == NOW + 60_000 + SPARE
