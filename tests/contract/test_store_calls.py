"""The promises of CallCounts, for both implementations."""

from shared.domain.call_budget import Window
from shared.ports import Stores

TODAY, TOMORROW = "2026-11-22", "2026-11-23"


class TestCallCounts:
    """One suite, every implementation."""

    def test_calls_add_up_by_day_and_system(self, stores: Stores) -> None:
        assert stores.calls.of(TODAY) == {}
        stores.calls.add(TODAY, {"sugarcrm": 2, "sage_50": 5})
        stores.calls.add(TODAY, {"sage_50": 1})
        stores.calls.add(TOMORROW, {"sage_50": 9})
        assert stores.calls.of(TODAY) == {"sugarcrm": 2, "sage_50": 6}
        assert stores.calls.of(TOMORROW) == {"sage_50": 9}

    def test_a_window_comes_back_exactly(self, stores: Stores) -> None:
        assert stores.calls.window("sage_50") == (Window(), 0)
        window = Window(
            ((1_795_000_000_000, 1_795_000_000_000), (1_795_000_000_620, 1_795_000_001_020)), {7: 3}
        )
        assert stores.calls.save_window("sage_50", window, 0)
        assert stores.calls.window("sage_50") == (window, 1)
        assert stores.calls.window("sugarcrm") == (Window(), 0)
        assert stores.calls.save_window("sage_50", Window((), {1_994_444: 2_500, 1_994_440: 1}), 1)
        assert stores.calls.window("sage_50")[0].slots == {1_994_440: 1, 1_994_444: 2_500}

    def test_of_two_that_read_the_same_only_one_writes(self, stores: Stores) -> None:
        assert stores.calls.save_window("sage_50", Window((), {1: 1}), 0)
        assert not stores.calls.save_window("sage_50", Window((), {1: 9}), 0)
        assert stores.calls.save_window("sage_50", Window((), {1: 2}), 1)
        assert not stores.calls.save_window("sage_50", Window((), {1: 9}), 1)
        assert stores.calls.window("sage_50") == (Window((), {1: 2}), 2)

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.calls.add(TODAY, {"sage_50": 5})
        stores.calls.save_window("sage_50", Window((), {1: 1}), 0)
        assert others.calls.of(TODAY) == {}
        assert others.calls.window("sage_50") == (Window(), 0)
