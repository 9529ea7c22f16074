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


def test_rows_that_tell_of_somebody_are_found_and_removed(stores: Stores, others: Stores) -> None:
    until = START + timedelta(hours=1)
    for each in (stores, others):
        each.cache.put("list", {"head": {"parts": ["a", "b"]}, "a": {"rows": {"1": ["v", "Ann"]}}}, until)
        each.cache.put("list", {"b": {"rows": {"2": ["v", "Bob"]}}}, until)
        each.cache.put("other", {"head": {"parts": ["a"]}}, until)
        each.cache.put("customer", {"Ann": {"n": 1}, "Bob": {"n": 2}}, until)
    assert stores.cache.erase(lambda text: "Ann" in text, False) == 2
    assert stores.cache.erase(lambda text: "Ann" in text, True) == 2
    assert stores.cache.erase(lambda text: "Ann" in text, True) == 0
    assert set(stores.cache.get("list", ["head", "a", "b"], START)) == {"b"}, "no head names what is gone"
    assert set(stores.cache.get("other", ["head"], START)) == {"head"}
    assert set(stores.cache.get("customer", ["Ann", "Bob"], START)) == {"Bob"}
    assert set(others.cache.get("customer", ["Ann", "Bob"], START)) == {"Ann", "Bob"}
