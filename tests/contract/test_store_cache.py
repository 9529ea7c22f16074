"""The promises of Cache, for both implementations."""

from datetime import timedelta
from decimal import Decimal

from shared.ports import Stores
from tests.contract.stores_world import START

END = START + timedelta(hours=1)


class TestCache:
    """One suite, every implementation."""

    def test_rows_come_back_until_they_end(self, stores: Stores) -> None:
        stores.cache.put("customers", {"A1": {"currency": "GBP", "rate": Decimal("1.50")}, "B#2": {}}, END)
        found = stores.cache.get("customers", ["A1", "B#2", "C3"], END - timedelta(microseconds=1))
        assert found == {"A1": {"currency": "GBP", "rate": Decimal("1.50")}, "B#2": {}}
        assert stores.cache.get("customers", ["A1", "B#2"], END) == {}
        assert stores.cache.get("tax_codes", ["A1"], START) == {}

    def test_a_new_row_replaces_the_old(self, stores: Stores) -> None:
        stores.cache.put("customers", {"A1": {"n": 1}}, END)
        stores.cache.put("customers", {"A1": {"n": 2}}, END + timedelta(hours=1))
        assert stores.cache.get("customers", ["A1"], END) == {"A1": {"n": 2}}

    def test_250_rows_at_once(self, stores: Stores) -> None:
        rows = {f"K{number}": {"n": number} for number in range(250)}
        stores.cache.put("customers", rows, END)
        stores.cache.put("customers", {}, END)
        assert stores.cache.get("customers", list(rows), START) == rows

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.cache.put("customers", {"A1": {"n": 1}}, END)
        assert others.cache.get("customers", ["A1"], START) == {}
