"""The promises of SweepParts, for both implementations."""

from shared.ports import Stores
from tests.contract.stores_world import World


class TestSweepParts:
    """One suite, every implementation."""

    def test_parts_come_back_in_the_order_asked_for(self, stores: Stores) -> None:
        first = stores.sweeps.put("vtiger", "account", {"ids": ["11x1", "11x2"], "kept": []})
        second = stores.sweeps.put("vtiger", "account", {"ids": ["é" * 300], "kept": ["11x3"]})
        assert stores.sweeps.get([second, first]) == [
            {"ids": ["é" * 300], "kept": ["11x3"]},
            {"ids": ["11x1", "11x2"], "kept": []},
        ]
        assert stores.sweeps.get([]) == []

    def test_the_same_part_twice_is_one(self, stores: Stores) -> None:
        assert stores.sweeps.put("vtiger", "account", {"ids": []}) == stores.sweeps.put(
            "vtiger", "account", {"ids": []}
        )

    def test_a_part_that_has_vanished_makes_all_of_them_worthless(self, stores: Stores) -> None:
        name = stores.sweeps.put("vtiger", "account", {"ids": []})
        assert stores.sweeps.get([name, name[:-10] + "0000000000"]) is None

    def test_ids_of_somebody_leave_a_part_that_is_still_found_by_its_name(self, stores: Stores) -> None:
        name = stores.sweeps.put("vtiger", "account", {"ids": ["11x1", "11x2"], "gone": ["11x1"], "n": 2})
        other = stores.sweeps.put("vtiger", "contact", {"ids": ["11x1"]})
        assert stores.sweeps.erase("vtiger", "account", {"11x1"}, False) == 1
        assert stores.sweeps.erase("vtiger", "account", {"11x1"}, True) == 1
        assert stores.sweeps.erase("vtiger", "account", {"11x1"}, True) == 0
        assert stores.sweeps.get([name, other]) == [{"ids": ["11x2"], "gone": [], "n": 2}, {"ids": ["11x1"]}]

    def test_no_integration_reads_the_parts_of_another(self, stores: Stores, world: World) -> None:
        name = stores.sweeps.put("vtiger", "account", {"ids": []})
        assert world.stores("other").sweeps.get([name]) is None
