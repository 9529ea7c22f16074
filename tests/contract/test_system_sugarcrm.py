"""The promises of `ports.System`, kept by both SugarCRM APIs against the emulated server over real HTTP."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.sugarcrm.app import build_app
from local.vendors.sugarcrm.options import SugarOptions
from shared.errors import (
    BadCredentials,
    MissingField,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    SyncError,
    Unavailable,
)
from shared.ports import Condition, Gone, Hint, ObjectSpec, Patch, Reading, Snapshot, System, Values
from shared.systems.sugarcrm.hooks import register_hooks
from shared.systems.sugarcrm.rest import SugarV11
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.unit.systems.sugarcrm.fakes import (
    ACCOUNT,
    CHANGED,
    LINES,
    ORDERS,
    SECRET,
    Clock,
    Recorder,
    Tokens,
    bound,
    wire_to,
)

ODD = """O'Neil & "Sons" 🏗 Ünï \\ 100%"""


@dataclass
class Bench:
    """One emulated server, and systems that talk to it."""

    url: str
    app: Any
    api: str
    recorder: Recorder
    clock: Clock
    tokens: Tokens

    @property
    def server(self) -> Any:
        return self.app.state.sugar

    def system(self, **options: str) -> System:
        return make_sugarcrm(
            wire_to(url=self.url, recorder=self.recorder),
            {"api": self.api, **options},
            SECRET,
            self.clock,
            bound(self.clock, self.tokens),
        )

    def seed(self, count: int = 5, **values: Any) -> list[str]:
        self.server.seed("Accounts", [{"id": "acc-1", "name": ODD, "sales_account_ref_c": "SMITH001"}])
        ids = [f"opp-{number:04d}" for number in range(count)]
        self.server.seed(
            "Opportunities",
            [
                {
                    "id": item,
                    "name": f"Deal {item}",
                    "amount": "12.5",
                    "currency_id": "-99",
                    "sales_stage": "Closed Won",
                    "account_id": "acc-1",
                    **values,
                }
                for item in ids
            ],
        )
        return ids

    def faults(self, *rows: dict[str, Any]) -> None:
        httpx.post(f"{self.url}/_admin/faults", json=list(rows)).raise_for_status()


