"""What only SugarCRM has in its writes: bulk calls, batches that are read back, and sessions that end."""

from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from shared.errors import (
    BadCredentials,
    OutcomeUnknown,
    RecordRejected,
)
from shared.ports import ObjectSpec, Patch, Snapshot, Values
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.contract.sugarcrm.world import ODD, Bench, snapshots
from tests.unit.systems.sugarcrm.fakes import (
    ORDERS,
    SECRET,
    bound,
    wire_to,
)


def test_a_hundred_updates_take_a_call_or_three_each_fifty(bench: Bench) -> None:
    ids = bench.seed(100)
    system = bench.system()
    system.check([])
    bench.recorder.lines.clear()
    answers = system.update(ORDERS, [Patch(item, {"sales_order_no_c": "5"}) for item in ids])
    assert all(isinstance(item, Snapshot) for item in answers)
    assert len(bench.recorder.lines) == (2 if bench.api == "v11" else 6)


def test_contacts_are_updated_one_by_one_over_the_legacy_api(bench: Bench) -> None:
    bench.server.seed(
        "Contacts", [{"id": name, "last_name": name, "first_name": "Same"} for name in ("c1", "c2")]
    )
    spec = ObjectSpec("sugarcrm", "contact", "Contacts", "id", "date_modified", ("last_name", "title"))
    patches = [Patch("c1", {"title": "A"}), Patch("gone", {"title": "B"}), Patch("c2", {"title": ODD})]
    answers = bench.system().update(spec, patches)
    assert [type(item) for item in answers] == [Snapshot, RecordRejected, Snapshot]
    found = bench.system().read(spec, ["c1", "c2"])
    assert [item.values["title"] for item in snapshots(list(found.values()))] == ["A", ODD]
    written = [
        line for line in bench.recorder.lines if line["request"] and "set_entries" in str(line["request"])
    ]
    assert written == []


def test_a_text_too_long_is_rejected_by_name(bench: Bench) -> None:
    ids = bench.seed(2)
    long = Patch(ids[0], {"sales_order_no_c": "9" * 80})
    first, second = bench.system().update(ORDERS, [long, Patch(ids[1], {"sales_order_no_c": "8"})])
    assert isinstance(first, RecordRejected)
    assert "sales_order_no_c" in str(first)
    assert isinstance(second, Snapshot)


def test_create_returns_the_new_record_with_our_key(bench: Bench) -> None:
    bench.seed(1)
    spec = replace(ORDERS, key_path="next_step")
    made = bench.system().create(
        spec,
        {
            "name": ODD,
            "amount": Decimal("1234.56"),
            "sales_stage": "Prospecting",
            "date_closed": "2026-12-01",
            "account_id": "acc-1",
        },
        "KEY1",
    )
    found = bench.system().find(spec, "next_step", ["KEY1"])["KEY1"]
    assert [item.id for item in found] == [made.id]
    assert found[0].values["name"] == ODD
    assert [item.id for item in bench.system().find(spec, "name", [ODD])[ODD]] == [made.id]
    assert Decimal(str(found[0].values["amount"])) == Decimal("1234.56")


def test_a_key_of_a_record_that_was_deleted_makes_no_other(bench: Bench) -> None:
    if bench.api != "v4_1":
        pytest.skip("v11 has no create that can be repeated without administrator's rights")
    values: Values = {"name": "once", "sales_stage": "Prospecting", "date_closed": "2026-12-01"}
    first = bench.system().create(ORDERS, values, "KEY1")
    bench.system().client.call(  # type: ignore[attr-defined]
        "set_entry",
        "Opportunities",
        [{"name": "id", "value": first.id}, {"name": "deleted", "value": "1"}],
        False,
        writes=True,
    )
    with pytest.raises(RecordRejected, match="was deleted there"):
        bench.system().create(ORDERS, values, "KEY1")


def test_a_lost_answer_to_an_update_is_read_back_or_unknown(bench: Bench) -> None:
    ids = bench.seed(3)
    system = bench.system()
    system.check([])
    bench.faults(
        {
            "kind": "lost_reply",
            "match": {"operation": "set_entries"} if bench.api == "v4_1" else {"path": "bulk"},
        }
    )
    answers = system.update(ORDERS, [Patch(item, {"sales_order_no_c": "5"}) for item in ids])
    assert {type(item) for item in answers} == ({Snapshot} if bench.api == "v4_1" else {OutcomeUnknown})


def test_an_expired_session_is_replaced_once(bench: Bench) -> None:
    ids = bench.seed(2)
    system = bench.system()
    assert len(system.read(ORDERS, ids)) == 2
    httpx.post(f"{bench.url}/_admin/expire")
    answers = system.update(ORDERS, [Patch(item, {"sales_order_no_c": "5"}) for item in ids])
    assert all(isinstance(item, Snapshot) for item in answers)


def test_a_wrong_password_is_told_once(bench: Bench) -> None:
    system = make_sugarcrm(
        wire_to(url=bench.url, recorder=bench.recorder),
        {"api": bench.api},
        {**SECRET, "password": "wrong"},
        bench.clock,
        bound(bench.clock, bench.tokens),
    )
    with pytest.raises(BadCredentials, match="sync"):
        system.read(ORDERS, ["a"])
    assert len(bench.recorder.lines) == 1
    assert system.check([ORDERS])[0].level == "error"


def test_no_secret_is_recorded(bench: Bench) -> None:
    ids = bench.seed(2)
    system = bench.system()
    system.read(ORDERS, ids)
    system.update(ORDERS, [Patch(ids[0], {"sales_order_no_c": "5"})])
    session = getattr(system.client, "_session", "") or (bench.tokens.token.value["access_token"])  # type: ignore[attr-defined,union-attr]
    assert session
    for secret in (session, SECRET["password"], "acd30b5ac3ce9b2b0ef8ae9b0dc12c3b"):
        assert secret not in bench.recorder.everything
