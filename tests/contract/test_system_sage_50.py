"""The promises of `ports.System`, kept by the Sage 50 connector against the emulated service over real
HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app
from local.vendors.hyperaccounts.options import HyperOptions
from shared.errors import (
    BadCredentials,
    Busy,
    Halt,
    LaneTaken,
    MissingField,
    OutcomeUnknown,
    RecordRejected,
    RuleInvalid,
    Unavailable,
)
from shared.mapping.compile import compile_flow
from shared.ports import Condition, Gone, ObjectSpec, Patch, Snapshot, System, Values
from shared.systems._http import HttpClient
from shared.systems.sage_50.system import Sage50

ORDER = ObjectSpec(
    "sage_50",
    "sales_order",
    "salesOrder",
    "orderNumber",
    "recordModifyDate",
    ("orderNumber", "customerAccountRef", "customerOrderNumber", "orderDate", "currency"),
    key_path="customerOrderNumber",
    number_path="orderNumber",
)
FULL_ORDER = ObjectSpec(
    "sage_50",
    "sales_order",
    "salesOrder",
    "orderNumber",
    "recordModifyDate",
    ("orderNumber", "customerOrderNumber", "invoiceItems", "delName", "currency"),
    key_path="customerOrderNumber",
)
CUSTOMER = ObjectSpec(
    "sage_50",
    "account",
    "customer",
    "accountRef",
    "recordModifyDate",
    (
        "accountRef",
        "name",
        "telephone",
        "currency",
        "defTaxCode",
        "onHold",
        "inactiveAccount",
        "creditLimit",
        "deliveryAddress1",
    ),
    poll_mode="cursor",
    key_path="analysis1",
    natural_path="accountRef",
)
PRODUCT = ObjectSpec(
    "sage_50",
    "product",
    "product",
    "stockCode",
    "recordModifyDate",
    ("stockCode", "description", "salesPrice", "taxCode"),
    poll_mode="cursor",
    natural_path="stockCode",
)
CONTACT = ObjectSpec(
    "sage_50", "contact", "customerAddress", "", None, ("accountRef", "addressNumber", "contact", "role")
)
ODD = """O'Neil & "Sons" <Ltd> 🏗 Ünï"""


@dataclass
class Clock:
    """Real time to read; sleeping takes no time, but is taken from what is `left`."""

    slept: list[float] = field(default_factory=list)
    left: float = 600.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds


@dataclass
class Tape:
    lines: list[Any] = field(default_factory=list)

    def exchange(self, line: Any) -> None:
        self.lines.append(line)


class Bench:
    """One emulated company, and connectors to it."""

    def __init__(self, url: str, admin: httpx.Client) -> None:
        self.url = url
        self.admin = admin
        self.clock = Clock()
        self.tape = Tape()
        self.lanes: list[str] = []

    def sage(
        self, token: str = "demo-token", timeout: float = 5.0, lanes: Any = None, **options: str
    ) -> Sage50:
        http = HttpClient(
            "sage_50",
            self.url,
            recorder=self.tape,
            allow=lambda url: None,
            seconds_left=lambda: self.clock.left,
            timeout=timeout,
        )
        return Sage50(http, options, {"token": token}, self.clock, lanes or self.lanes.append)

    def post(self, path: str, body: Any) -> Any:
        answer = self.admin.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, path: str = "salesOrder", **more: Any) -> None:
        self.post("/faults", [{"kind": kind, "match": {"path": path}, **more}])

    def orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin.get("/orders").json()
        return found

    def calls(self) -> dict[str, int]:
        counted: dict[str, int] = self.admin.delete("/calls").json()
        return counted


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, httpx.Client]]:
    """The running service and one client for its admin side."""
    with (
        serve(build_app(HyperOptions())) as running,
        httpx.Client(base_url=f"{running.url}/_admin", trust_env=False) as admin,
    ):
        yield running.url, admin