@pytest.fixture(params=["v11", "v4_1"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    app = build_app(SugarOptions(cron_seconds=0))
    with serve(app) as served:
        yield Bench(served.url, app, request.param, Recorder(), Clock(), Tokens())


def all_records(
    system: System, spec: ObjectSpec, cursor: Any = None, size: int = 100
) -> tuple[list[Reading | Hint], Any]:
    pages = list(system.changes(spec, cursor, size))
    return [item for page in pages for item in page.records], pages[-1].cursor


def snapshots(found: Sequence[Reading | Hint]) -> list[Snapshot]:
    return [item for item in found if isinstance(item, Snapshot)]


# ------------------------------------------------------------ reading


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


@pytest.mark.parametrize("paging", ["keyset", "offset"])
def test_a_cursor_keeps_rows_that_share_a_second(bench: Bench, paging: str) -> None:
    ids = bench.seed(23)
    found, cursor = all_records(bench.system(paging=paging), CHANGED, size=5)
    assert {item.id for item in found} == set(ids)
    bench.server.seed(
        "Opportunities", [{"id": "late", "name": "same second", "date_modified": _modified(found)}]
    )
    again, _ = all_records(bench.system(paging=paging), CHANGED, cursor, 5)
    assert "late" in {item.id for item in again}


def _modified(found: Sequence[Reading | Hint]) -> str:
    text = str(snapshots(found)[-1].version)
    return text[:19].replace("T", " ")


def test_a_cursor_resumes_in_the_middle(bench: Bench) -> None:
    ids = bench.seed(11)
    first = next(iter(bench.system().changes(CHANGED, None, 4)))
    rest, _ = all_records(bench.system(), CHANGED, first.cursor, 4)
    assert [item.id for item in first.records] + [item.id for item in rest] == ids


def test_the_legacy_poll_tells_of_deletions(bench: Bench) -> None:
    if bench.api != "v4_1":
        pytest.skip("v11 tells of deletions by its hooks")
    ids = bench.seed(3)
    system: Any = bench.system()
    _, cursor = all_records(system, CHANGED)
    system.client.call(
        "set_entry",
        "Opportunities",
        [{"name": "id", "value": ids[1]}, {"name": "deleted", "value": "1"}],
        False,
        writes=True,
    )
    found, _ = all_records(system, CHANGED, cursor)
    assert [item.id for item in found if isinstance(item, Gone)] == [ids[1]]


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


def test_read_answers_every_id_and_gone_for_the_missing(bench: Bench) -> None:
    ids = bench.seed(3)
    bench.server.seed("Opportunities", [{"id": "dead", "name": "d", "deleted": 1}])
    found = bench.system().read(ORDERS, [*ids, "dead", "never-there", "not an id'"])
    assert [type(found[item]) for item in (*ids, "dead", "never-there", "not an id'")] == [Snapshot] * 3 + [
        Gone
    ] * 3
    first = found[ids[0]]
    assert isinstance(first, Snapshot)
    assert first.values["account.sales_account_ref_c"] == "SMITH001"


def test_find_returns_all_that_match(bench: Bench) -> None:
    bench.seed(3, sales_order_no_c="77")
    bench.server.seed("Opportunities", [{"id": "quoted", "name": ODD}])
    found = bench.system().find(ORDERS, "sales_order_no_c", ["77", "78"])
    assert (len(found["77"]), found["78"]) == (3, [])
    assert [item.id for item in bench.system().find(ORDERS, "name", [ODD])[ODD]] == ["quoted"]


def test_lines_come_as_a_list() -> None:
    with serve(build_app(SugarOptions(cron_seconds=0))) as served:
        bench = Bench(served.url, None, "v11", Recorder(), Clock(), Tokens())
        head = {"OAuth-Token": _token(bench)}

        def post(path: str, body: dict[str, str]) -> dict[str, str]:
            return httpx.post(f"{served.url}/rest/v11_10/{path}", json=body, headers=head).json()

        parent = post(
            "Opportunities", {"name": "With lines", "date_closed": "2026-01-01", "sales_stage": "Closed Won"}
        )["id"]
        for number in (1, 2):
            post("RevenueLineItems", {"name": f"Line {number}", "opportunity_id": parent, "likely_case": "5"})
        spec = replace(ORDERS, related=(LINES,), fields=("name",))
        found = bench.system().read(spec, [parent])[parent]
        assert isinstance(found, Snapshot)
        assert sorted(row["name"] for row in found.values["lines"]) == ["Line 1", "Line 2"]  # type: ignore[union-attr,index,call-overload]


def _token(bench: Bench) -> str:
    bench.system().check([])
    assert bench.tokens.token is not None
    return bench.tokens.token.value["access_token"]


# ------------------------------------------------------------ writing


def test_update_writes_only_the_patch_and_answers_each(bench: Bench) -> None:
    ids = bench.seed(3)
    answers = bench.system().update(
        ORDERS,
        [
            Patch(ids[0], {"sales_order_no_c": "1"}),
            Patch("never-there", {"name": "x"}),
            Patch("not an id'", {"name": "x"}),
            Patch(ids[2], {"sales_order_no_c": ODD}),
        ],
    )
    assert [type(item) for item in answers] == [Snapshot, RecordRejected, RecordRejected, Snapshot]
    found = bench.system().read(ORDERS, ids)
    assert found[ids[0]].values["sales_order_no_c"] == "1"  # type: ignore[union-attr]
    assert found[ids[2]].values["sales_order_no_c"] == ODD  # type: ignore[union-attr]
    assert found[ids[0]].values["name"] == f"Deal {ids[0]}"  # type: ignore[union-attr]


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
    assert Decimal(str(found[0].values["amount"])) == Decimal("1234.56")


def test_the_legacy_api_makes_one_record_for_one_key(bench: Bench) -> None:
    if bench.api != "v4_1":
        pytest.skip("v11 has no create that can be repeated without administrator's rights")
    values: Values = {"name": "once", "sales_stage": "Prospecting", "date_closed": "2026-12-01"}
    first = bench.system().create(ORDERS, values, "KEY1")
    assert bench.system().create(ORDERS, values, "KEY1").id == first.id
    assert len(bench.system().find(ORDERS, "name", ["once"])["once"]) == 1
    system: Any = bench.system()
    system.client.call(
        "set_entry",
        "Opportunities",
        [{"name": "id", "value": first.id}, {"name": "deleted", "value": "1"}],
        False,
        writes=True,
    )
    with pytest.raises(RecordRejected, match="was deleted there"):
        bench.system().create(ORDERS, values, "KEY1")


def test_a_lost_answer_to_a_create_is_unknown(bench: Bench) -> None:
    system = bench.system()
    system.check([])
    match = (
        {"operation": "set_entry"} if bench.api == "v4_1" else {"path": "Opportunities$", "method": "POST"}
    )
    bench.faults({"kind": "lost_request", "match": match, "times": -1})
    with pytest.raises(OutcomeUnknown):
        system.create(ORDERS, {"name": "lost"}, "KEY2")


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


# ------------------------------------------------------------ faults and sign-in


def test_an_expired_session_is_replaced_once(bench: Bench) -> None:
    ids = bench.seed(2)
    system = bench.system()
    assert len(system.read(ORDERS, ids)) == 2
    httpx.post(f"{bench.url}/_admin/expire")
    answers = system.update(ORDERS, [Patch(item, {"sales_order_no_c": "5"}) for item in ids])
    assert all(isinstance(item, Snapshot) for item in answers)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("429", RateLimited),
        ("500", Unavailable),
        ("503", SyncError),
        ("html", Unavailable),
        ("truncated_json", Unavailable),
    ],
)
def test_a_failing_server_is_a_retry(bench: Bench, kind: str, expected: type[SyncError]) -> None:
    bench.seed(1)
    system = bench.system()
    system.check([])
    bench.faults({"kind": kind, "times": 1})
    with pytest.raises(expected):
        all_records(system, ORDERS)


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


