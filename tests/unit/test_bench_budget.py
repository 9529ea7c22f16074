"""The bench's vendor counts in every way, and refuses the first call too many."""

import pytest

from bench.budget.load import Load
from bench.budget.vendor import DAY, HOUR, MINUTE, ZONE, Vendor
from shared.domain import call_budget


def test_it_refuses_what_is_too_much_in_any_minute() -> None:
    vendor = Vendor({MINUTE: 2, DAY: 100})
    assert [vendor.call(at) for at in (0, 30_000, 59_999, 60_000)] == [True, True, False, False]
    assert (vendor.calls, vendor.refused) == (4, 2)


def test_it_counts_by_its_own_clock_too() -> None:
    vendor = Vendor({DAY: 2})
    midnight = next(at for at in range(0, DAY, 1_000) if vendor_day(at) != vendor_day(at + 1_000)) + 1_000
    assert [vendor.call(at) for at in (midnight, midnight + 5, midnight + DAY - HOUR)] == [True, True, False]


def vendor_day(at: int) -> int:
    return (at + ZONE) // DAY


def test_the_share_is_of_the_shortest_time() -> None:
    vendor = Vendor({MINUTE: 2})
    for at in (1, 2, MINUTE + 1, MINUTE + 2, 2 * MINUTE + 1):
        assert vendor.call(at)
    assert vendor.share() == 1


def test_a_small_load_uses_the_limit_and_is_never_refused() -> None:
    load = Load(400, Vendor({MINUTE: 60}), {"per_minute": "60"}, (0.2, 0.6))
    load.run()
    assert (load.vendor.refused, len(load.made)) == (0, 400)
    assert load.vendor.share() > 0.95


def test_one_who_forgets_too_early_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As who counts by the minutes of a clock would."""
    monkeypatch.setattr(call_budget, "MINUTE", 40_000)
    load = Load(200, Vendor({MINUTE: 60}), {"per_minute": "60"}, (0.2, 0.6))
    load.run()
    assert load.vendor.refused > 0


def test_without_a_limit_the_same_load_is_refused() -> None:
    load = Load(200, Vendor({MINUTE: 60}), {}, (0.2, 0.6))
    load.run()
    assert load.vendor.refused > 0