@pytest.fixture
def bench(office: tuple[str, httpx.Client]) -> Bench:
    found = Bench(*office)
    found.post("/reset", {})
    found.post(
        "/options",
        {
            "exclusive": False,
            "new_response": True,
            "old_customer_read": False,
            "sdo_ok": True,
            "company_name": "Example Trading Ltd",
            "release": 28,
            "reject_on_hold": False,
        },
    )
    found.post("/clock", {"shift_seconds": 0, "freeze": None})
    found.post(
        "/customers",
        [
            {
                "accountRef": "EXA001",
                "name": "Example Trading Ltd",
                "address1": "1 High St",
                "address3": "Leeds",
                "address5": "LS1 1AA",
                "telephone": "0113 000000",
                "defTaxCode": 1,
                "creditLimit": 1500.5,
            },
            {
                "accountRef": "EUR001",
                "name": "Beispiel GmbH",
                "currency": 2,
                "onHold": True,
                "inactiveAccount": True,
            },
        ],
    )
    found.post("/products", {"stockCode": "WIDGET/01", "description": "Widget", "salesPrice": 2.75})
    return found


def line(**changed: Any) -> dict[str, Any]:
    return {
        "stockCode": "S1",
        "description": "Consulting",
        "quantity": Decimal("1"),
        "unitPrice": Decimal("1234.57"),
        "taxCode": "1",
        "taxRate": Decimal("20"),
        "nominal": "4000",
        **changed,
    }


def order(**changed: Any) -> Values:
    return {"customerAccountRef": "EXA001", "orderDate": "2026-11-21", "invoiceItems": [line()], **changed}


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def test_it_is_a_system(bench: Bench) -> None:
    system: System = bench.sage(settle_seconds="120")
    assert (system.name, system.settle_seconds, system.capabilities.key_search) == ("sage_50", 120.0, True)


# ---------------------------------------------------------------- create


def test_create_gives_the_number_that_sage_assigned(bench: Bench) -> None:
    made = bench.sage().create(ORDER, order(), "KEY1")
    assert (made.id, made.values["orderNumber"]) == ("1001", "1001")
    stored = bench.orders()[0]
    assert (stored["customerOrderNumber"], stored["orderDate"]) == ("KEY1", "21/11/2026")
    assert (stored["itemsNet"], stored["itemsTax"], stored["itemsGross"]) == (1234.57, 246.91, 1481.48)
    sent = stored["invoiceItems"][0]
    assert (sent["discount"], sent["departmentNumber"], sent["taxCode"]) == (0.0, 0, 1)


def test_create_is_one_call(bench: Bench) -> None:
    bench.calls()
    bench.sage().create(ORDER, order(), "KEY1")
    assert bench.calls() == {"POST salesorder": 1}


def test_two_creates_with_one_key_are_two_orders_and_find_tells_both(bench: Bench) -> None:
    sage = bench.sage()
    first, second = sage.create(ORDER, order(), "TWICE"), sage.create(ORDER, order(), "TWICE")
    found = sage.find(ORDER, "customerOrderNumber", ["TWICE"])
    assert first.id != second.id
    assert {one.id for one in found["TWICE"]} == {first.id, second.id}


def test_amounts_travel_digit_for_digit(bench: Bench) -> None:
    bench.sage().create(ORDER, order(invoiceItems=[line(unitPrice=Decimal("99999999.99"))]), "BIG")
    assert bench.orders()[0]["itemsNet"] == 99999999.99
    body = next(one["request"] for one in bench.tape.lines if one["method"] == "POST")
    assert body["invoiceItems"][0]["unitPrice"] == Decimal("99999999.99")


