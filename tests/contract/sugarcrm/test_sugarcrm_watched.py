"""A watched worklist: the call that asks for what waits also shows what has a number and was
changed since."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from shared.ports import Gone
from tests.contract.sugarcrm.world import Bench, all_records, snapshots
from tests.unit.systems.sugarcrm.fakes import ORDERS

WATCHED = replace(ORDERS, watched=True, number_path="sales_order_no_c")
FIELDS = replace(WATCHED, fields=("amount", "sales_stage", "account_id"), related=())


WON = {"sales_stage": "Closed Won"}


def begun(bench: Bench, **options: str) -> tuple[Any, Any]:
    """The list was read once, with two records that were numbered long ago."""
    bench.seed(2)
    long_ago = {"sales_stage": "Closed Won", "date_modified": "2020-01-01 10:00:00"}
    bench.server.seed(
        "Opportunities",
        [
            {"id": f"old-{number}", "name": "o", "sales_order_no_c": f"{number}", **long_ago}
            for number in (1, 2)
        ],
    )
    system = bench.system(**options)
    found, cursor = all_records(system, WATCHED)
    assert [one.id for one in found] == ["opp-0000", "opp-0001"], "at first only what waits"
    return system, cursor


def edit(bench: Bench, record_id: str, **values: Any) -> None:
    row = {"id": record_id, **values}
    httpx.post(f"{bench.url}/_admin/opportunities", json=row).raise_for_status()


@pytest.mark.parametrize("paging", ["keyset", "offset"])
def test_what_was_changed_since_is_shown_in_the_same_call(bench: Bench, paging: str) -> None:
    system, cursor = begun(bench, paging=paging)
    edit(bench, "old-2", amount="7", sales_stage="Closed Lost")
    bench.recorder.lines.clear()
    found, cursor = all_records(system, WATCHED, cursor)
    assert {one.id for one in found} == {"opp-0000", "opp-0001", "old-2"}
    assert len(bench.recorder.lines) == 1
    changed = next(one for one in snapshots(found) if one.id == "old-2")
    assert changed.values["sales_stage"] == "Closed Lost"
    again, _ = all_records(system, WATCHED, cursor)
    assert {one.id for one in again} == {"opp-0000", "opp-0001", "old-2"}, "within the overlap"


@pytest.mark.parametrize("paging", ["keyset", "offset"])
def test_a_list_of_many_pages_hides_none_of_either(bench: Bench, paging: str) -> None:
    system, cursor = begun(bench, paging=paging)
    bench.server.seed(
        "Opportunities",
        [
            {
                "id": f"n-{n:03}",
                "name": "n",
                "sales_stage": "Closed Won",
                "sales_order_no_c": str(n % 2 or ""),
            }
            for n in range(30)
        ],
    )
    found, _ = all_records(system, WATCHED, cursor, size=7)
    assert {one.id for one in found} == {"opp-0000", "opp-0001", *(f"n-{n:03}" for n in range(30))}


def test_a_list_that_is_left_half_way_does_not_move_on(bench: Bench) -> None:
    system, cursor = begun(bench)
    edit(bench, "old-1", amount="7")
    pages = system.changes(WATCHED, cursor, 1)
    assert next(pages).cursor == cursor


def test_an_idle_list_comes_to_rest(bench: Bench) -> None:
    system, cursor = begun(bench)
    for _ in range(3):
        bench.clock.sleep(900)
        _, cursor = all_records(system, WATCHED, cursor)
    bench.clock.sleep(900)
    assert all_records(system, WATCHED, cursor)[1] == cursor


def test_what_was_deleted_while_it_waited_does_not_come_back(bench: Bench) -> None:
    system, cursor = begun(bench)
    edit(bench, "opp-0000", deleted=1)
    edit(bench, "old-1", deleted=1)
    found, _ = all_records(system, WATCHED, cursor)
    assert {one.id for one in found if not isinstance(one, Gone)} == {"opp-0001"}
    gone = {one.id for one in found if isinstance(one, Gone)}
    assert gone == ({"old-1"} if bench.api == "v4_1" else set()), "v11 lists no deletions"


def test_hundreds_are_looked_over_in_one_call_and_what_is_not_there_is_left_out(bench: Bench) -> None:
    ids = bench.seed(250)
    edit(bench, ids[0], deleted=1)
    system = bench.system()
    system.check([])
    bench.recorder.lines.clear()
    found = system.look_over(FIELDS, [*ids, "never"])
    assert set(found) == set(ids[1:]) and found[ids[1]].values["sales_stage"] == "Closed Won"
    assert len(bench.recorder.lines) == 1
