"""When a killed worker's messages come back, and what a jump of the machine's clock does to them."""

import pytest

from local.stack import jumps, redelivery

NOW = 1_000_000.0
Message = redelivery.Message


def message(visible_at: float, receives: int = 0) -> Message:
    return {"visible_at": visible_at, "receive_count": receives}


@pytest.mark.parametrize(("receives", "seconds"), [(0, 5), (1, 5), (2, 30), (3, 180), (4, 900), (40, 900)])
def test_f18_each_try_waits_longer_and_none_longer_than_a_quarter_of_an_hour(
    receives: int, seconds: float
) -> None:
    left = message(NOW + 1080, receives)
    redelivery.come_back([left], NOW)
    assert left["visible_at"] == NOW + seconds


def test_what_comes_back_sooner_by_itself_is_left_alone() -> None:
    left = message(NOW + 2, 3)
    redelivery.come_back([left], NOW)
    assert left["visible_at"] == NOW + 2


def test_at_a_start_nothing_is_in_hand_and_no_delay_is_longer_than_sqs_knows() -> None:
    in_hand, delayed, soon, ahead = (
        message(NOW + 1080, 1),
        message(NOW + 600),
        message(NOW - 5),
        message(NOW + 3_600),
    )
    redelivery.put_back([in_hand, delayed, soon, ahead], NOW)
    assert [one["visible_at"] - NOW for one in (in_hand, delayed, soon, ahead)] == [0, 600, -5, 900]


@pytest.mark.parametrize("jump", [3_600.0, -3_600.0])
def test_a_jump_leaves_the_rest_of_every_delay_as_it_was(jump: float) -> None:
    delayed, visible = message(NOW + 60), message(NOW - 60, 1)
    redelivery.shift([delayed, visible], jump)
    assert (delayed["visible_at"] - (NOW + jump), visible["visible_at"] - (NOW + jump)) == (60, -60)


class Clocks:
    def __init__(self) -> None:
        self.wall, self.steady = NOW, 50.0

    def later(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.mark.parametrize("by", [3_600.0, -3_600.0, 5.0, -86_400.0])
def test_f26_a_clock_put_forward_or_back_is_noticed_once(by: float) -> None:
    clocks = Clocks()
    noticed = jumps.Jumps(lambda: clocks.wall, lambda: clocks.steady)
    clocks.later(3)
    assert noticed.seconds() == 0
    clocks.wall += by
    assert (noticed.seconds(), noticed.seconds()) == (by, 0)
    clocks.wall -= by
    assert noticed.seconds() == -by


def test_time_that_passes_and_small_corrections_are_no_jump() -> None:
    clocks = Clocks()
    noticed = jumps.Jumps(lambda: clocks.wall, lambda: clocks.steady)
    for _ in range(3):
        clocks.later(86_400)
        clocks.wall += 1
        assert noticed.seconds() == 0


def test_the_steady_clock_goes_forward() -> None:
    assert jumps.since_boot() <= jumps.since_boot()