def test_a_blank_address_is_left_to_sage_and_a_part_of_one_is_sent_whole(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(ORDER, order(address1=None, address5=""), "A")
    sage.create(ORDER, order(address1="7 New Rd", address2=None), "B")
    filled, own = bench.orders()
    assert (filled["address1"], filled["address3"]) == ("1 High St", "Leeds")
    assert (own["address1"], own["address3"], own["address5"]) == ("7 New Rd", "", "")


def test_odd_characters_survive(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(FULL_ORDER, order(delName=ODD, invoiceItems=[line(description=ODD)]), "ODD")
    found = sage.read(FULL_ORDER, [made.id])[made.id]
    assert isinstance(found, Snapshot)
    assert found.values["delName"] == ODD
    assert found.values["invoiceItems"][0]["description"] == ODD  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"customerAccountRef": "NOBODY"}, "NOBODY"),
        ({"customerAccountRef": None}, "customerAccountRef"),
        ({"invoiceItems": [line(stockCode="NO-SUCH")]}, "NO-SUCH"),
        ({"invoiceItems": []}, "invoiceItems"),
        ({"invoiceItems": [line(taxCode="77")]}, "T77"),
        ({"customerAccountRef": "EUR001"}, "currency must be the currency of the customer's account"),
        ({"currency": "2"}, "SDO error 34"),
        ({"delName": "x" * 31}, "delName cannot be .* 31 characters, and Sage takes at most 30"),
        ({"invoiceItems": [line(description="x" * 61)]}, "description of line 1"),
        ({"orderDate": "tomorrow"}, "orderDate cannot be 'tomorrow'"),
        ({"invoiceItems": [line(unitPrice="abc")]}, "unitPrice of line 1 cannot be 'abc'"),
    ],
)
@pytest.mark.parametrize("new_response", [True, False])
def test_a_refused_order_is_rejected_with_its_reason(
    bench: Bench, values: Values, words: str, new_response: bool
) -> None:
    bench.post("/options", {"new_response": new_response})
    with pytest.raises(RecordRejected, match=words):
        bench.sage().create(ORDER, order(**values), "KEY")
    assert bench.orders() == []


def test_the_service_refuses_long_text_too(bench: Bench) -> None:
    with pytest.raises(RecordRejected, match="description exceeds the maximum length of 60"):
        bench.sage(sage_version="29").create(ORDER, order(invoiceItems=[line(description="x" * 61)]), "KEY")


def test_a_key_that_would_be_cut_is_never_sent(bench: Bench) -> None:
    bench.calls()
    with pytest.raises(RecordRejected, match="customerOrderNumber"):
        bench.sage().create(ORDER, order(), "K" * 61)
    assert bench.calls() == {}


def test_an_order_takes_the_currency_of_a_foreign_account_and_leaves_out_the_base(bench: Bench) -> None:
    sage = bench.sage()
    euro = sage.create(ORDER, order(customerAccountRef="EUR001", currency="2"), "E")
    pound = sage.create(ORDER, order(currency="1"), "P")
    found = sage.read(FULL_ORDER, [euro.id, pound.id])
    assert [one.values["currency"] for one in found.values() if isinstance(one, Snapshot)] == ["2", "1"]
    sent = [one["request"] for one in bench.tape.lines if one["path"] == "/api/salesOrder"]
    assert ["currency" in body for body in sent] == [True, False]


