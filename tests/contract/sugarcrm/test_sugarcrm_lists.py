"""What only SugarCRM has in its lists: work lists, related records, and polls that cost little."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.sugarcrm.app import build_app
from local.vendors.sugarcrm.options import SugarOptions
from shared.ports import Patch, Snapshot
from tests.contract.sugarcrm.world import ODD, Bench, all_records, snapshots
from tests.unit.systems.sugarcrm.fakes import (
    CHANGED,
    LINES,
    ORDERS,
    Clock,
    Recorder,
    Tokens,
)


def test_a_worklist_brings_the_account_in_the_same_call(bench: Bench) -> None:
    ids = bench.seed(3)
    system = bench.system()
    system.check([])
    bench.recorder.lines.clear()
    found, cursor = all_records(system, ORDERS)
    assert [item.id for item in found] == ids
    assert cursor == {}
    assert len(bench.recorder.lines) == 1
    first = snapshots(found)[0]
    assert first.values["account.sales_account_ref_c"] == "SMITH001"
    assert first.values["account.name"] == ODD
    assert Decimal(str(first.values["amount"])) == Decimal("12.5")


def test_null_and_empty_are_both_blank_and_filled_is_not(bench: Bench) -> None:
    bench.seed(2)
    bench.server.seed(
        "Opportunities",
        [
            {"id": "empty", "name": "e", "sales_stage": "Closed Won", "sales_order_no_c": ""},
            {"id": "filled", "name": "f", "sales_stage": "Closed Won", "sales_order_no_c": "7"},
            {"id": "open", "name": "o", "sales_stage": "Prospecting"},
        ],
    )
    found, _ = all_records(bench.system(), ORDERS)
    assert {item.id for item in found} == {"opp-0000", "opp-0001", "empty"}
    without = next(item for item in snapshots(found) if item.id == "empty")
    assert without.values["account.sales_account_ref_c"] is None


@pytest.mark.parametrize("paging", ["keyset", "offset"])
def test_rows_that_leave_a_worklist_hide_none(bench: Bench, paging: str) -> None:
    ids = bench.seed(25)
    system = bench.system(paging=paging)
    seen: list[str] = []
    for page in system.changes(ORDERS, None, 4):
        seen += [item.id for item in page.records]
        system.update(ORDERS, [Patch(item.id, {"sales_order_no_c": "9"}) for item in page.records])
    assert set(seen) == set(ids)
    assert all_records(bench.system(), ORDERS)[0] == []


def test_a_cursor_resumes_in_the_middle(bench: Bench) -> None:
    ids = bench.seed(11)
    first = next(iter(bench.system().changes(CHANGED, None, 4)))
    rest, _ = all_records(bench.system(), CHANGED, first.cursor, 4)
    assert [item.id for item in first.records] + [item.id for item in rest] == ids


def test_the_second_quiet_cycle_is_one_call(bench: Bench) -> None:
    bench.seed(30)
    _, cursor = all_records(bench.system(), CHANGED, size=10)
    for _ in range(2):
        bench.clock.at += timedelta(minutes=15)
        _, cursor = all_records(bench.system(), CHANGED, cursor, 10)
    system = bench.system()
    system.check([])
    bench.recorder.lines.clear()
    found, after = all_records(system, CHANGED, cursor, 10)
    assert found == []
    assert after == cursor
    assert len(bench.recorder.lines) == 1


def test_a_read_brings_the_account_too(bench: Bench) -> None:
    ids = bench.seed(3)
    found = bench.system().read(ORDERS, ids)
    accounts = [one.values["account.sales_account_ref_c"] for one in snapshots(list(found.values()))]
    assert len(ids) == 3 and accounts == ["SMITH001"] * 3


def test_lines_come_as_a_list() -> None:
    with serve(build_app(SugarOptions(cron_seconds=0))) as served:
        bench = Bench(served.url, None, "v11", Recorder(), Clock(), Tokens())
        head = {"OAuth-Token": _token(bench)}

        def post(path: str, body: dict[str, str]) -> dict[str, str]:
            made = httpx.post(f"{served.url}/rest/v11_10/{path}", json=body, headers=head)
            return dict(made.json())

        parent = post(
            "Opportunities", {"name": "With lines", "date_closed": "2026-01-01", "sales_stage": "Closed Won"}
        )["id"]
        for number in (1, 2):
            post("RevenueLineItems", {"name": f"Line {number}", "opportunity_id": parent, "likely_case": "5"})
        spec = replace(ORDERS, related=(LINES,), fields=("name",))
        found = bench.system().read(spec, [parent])[parent]
        assert isinstance(found, Snapshot)
        lines: Any = found.values["lines"]
        assert sorted(row["name"] for row in lines) == ["Line 1", "Line 2"]


def _token(bench: Bench) -> str:
    bench.system().check([])
    assert bench.tokens.token is not None
    return bench.tokens.token.value["access_token"]


def test_an_amount_with_the_residue_of_a_double_is_read_as_it_was_entered(bench: Bench) -> None:
    ids = bench.seed(1, amount="99.990000000000009", name="99.990000000000009")
    system = bench.system()
    (listed,) = snapshots(all_records(system, ORDERS)[0])
    read = system.read(ORDERS, ids)[ids[0]]
    assert isinstance(read, Snapshot)
    assert listed.values["amount"] == read.values["amount"]
    assert listed.values["name"] == "99.990000000000009"
    if bench.api == "v4_1":
        assert listed.values["amount"] == "99.99"
        patch = Patch(ids[0], {"amount": Decimal("99.99")})
        assert isinstance(system.update(ORDERS, [patch])[0], Snapshot)