# ------------------------------------------------------------ metadata


def test_check_finds_the_missing_field_and_says_where_to_make_it(bench: Bench) -> None:
    good = bench.system().check([ORDERS])
    assert {finding.level for finding in good} == {"ok"}
    spec = replace(
        ORDERS, fields=("name", "sage_no_c"), related=(replace(ACCOUNT, fields=("sage_ref_c",)),), where=()
    )
    bad = [finding for finding in bench.system().check([spec]) if finding.level == "error"]
    assert [finding.subject for finding in bad] == ["Opportunities.sage_no_c", "Accounts.sage_ref_c"]
    assert "Studio > Opportunities" in bad[0].message


def test_a_missing_field_never_reads_as_blank(bench: Bench) -> None:
    bench.seed(1)
    with pytest.raises(MissingField, match="sage_no_c" if bench.api == "v4_1" else "."):
        bench.system().read(replace(ORDERS, fields=("name", "sage_no_c")), ["opp-0000"])
    with pytest.raises(MissingField):
        all_records(bench.system(), replace(ORDERS, where=(Condition("sage_no_c", "blank"),)))


def test_a_misspelt_link_never_reads_as_blank(bench: Bench) -> None:
    bench.seed(1)
    with pytest.raises(MissingField):
        bench.system().read(replace(ORDERS, related=(replace(ACCOUNT, link="acounts"),)), ["opp-0000"])


def test_currencies_name_the_base(bench: Bench) -> None:
    bench.server.seed(
        "Currencies",
        [
            {
                "id": "eur-1",
                "name": "Euro",
                "symbol": "€",
                "iso4217": "EUR",
                "conversion_rate": 1.25,
                "status": "Active",
            }
        ],
    )
    rows = bench.system().table("currencies")
    assert [(row["id"], row["iso"], row["base"]) for row in rows] == [
        ("-99", "GBP", "1"),
        ("eur-1", "EUR", "0"),
    ]
    assert Decimal(rows[1]["rate"]) == Decimal("1.25")


def test_describe_gives_types_and_lengths(bench: Bench) -> None:
    fields = bench.system().describe("Opportunities")
    assert fields is not None
    assert (fields["sales_order_no_c"].type, fields["sales_order_no_c"].length) == ("varchar", 50)
    assert fields["amount"].required
    assert bench.system().describe("NoSuchModule") is None


def test_hooks_are_registered_replaced_and_removed(bench: Bench) -> None:
    if bench.api != "v11":
        pytest.skip("v4_1 has no web logic hooks")
    system = bench.system()
    assert isinstance(system, SugarV11)
    first = register_hooks(
        system,
        lambda name, event: f"https://hooks.example/a?object={name}&event={event}",
        ["Opportunities", "Accounts"],
    )
    assert [finding.level for finding in first] == ["ok"] * 4
    second = register_hooks(
        system, lambda name, event: f"https://hooks.example/b?object={name}&event={event}", ["Opportunities"]
    )
    assert (
        sorted(finding.message for finding in second)
        == ["The web logic hook was registered."] * 2
        + ["The web logic hook was removed, no longer needed."] * 2
    )
    third = register_hooks(
        system, lambda name, event: f"https://hooks.example/b?object={name}&event={event}", ["Opportunities"]
    )
    assert [finding.message for finding in third] == ["The web logic hook is registered already."] * 2
    assert "hooks.example" not in bench.recorder.everything
