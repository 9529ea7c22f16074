"""The promises of Archive, for both implementations."""

from decimal import Decimal
from typing import Any

import pytest

from shared.ports import Stores
from tests.contract.stored import RUN
from tests.contract.stores_world import START, World

LINE = {
    "kind": "exchange",
    "at": START,
    "amount": Decimal("10.50"),
    "text": "line\nend   é \ud83d",
    "n": None,
}


class TestArchive:
    """One suite, every implementation."""

    def test_lines_come_back_exactly(self, stores: Stores) -> None:
        name = stores.archive.write(RUN, [LINE, {"kind": "before"}])
        assert stores.archive.lines(name) == [LINE, {"kind": "before"}]
        assert list(stores.archive.read(RUN)) == [LINE, {"kind": "before"}]

    def test_a_run_lies_under_its_own_day(self, stores: Stores) -> None:
        name = stores.archive.write(RUN, [LINE])
        assert name.startswith(f"archive/acme/2026/11/22/{RUN}/")
        assert name.endswith(".jsonl.gz")
        assert stores.archive.write("by/hand", []).startswith("archive/acme/undated/by%2Fhand/")

    def test_a_second_write_never_replaces_a_first(self, stores: Stores, world: World) -> None:
        names = []
        for number in range(5):
            names.append(stores.archive.write(RUN, [{"n": number}]))
            world.clock.pass_by(milliseconds=1)
        assert len(set(names)) == 5
        assert [line["n"] for line in stores.archive.read(RUN)] == [0, 1, 2, 3, 4]
        assert len({stores.archive.write(RUN, []) for _ in range(3)}) == 3

    def test_runs_stay_apart(self, stores: Stores) -> None:
        stores.archive.write(RUN, [{"n": 1}])
        stores.archive.write(f"{RUN}0", [{"n": 2}])
        assert list(stores.archive.read(RUN)) == [{"n": 1}]
        assert list(stores.archive.read("20261122T999999Z-none")) == []
        assert len(list(stores.archive.objects())) == 2

    def test_an_object_can_be_rewritten_or_deleted_for_erasure(self, stores: Stores) -> None:
        first, second = stores.archive.write(RUN, [LINE, {"n": 1}]), stores.archive.write(RUN, [LINE])
        stores.archive.rewrite(first, [{"n": 1}])
        stores.archive.rewrite(second, None)
        assert list(stores.archive.objects()) == [first]
        assert list(stores.archive.read(RUN)) == [{"n": 1}]

    def test_floats_of_a_vendor_are_kept_as_decimals_and_nothing_is_refused(self, stores: Stores) -> None:
        odd: Any = {"a": 0.1, "b": [1e30, {"c": 10.25}], "d": float("inf"), 5: (1, 2)}
        stores.archive.write(RUN, [odd])
        (line,) = stores.archive.read(RUN)
        assert line == {
            "a": Decimal("0.1"),
            "b": [Decimal("1e+30"), {"c": Decimal("10.25")}],
            "d": "inf",
            "5": [1, 2],
        }

    def test_another_integration_is_out_of_reach(self, stores: Stores, others: Stores) -> None:
        name = stores.archive.write(RUN, [LINE])
        assert list(others.archive.objects()) == list(others.archive.read(RUN)) == []
        with pytest.raises(ValueError, match="not an object of the archive"):
            others.archive.lines(name)
        with pytest.raises(ValueError, match="not an object of the archive"):
            others.archive.rewrite(name, None)
        assert stores.archive.lines(name) == [LINE]
