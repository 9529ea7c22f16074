"""The promises of WaitStore, for both implementations."""

from shared.domain.link import Wait
from shared.ports import Stores
from tests.contract.stored import event


def wait(key: str, waiter: str = "opp-1", entity: str = "account") -> Wait:
    return Wait("sage_50", entity, key, event(waiter))


class TestWaitStore:
    """One suite, every implementation."""

    def test_waiters_of_a_key_come_back_whole(self, stores: Stores) -> None:
        stores.waits.add(wait("A1", "opp-1"))
        stores.waits.add(wait("A1", "opp-2"))
        stores.waits.add(wait("B2", "opp-3"))
        assert stores.waits.waiters("sage_50", "account", "A1") == [wait("A1", "opp-1"), wait("A1", "opp-2")]
        assert stores.waits.waiters("sage_50", "account", "C3") == []
        assert sorted(stores.waits.keys("sage_50", "account")) == ["A1", "B2"]
        assert stores.waits.keys("sage_50", "contact") == []

    def test_waiting_again_replaces_the_wait(self, stores: Stores) -> None:
        stores.waits.add(wait("A1"))
        stores.waits.add(Wait("sage_50", "account", "A1", event("opp-1", attempt=3)))
        (one,) = stores.waits.waiters("sage_50", "account", "A1")
        assert one.event.attempt == 3

    def test_keys_that_contain_one_another_stay_apart(self, stores: Stores) -> None:
        for key in ("A", "A#B", "A%23B", "A#", "", "é" * 300, "é" * 301):
            stores.waits.add(wait(key))
        for key in ("A", "A#B", "A%23B", "A#", "", "é" * 300, "é" * 301):
            assert stores.waits.waiters("sage_50", "account", key) == [wait(key)]
        assert len(stores.waits.keys("sage_50", "account")) == 7

    def test_removed_waits_are_gone_and_removing_again_is_no_error(self, stores: Stores) -> None:
        stores.waits.add(wait("A1", "opp-1"))
        stores.waits.add(wait("A1", "opp-2"))
        stores.waits.remove([wait("A1", "opp-1"), wait("A1", "opp-1")])
        stores.waits.remove([wait("A1", "opp-1")])
        assert stores.waits.waiters("sage_50", "account", "A1") == [wait("A1", "opp-2")]

    def test_all_waits_of_all_parents_are_listed(self, stores: Stores) -> None:
        waits = [
            wait(f"K{number:03}", entity=entity) for entity in ("account", "product") for number in range(60)
        ]
        for one in waits:
            stores.waits.add(one)
        assert sorted(stores.waits.all(), key=str) == sorted(waits, key=str)
        stores.waits.remove(waits)
        assert stores.waits.all() == []

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.waits.add(wait("A1"))
        assert others.waits.all() == others.waits.waiters("sage_50", "account", "A1") == []
        others.waits.remove([wait("A1")])
        assert stores.waits.keys("sage_50", "account") == ["A1"]
