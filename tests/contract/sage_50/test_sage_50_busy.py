"""One call of a resource at a time, and a ledger that is locked."""

import threading

import pytest

from shared.errors import (
    BadCredentials,
    Busy,
    LaneTaken,
    Unavailable,
)
from shared.ports import Patch
from tests.contract.sage_50.world import (
    CUSTOMER,
    FULL_ORDER,
    ORDER,
    Bench,
    order,
)
from tests.contract.system_bench import wait_until


def test_busy_is_asked_again_in_place_and_then_succeeds(bench: Bench) -> None:
    bench.fault("busy", times=3)
    assert bench.sage().create(ORDER, order(), "KEY").id == "1001"
    assert len(bench.orders()) == 1
    assert [0.5 * 2**n <= 2 * slept <= 1.5 * 2**n for n, slept in enumerate(bench.clock.slept)] == [True] * 3


def test_busy_for_ever_gives_up(bench: Bench) -> None:
    bench.fault("busy", times=-1)
    with pytest.raises(Busy, match="already running"):
        bench.sage().create(ORDER, order(), "KEY")
    assert len(bench.clock.slept) == 5
    assert bench.orders() == []


def test_busy_does_not_wait_beyond_the_deadline(bench: Bench) -> None:
    bench.fault("busy", times=-1)
    bench.clock.left = 6.0
    with pytest.raises(Busy):
        bench.sage().create(ORDER, order(), "KEY")
    assert bench.clock.left >= 5 and len(bench.clock.slept) < 5, (
        "slept into the time that the next call needs"
    )


def test_two_calls_of_one_resource_collide_for_real(bench: Bench) -> None:
    bench.fault("slow", path="earchSalesLedger", after=1.5)
    bench.calls()
    one, two = bench.sage(), bench.sage()
    other = threading.Thread(target=one.find, args=(CUSTOMER, "accountRef", ["EXA001"]))
    other.start()
    wait_until(lambda: bool(bench.admin.get("/calls").json()))
    assert two.find(ORDER, "orderNumber", ["1"]) == {"1": []}
    with pytest.raises(Busy):
        two.find(CUSTOMER, "accountRef", ["EXA001"])
    other.join()


@pytest.mark.parametrize("new_response", [True, False])
def test_exclusive_mode_is_unavailable_for_a_good_while(bench: Bench, new_response: bool) -> None:
    bench.post("/options", {"exclusive": True, "new_response": new_response})
    with pytest.raises(Unavailable, match="exclusive") as caught:
        bench.sage().create(ORDER, order(), "KEY")
    assert caught.value.after is not None and caught.value.after >= 600


def test_a_blank_token_is_refused_before_any_call(bench: Bench) -> None:
    bench.calls()
    with pytest.raises(BadCredentials, match="tieout connect sage_50"):
        bench.sage(token=" ")
    assert bench.calls() == {}


def test_lane_taken_passes_through_before_anything_is_sent(bench: Bench) -> None:
    def taken(resource: str) -> None:
        raise LaneTaken(f"lane {resource}")

    bench.calls()
    sage = bench.sage(lanes=taken)
    with pytest.raises(LaneTaken, match="lane salesorder"):
        sage.create(ORDER, order(), "KEY")
    with pytest.raises(LaneTaken, match="lane searchsalesledger"):
        sage.read(CUSTOMER, ["EXA001"])
    assert [type(one) for one in sage.update(CUSTOMER, [Patch("EXA001", {"name": "N"}), Patch("B", {})])] == [
        LaneTaken
    ] * 2
    assert bench.calls() == {}


def test_every_request_asks_for_its_lane(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(ORDER, order(), "KEY")
    sage.read(FULL_ORDER, ["1001"])
    sage.table("tax_codes")
    assert bench.lanes == ["salesorder", "searchsalesorder", "searchsalesorder", "salesorder", "taxcode"]


def test_a_lock_is_never_gone(bench: Bench) -> None:
    bench.fault("exclusive", path="customer/")
    with pytest.raises(Unavailable):
        bench.sage().read(CUSTOMER, ["NEVER1"])
