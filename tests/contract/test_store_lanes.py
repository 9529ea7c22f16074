"""The promises of Lanes, for both implementations."""

from datetime import timedelta

from shared.ports import Stores
from tests.contract.stores_world import START

END = START + timedelta(seconds=30)


class TestLanes:
    """One suite, every implementation."""

    def test_one_caller_at_a_time(self, stores: Stores) -> None:
        assert stores.lanes.acquire("sage_50/salesorder", "a", END, START)
        assert not stores.lanes.acquire("sage_50/salesorder", "b", END, START)
        assert stores.lanes.acquire("sage_50/customer", "b", END, START)

    def test_its_owner_may_take_it_again_for_longer(self, stores: Stores) -> None:
        assert stores.lanes.acquire("lane", "a", END, START)
        assert stores.lanes.acquire("lane", "a", END + timedelta(seconds=30), START)
        assert not stores.lanes.acquire("lane", "b", END, END + timedelta(seconds=29))

    def test_it_ends_exactly_at_its_end(self, stores: Stores) -> None:
        assert stores.lanes.acquire("lane", "a", END, START)
        assert not stores.lanes.acquire("lane", "b", END, END - timedelta(microseconds=1))
        assert stores.lanes.acquire("lane", "b", END + timedelta(seconds=30), END)
        assert not stores.lanes.acquire("lane", "a", END, END)

    def test_f26_one_that_was_given_by_a_clock_an_hour_ahead_ends_within_the_longest_lease(
        self, stores: Stores
    ) -> None:
        ahead = START + timedelta(hours=1)
        assert stores.lanes.acquire("lane", "a", ahead + timedelta(minutes=3), ahead)
        assert not stores.lanes.acquire("lane", "b", END, START), "its owner may be at work still"
        later = START + timedelta(minutes=15)
        assert not stores.lanes.acquire("lane", "b", later, later - timedelta(seconds=1))
        assert stores.lanes.acquire("lane", "b", later + timedelta(minutes=3), later)

    def test_f26_so_does_the_lock_of_a_token(self, stores: Stores) -> None:
        ahead = START + timedelta(hours=1)
        assert stores.tokens.lock("sage_50", "a", ahead + timedelta(minutes=3), ahead)
        assert not stores.tokens.lock("sage_50", "b", END, START)
        later = START + timedelta(minutes=15)
        assert stores.tokens.lock("sage_50", "b", later + timedelta(minutes=3), later)

    def test_only_its_owner_releases_it(self, stores: Stores) -> None:
        assert stores.lanes.acquire("lane", "a", END, START)
        stores.lanes.release("lane", "b")
        assert not stores.lanes.acquire("lane", "b", END, START)
        stores.lanes.release("lane", "a")
        stores.lanes.release("lane", "a")
        assert stores.lanes.acquire("lane", "b", END, START)

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        assert stores.lanes.acquire("lane", "a", END, START)
        assert others.lanes.acquire("lane", "b", END, START)