def test_customers_products_and_addresses_can_be_made(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(CUSTOMER, {"accountRef": "new001", "name": ODD, "currency": "1"}, "KEY-C")
    assert made.id == "NEW001"
    assert [one.id for one in sage.find(CUSTOMER, "analysis1", ["KEY-C"])["KEY-C"]] == ["NEW001"]
    generated = sage.create(CUSTOMER, {"name": "Smokehouse"}, "K2")
    assert generated.id == "SMOK0001"
    address = sage.create(CONTACT, {"accountRef": "NEW001", "contact": "Ann", "role": "Buyer"}, "")
    assert (address.id, address.values["addressNumber"]) == ("NEW001/2", 2)
    read = sage.read(CONTACT, [address.id])[address.id]
    assert isinstance(read, Snapshot) and read.values["role"] == "Buyer"
    assert sage.create(PRODUCT, {"stockCode": "new-1", "salesPrice": Decimal("1.25")}, "").id == "NEW-1"


# ---------------------------------------------------------------- unknown outcomes


@pytest.mark.parametrize("kind", ["lost_reply", "502", "truncated_json", "late_500"])
def test_a_lost_answer_is_unknown_and_the_key_finds_the_order(bench: Bench, kind: str) -> None:
    bench.fault(kind)
    sage = bench.sage()
    with pytest.raises(OutcomeUnknown):
        sage.create(ORDER, order(), "LOST")
    assert [
        one.values["orderNumber"] for one in sage.find(ORDER, "customerOrderNumber", ["LOST"])["LOST"]
    ] == ["1001"]


@pytest.mark.parametrize("kind", ["lost_request", "html", "500"])
def test_an_order_that_was_not_made_is_unknown_too_and_the_key_finds_none(bench: Bench, kind: str) -> None:
    bench.fault(kind)
    with pytest.raises(OutcomeUnknown):
        bench.sage().create(ORDER, order(), "LOST")
    assert bench.sage().find(ORDER, "customerOrderNumber", ["LOST"]) == {"LOST": []}


def test_a_late_commit_shows_later(bench: Bench) -> None:
    bench.fault("late_commit", after=1.0)
    sage = bench.sage()
    with pytest.raises(OutcomeUnknown):
        sage.create(ORDER, order(), "LATE")
    assert sage.find(ORDER, "customerOrderNumber", ["LATE"])["LATE"] == []
    wait_until(lambda: len(sage.find(ORDER, "customerOrderNumber", ["LATE"])["LATE"]) == 1)


def test_an_answer_that_takes_too_long_is_unknown(bench: Bench) -> None:
    bench.fault("slow", after=1.6)
    bench.clock.left = 1.2
    with pytest.raises(OutcomeUnknown):
        bench.sage().create(ORDER, order(), "SLOW")
    wait_until(lambda: len(bench.orders()) == 1)


@pytest.mark.parametrize("kind", ["html", "truncated_json", "lost_reply", "500", "502"])
def test_a_read_without_an_answer_is_unavailable(bench: Bench, kind: str) -> None:
    bench.fault(kind, path="earchSalesLedger")
    with pytest.raises(Unavailable):
        bench.sage().find(CUSTOMER, "accountRef", ["EXA001"])


# ---------------------------------------------------------------- busy, locked, refused


def test_busy_is_asked_again_in_place_and_then_succeeds(bench: Bench) -> None:
    bench.fault("busy", times=3)
    assert bench.sage().create(ORDER, order(), "KEY").id == "1001"
    assert len(bench.orders()) == 1
    assert [0.5 * 2**n <= 2 * slept <= 1.5 * 2**n for n, slept in enumerate(bench.clock.slept)] == [True] * 3


def test_busy_for_ever_gives_up(bench: Bench) -> None:
    bench.fault("busy", times=-1)
    with pytest.raises(Busy, match="already running"):
        bench.sage().create(ORDER, order(), "KEY")
    assert len(bench.clock.slept) == 5
    assert bench.orders() == []


def test_busy_does_not_wait_beyond_the_deadline(bench: Bench) -> None:
    bench.fault("busy", times=-1)
    bench.clock.left = 6.0
    with pytest.raises(Busy):
        bench.sage().create(ORDER, order(), "KEY")
    assert bench.clock.left >= 5 and len(bench.clock.slept) < 5, (
        "slept into the time that the next call needs"
    )


def test_two_calls_of_one_resource_collide_for_real(bench: Bench) -> None:
    bench.fault("slow", path="earchSalesLedger", after=1.5)
    bench.calls()
    one, two = bench.sage(), bench.sage()
    other = threading.Thread(target=one.find, args=(CUSTOMER, "accountRef", ["EXA001"]))
    other.start()
    wait_until(lambda: bool(bench.admin.get("/calls").json()))
    assert two.find(ORDER, "orderNumber", ["1"]) == {"1": []}
    with pytest.raises(Busy):
        two.find(CUSTOMER, "accountRef", ["EXA001"])
    other.join()


@pytest.mark.parametrize("new_response", [True, False])
def test_exclusive_mode_is_unavailable_for_a_good_while(bench: Bench, new_response: bool) -> None:
    bench.post("/options", {"exclusive": True, "new_response": new_response})
    with pytest.raises(Unavailable, match="exclusive") as caught:
        bench.sage().create(ORDER, order(), "KEY")
    assert caught.value.after is not None and caught.value.after >= 600


def test_a_wrong_token_is_bad_credentials(bench: Bench) -> None:
    with pytest.raises(BadCredentials, match="HTTP 403"):
        bench.sage(token="wrong").find(CUSTOMER, "accountRef", ["EXA001"])
    with pytest.raises(BadCredentials):
        bench.sage(token=" ")
    assert "wrong" not in str(bench.tape.lines)


def test_lane_taken_passes_through_before_anything_is_sent(bench: Bench) -> None:
    def taken(resource: str) -> None:
        raise LaneTaken(f"lane {resource}")

    bench.calls()
    sage = bench.sage(lanes=taken)
    with pytest.raises(LaneTaken, match="lane salesorder"):
        sage.create(ORDER, order(), "KEY")
    with pytest.raises(LaneTaken, match="lane searchsalesledger"):
        sage.read(CUSTOMER, ["EXA001"])
    assert [type(one) for one in sage.update(CUSTOMER, [Patch("EXA001", {"name": "N"}), Patch("B", {})])] == [
        LaneTaken
    ] * 2
    assert bench.calls() == {}


def test_every_request_asks_for_its_lane(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(ORDER, order(), "KEY")
    sage.read(FULL_ORDER, ["1001"])
    sage.table("tax_codes")
    assert bench.lanes == ["salesorder", "searchsalesorder", "searchsalesorder", "salesorder", "taxcode"]


# ---------------------------------------------------------------- read and find


def test_a_customer_reads_alike_from_search_and_by_itself(bench: Bench) -> None:
    sage = bench.sage()
    by_search = sage.read(CUSTOMER, ["EUR001", "exa001"])
    single = sage.read(replace(CUSTOMER, fields=(*CUSTOMER.fields, "memo")), ["EUR001"])["EUR001"]
    found = by_search["EUR001"]
    assert isinstance(found, Snapshot) and isinstance(single, Snapshot)
    assert {name: single.values[name] for name in found.values} == found.values
    assert (found.values["currency"], found.values["onHold"], found.values["inactiveAccount"]) == (
        "2",
        True,
        True,
    )
    other = by_search["exa001"]
    assert isinstance(other, Snapshot)
    assert (other.id, other.values["telephone"], other.values["defTaxCode"]) == ("EXA001", "0113 000000", "1")
    assert other.values["creditLimit"] == Decimal("1500.50")


def test_many_customers_are_read_in_a_few_calls(bench: Bench) -> None:
    bench.post("/customers", [{"accountRef": f"C{n:03}", "name": f"Customer {n}"} for n in range(120)])
    bench.calls()
    found = bench.sage().read(CUSTOMER, [f"C{n:03}" for n in range(120)])
    assert all(isinstance(one, Snapshot) and one.id == key for key, one in found.items())
    assert bench.calls() == {"POST searchsalesledger": 4}


def test_every_id_is_in_the_answer_and_what_is_not_there_is_gone(bench: Bench) -> None:
    bench.post("/customers", {"accountRef": "DEL001", "name": "Deleted"})
    bench.admin.delete("/customers/DEL001?keep=1")
    found = bench.sage().read(CUSTOMER, ["EXA001", "NEVER1", "DEL001"])
    assert [type(found[one]) for one in ("EXA001", "NEVER1", "DEL001")] == [Snapshot, Gone, Gone]
    assert bench.sage().read(CUSTOMER, []) == {}
    assert isinstance(bench.sage().read(FULL_ORDER, ["7777"])["7777"], Gone)


def test_a_lock_is_never_gone(bench: Bench) -> None:
    bench.fault("exclusive", path="customer/")
    with pytest.raises(Unavailable):
        bench.sage().read(CUSTOMER, ["NEVER1"])


def test_older_services_read_a_customer_by_path(bench: Bench) -> None:
    bench.post("/options", {"old_customer_read": True, "new_response": False})
    found = bench.sage().read(replace(CUSTOMER, fields=("memo",)), ["EXA001"])["EXA001"]
    assert isinstance(found, Snapshot) and found.values["memo"] == ""


def test_prices_are_rounded_back_from_raw_doubles(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(
        FULL_ORDER, order(invoiceItems=[line(stockCode="WIDGET/01", unitPrice=Decimal("2.75"))]), "KEY"
    )
    found = sage.read(FULL_ORDER, [made.id])[made.id]
    assert isinstance(found, Snapshot) and isinstance(found.values["invoiceItems"], list)
    assert found.values["invoiceItems"][0]["unitPrice"] == Decimal("2.75")
    assert "2.7499999999999996" in str(bench.tape.lines)
    product = sage.read(PRODUCT, ["widget/01"])["widget/01"]
    assert isinstance(product, Snapshot) and product.values["taxCode"] == "1"


def test_find_asks_in_chunks_and_answers_every_value(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(ORDER, order(), "K7")
    bench.calls()
    found = sage.find(ORDER, "customerOrderNumber", [f"K{n}" for n in range(120)] + ["", " "])
    assert bench.calls() == {"POST searchsalesorder": 4}, (
        "three chunks, and one search for what is marked as deleted"
    )
    assert len(found) == 122
    assert [key for key, rows in found.items() if rows] == ["K7"]


def test_find_with_one_in_list(bench: Bench) -> None:
    sage = bench.sage(search_in="yes")
    sage.create(ORDER, order(), "K'7")
    sage.create(ORDER, order(), "K8")
    assert [len(rows) for rows in sage.find(ORDER, "customerOrderNumber", ["K8", "K9"]).values()] == [1, 0]
    assert [len(rows) for rows in sage.find(ORDER, "customerOrderNumber", ["K'7", "K8"]).values()] == [1, 1]
    sent = [one["request"][0]["type"] for one in bench.tape.lines if "search" in one["path"]]
    assert sent == ["in", "gte", "eq", "gte"]


def test_find_compares_account_references_in_upper_case_and_other_text_exactly(bench: Bench) -> None:
    found = bench.sage().find(CUSTOMER, "accountRef", ["exa001", "EXA001 ", "EXA0"])
    assert [len(rows) for rows in found.values()] == [1, 1, 0]
    assert bench.sage().find(CUSTOMER, "name", ["example trading ltd"]) == {"example trading ltd": []}


def test_find_leaves_out_what_is_marked_deleted(bench: Bench) -> None:
    made = bench.sage().create(ORDER, order(), "KEY")
    bench.post(f"/orders/{made.id}", {"recordDeleted": 1})
    assert bench.sage().find(ORDER, "customerOrderNumber", ["KEY"]) == {"KEY": []}
    assert list(bench.sage().changes(ORDER, None))[-1].records == ()


def test_find_answers_from_search_rows_alone(bench: Bench) -> None:
    """A batch of account references costs one call and one look for deleted rows, whatever else the rules
    map."""
    bench.calls()
    rules = replace(CUSTOMER, fields=(*CUSTOMER.fields, "memo"))
    found = bench.sage().find(rules, "accountRef", ["EXA001", "EUR001"])
    assert all(len(rows) == 1 and "memo" not in rows[0].values for rows in found.values())
    assert bench.calls() == {"POST searchsalesledger": 2}


def test_a_path_that_cannot_be_searched_is_named(bench: Bench) -> None:
    with pytest.raises(MissingField, match="'memo'"):
        bench.sage().find(CUSTOMER, "memo", ["x"])
    with pytest.raises(RuleInvalid, match="'invoice'"):
        bench.sage().read(ObjectSpec("sage_50", "invoice", "invoice", "", None, ()), ["1"])


# ---------------------------------------------------------------- update


def test_update_changes_only_its_fields_one_by_one(bench: Bench) -> None:
    sage = bench.sage()
    bench.calls()
    answers = sage.update(
        CUSTOMER,
        [
            Patch("exa001", {"telephone": "1", "address3": None}),
            Patch("NOBODY", {"name": "N"}),
            Patch("EUR001", {"onHold": False}),
        ],
    )
    assert [type(one) for one in answers] == [Snapshot, RecordRejected, Snapshot]
    assert bench.calls() == {"PATCH customer": 3}
    found = sage.read(CUSTOMER, ["EXA001", "EUR001"])
    first, second = found["EXA001"], found["EUR001"]
    assert isinstance(first, Snapshot) and isinstance(second, Snapshot)
    assert (first.values["telephone"], first.values["address3"], first.values["address5"]) == (
        "1",
        "",
        "LS1 1AA",
    )
    assert second.values["onHold"] is False


def test_update_of_an_order_names_its_account(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(ORDER, order(), "KEY")
    answer, missing = sage.update(
        ORDER, [Patch(made.id, {"notes1": ODD, "orderDate": "2026-12-01"}), Patch("999", {})]
    )
    assert isinstance(answer, Snapshot) and (answer.id, answer.values["orderDate"]) == (made.id, "2026-12-01")
    assert isinstance(missing, RecordRejected) and "999" in str(missing)
    stored = bench.orders()[0]
    assert (stored["notes1"], stored["orderDate"], stored["customerOrderNumber"]) == (
        ODD,
        "01/12/2026",
        "KEY",
    )


def test_update_of_an_allocated_order_is_refused(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(ORDER, order(), "KEY")
    bench.post(f"/orders/{made.id}", {"allocationStatus": 2})
    (answer,) = sage.update(ORDER, [Patch(made.id, {"notes1": "late"})])
    assert isinstance(answer, RecordRejected) and "allocated" in str(answer)


def test_a_locked_ledger_ends_the_updates_and_an_unknown_outcome_does_not(bench: Bench) -> None:
    sage = bench.sage()
    bench.post(
        "/options", {"overlap": False}
    )  # the lost call may still be under way when the next one arrives
    patches = [Patch("EXA001", {"telephone": "1"}), Patch("EUR001", {"telephone": "2"})]
    bench.fault("lost_reply", path="customer")
    assert [type(one) for one in sage.update(CUSTOMER, patches)] == [OutcomeUnknown, Snapshot]
    bench.fault("exclusive", path="customer", times=1)
    bench.calls()
    assert [type(one) for one in sage.update(CUSTOMER, patches)] == [Unavailable, Unavailable]
    assert bench.calls() == {"PATCH customer": 1}


# ---------------------------------------------------------------- changes


def test_changes_are_read_in_one_call_and_an_idle_poll_too(bench: Bench) -> None:
    sage = bench.sage()
    first = list(sage.changes(CUSTOMER, None))
    assert [one.id for page in first for one in page.records] == ["EUR001", "EXA001"]
    bench.calls()
    again = list(sage.changes(CUSTOMER, first[-1].cursor))
    assert bench.calls() == {"POST searchsalesledger": 1}
    assert again[-1].cursor == first[-1].cursor and again[-1].last


def test_changes_that_share_a_second_are_all_read_and_pages_resume(bench: Bench) -> None:
    bench.post("/clock", {"freeze": "2026-11-21T10:00:00"})
    bench.post("/customers", [{"accountRef": f"T{n:02}", "name": f"Tie {n}"} for n in range(25)])
    sage = bench.sage()
    everything = {one.id for page in sage.changes(CUSTOMER, None, 10) for one in page.records}
    pages = sage.changes(CUSTOMER, None, 10)
    first = next(pages)
    rest = {one.id for page in sage.changes(CUSTOMER, first.cursor, 10) for one in page.records}
    assert not first.last
    assert {one.id for one in first.records} | rest == everything
    assert len(everything) == 27


def test_an_old_change_is_not_read_again(bench: Bench) -> None:
    sage = bench.sage()
    bench.post("/clock", {"shift_seconds": 3600})
    bench.post("/customers", {"accountRef": "EXA001", "name": "Renamed"})
    (page,) = sage.changes(CUSTOMER, None)
    bench.post("/clock", {"shift_seconds": 7200})
    bench.post("/customers", {"accountRef": "EUR001", "name": "Umbenannt"})
    (page,) = sage.changes(CUSTOMER, page.cursor)
    assert [(one.id, one.values["name"]) for one in page.records if isinstance(one, Snapshot)] == [
        ("EXA001", "Renamed"),
        ("EUR001", "Umbenannt"),
    ]
    (page,) = sage.changes(CUSTOMER, page.cursor)
    assert [one.id for one in page.records] == ["EUR001"]


def test_changes_keep_to_their_conditions(bench: Bench) -> None:
    where = (
        Condition("inactiveAccount", "equals", "0"),
        Condition("telephone", "not_blank"),
        Condition("name", "equals", "Example Trading Ltd"),
        Condition("creditLimit", "gt", "1000"),
    )
    (page,) = bench.sage().changes(replace(CUSTOMER, where=where), None)
    assert [one.id for one in page.records] == ["EXA001"]
    (page,) = bench.sage().changes(
        replace(CUSTOMER, where=(Condition("accountRef", "in", ("EUR001", "X")),)), None
    )
    assert [one.id for one in page.records] == ["EUR001"]


def test_changes_hold_the_lines_when_the_rules_want_them(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(FULL_ORDER, order(), "KEY")
    (page,) = sage.changes(replace(FULL_ORDER, poll_mode="cursor"), None)
    (found,) = page.records
    assert isinstance(found, Snapshot) and isinstance(found.values["invoiceItems"], list) and found.version


# ---------------------------------------------------------------- tables, check, describe


def test_tables(bench: Bench) -> None:
    sage = bench.sage()
    assert sage.table("currencies")[:2] == [
        {"id": "1", "iso": "GBP", "rate": "1", "base": "1"},
        {"id": "2", "iso": "EUR", "rate": "1.17", "base": "0"},
    ]
    assert {"id": "1", "rate": "20", "name": "Standard rated transactions"} in sage.table("tax_codes")
    with pytest.raises(MissingField, match="'CHF'"):
        bench.sage(base_currency="CHF").table("currencies")


def test_check_of_a_good_connection(bench: Bench) -> None:
    found = bench.sage(expected_company="example trading ltd").check([CUSTOMER, ORDER])
    assert {one.level for one in found} == {"ok"}
    assert {one.subject for one in found} == {
        "connection",
        "tax codes",
        "currencies",
        "account",
        "sales_order",
    }


def test_the_shipped_rules_name_fields_that_exist(bench: Bench) -> None:
    specs = [one.maps["sage_50"].spec for one in compile_flow("sugarcrm--sage_50").entities.values()]
    found = bench.sage().check(specs)
    assert len(specs) > 1 and [one for one in found if one.level == "error"] == []


def test_check_tells_what_is_wrong_without_raising(bench: Bench) -> None:
    wrong = replace(CUSTOMER, fields=("accountRef", "shoeSize"), key_path="memo")
    assert [
        one.message
        for one in bench.sage(expected_company="Other Ltd").check([])
        if "Other Ltd" in one.message
    ]
    assert "HTTP 403" in bench.sage(token="no").check([CUSTOMER])[0].message
    errors = [one.message for one in bench.sage().check([wrong]) if one.level == "error"]
    assert any("memo" in message for message in errors)
    errors = [
        one.message for one in bench.sage().check([replace(wrong, key_path=None)]) if one.level == "error"
    ]
    assert any("shoeSize" in message for message in errors)


def test_nothing_is_written_to_another_company(bench: Bench) -> None:
    with pytest.raises(Halt, match="'Other Ltd'"):
        bench.sage(expected_company="Other Ltd").create(ORDER, order(), "KEY")
    bench.post("/options", {"sdo_ok": False})
    with pytest.raises(Unavailable, match="sdoStatusOk"):
        bench.sage(expected_company="Example Trading Ltd").create(ORDER, order(), "KEY")
    assert bench.orders() == []
    bench.post("/options", {"sdo_ok": True})
    sage = bench.sage(expected_company="Example Trading Ltd")
    bench.calls()
    sage.create(ORDER, order(), "A")
    sage.create(ORDER, order(), "B")
    assert bench.calls() == {"GET status": 1, "POST salesorder": 2}


def test_describe_gives_lengths(bench: Bench) -> None:
    found = bench.sage().describe("salesOrder")
    assert found is not None
    assert (found["customerOrderNumber"].length, found["invoiceItems.description"].length) == (60, 60)
    newer = bench.sage(sage_version="29").describe("salesOrder")
    assert newer is not None and newer["invoiceItems.description"].length == 120
    assert bench.sage().describe("starship") is None
