"""The promises of Cursors, for both implementations."""

from decimal import Decimal

from shared.ports import Stores
from tests.contract.stores_world import START


class TestCursors:
    """One suite, every implementation."""

    def test_there_is_none_at_first(self, stores: Stores) -> None:
        assert stores.cursors.load("sugarcrm", "sales_order") is None

    def test_it_comes_back_exactly_and_the_last_one_counts(self, stores: Stores) -> None:
        stores.cursors.save(
            "sugarcrm", "sales_order", {"since": START, "ids": ["a", "b"], "n": Decimal("1.0")}
        )
        stores.cursors.save("sugarcrm", "account", {})
        found = stores.cursors.load("sugarcrm", "sales_order")
        assert found == {"since": START, "ids": ["a", "b"], "n": Decimal("1.0")}
        stores.cursors.save("sugarcrm", "sales_order", {"since": None})
        assert stores.cursors.load("sugarcrm", "sales_order") == {"since": None}
        assert stores.cursors.load("sugarcrm", "account") == {}

    def test_one_that_was_dropped_is_none(self, stores: Stores) -> None:
        stores.cursors.save("credit", "SMITH#001", {"K": ["1.00", START]})
        stores.cursors.drop("credit", "SMITH#001")
        stores.cursors.drop("credit", "never there")
        assert stores.cursors.load("credit", "SMITH#001") is None

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.cursors.save("sugarcrm", "sales_order", {"page": 1})
        assert others.cursors.load("sugarcrm", "sales_order") is None
