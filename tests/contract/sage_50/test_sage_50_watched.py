"""Many orders are looked over in one search, and a create is not sent late."""

from decimal import Decimal

import pytest

from shared.errors import Busy
from tests.contract.sage_50.world import ORDER, Bench, order


def made(bench: Bench, count: int) -> list[str]:
    sage = bench.sage()
    return [sage.create(ORDER, order(), f"KEY{number}").id for number in range(count)]


def test_neighbours_are_looked_over_in_one_search(bench: Bench) -> None:
    ids = made(bench, 6)
    bench.admin.delete(f"/orders/{ids[2]}")
    bench.calls()
    found = bench.sage().look_over(ORDER, [ids[0], ids[2], ids[5]])
    assert set(found) == {ids[0], ids[5]}
    assert found[ids[0]].values["customerOrderNumber"] == "KEY0"
    assert isinstance(found[ids[0]].values["itemsNet"], Decimal)
    assert str(found[ids[0]].values["dispatchStatus"]) == "0"
    assert bench.calls() == {"POST searchsalesorder": 1}


def test_numbers_far_apart_are_asked_for_by_name(bench: Bench) -> None:
    ids = made(bench, 2)
    bench.calls()
    found = bench.sage().look_over(ORDER, [ids[0], ids[1], "900000"])
    assert set(found) == set(ids)
    assert bench.calls() == {"POST searchsalesorder": 2}


def test_a_create_that_stays_busy_is_given_up_before_it_is_late(bench: Bench) -> None:
    """What the order is made of would be too old by then: it is read again first."""
    sage = bench.sage()
    assert sage.reserve(ORDER, 2) is False
    bench.fault("busy", times=-1)
    with pytest.raises(Busy):
        sage.create(ORDER, order(), "KEY")
    assert max(bench.clock.slept) <= 2 and len(bench.clock.slept) < 5
    assert bench.orders() == []
