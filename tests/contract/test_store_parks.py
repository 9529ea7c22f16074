"""The promises of ParkStore, for both implementations."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from shared.ports import Parked, Stores
from tests.contract.stored import event
from tests.contract.stores_world import START


def parked(record_id: str, minutes: float) -> Parked:
    one = event(record_id, snapshot={"amount": Decimal("1.10")}, observed_at=START)
    return Parked(one, START + timedelta(minutes=minutes), "Sage 50 is not available")


def _ids(found: list[Parked]) -> list[str]:
    return [one.event.record_id for one in found]


class TestParkStore:
    """One suite, every implementation."""

    def test_what_is_due_comes_back_longest_due_first(self, stores: Stores) -> None:
        stores.parks.park([parked("c", 30), parked("a", 10), parked("b", 20)])
        assert stores.parks.due(START + timedelta(minutes=9), 10) == []
        assert _ids(stores.parks.due(START + timedelta(minutes=20), 10)) == ["a", "b"]
        assert _ids(stores.parks.due(START + timedelta(hours=1), 2)) == ["a", "b"]

    def test_a_parked_event_comes_back_whole_with_an_id(self, stores: Stores) -> None:
        stores.parks.park([parked("a", 10)])
        (found,) = stores.parks.due(START + timedelta(minutes=10), 10)
        assert found.id
        assert replace(found, id="") == parked("a", 10)

    def test_looking_does_not_remove_and_removing_does(self, stores: Stores) -> None:
        stores.parks.park([parked(f"r{number}", number) for number in range(60)])
        assert stores.parks.count() == 60
        due = stores.parks.due(START + timedelta(minutes=29), 100)
        assert len(due) == 30
        stores.parks.remove(due)
        stores.parks.remove(due)
        assert stores.parks.count() == 30
        assert _ids(stores.parks.due(START + timedelta(days=1), 1)) == ["r30"]

    def test_removal_works_on_what_the_caller_parked_himself(self, stores: Stores) -> None:
        stores.parks.park([parked("a", 10)])
        stores.parks.remove([parked("a", 10)])
        assert stores.parks.count() == 0

    def test_parking_one_record_twice_for_one_moment_is_one_row(self, stores: Stores) -> None:
        stores.parks.park([parked("a", 10), parked("a", 10)])
        stores.parks.park([parked("a", 10), parked("a", 11)])
        assert stores.parks.count() == 2

    def test_f26_what_a_clock_ahead_has_parked_is_told_apart(self, stores: Stores) -> None:
        def since(minutes: float) -> datetime:
            return START + timedelta(minutes=minutes)

        stores.parks.park([parked("old form", 10), replace(parked("sound", 90), since=since(0))])
        assert stores.parks.ahead(START) == []
        stores.parks.park([replace(parked("an hour ahead", 75), since=since(60)), parked("a year", 500_000)])
        found = stores.parks.ahead(START)
        assert _ids(found) == ["an hour ahead", "a year"]
        stores.parks.remove(found)
        assert stores.parks.count() == 2 and stores.parks.ahead(since(61)) == []

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.parks.park([parked("a", 10)])
        assert others.parks.count() == 0
        assert others.parks.due(START + timedelta(days=1), 10) == []
