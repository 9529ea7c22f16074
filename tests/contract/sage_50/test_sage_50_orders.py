"""Orders, customers and products of Sage 50: what is sent, what is refused, what is lost."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.errors import (
    OutcomeUnknown,
    RecordRejected,
    Unavailable,
)
from shared.ports import Patch, Snapshot, System, Values
from tests.contract.sage_50.world import (
    CONTACT,
    CUSTOMER,
    FULL_ORDER,
    ODD,
    ORDER,
    PRODUCT,
    Bench,
    line,
    order,
)
from tests.contract.system_bench import snap, wait_until


def test_it_is_a_system(bench: Bench) -> None:
    system: System = bench.sage(settle_seconds="120")
    assert (system.name, system.settle_seconds, system.capabilities.key_search) == ("sage_50", 120.0, True)


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


def test_an_order_in_another_currency_shows_its_totals_in_that_currency_however_it_is_read(
    bench: Bench,
) -> None:
    sage = bench.sage()
    items = [line(quantity=1, unitPrice=Decimal("120.00"), discount=0)]
    euro = sage.create(ORDER, order(customerAccountRef="EUR001", currency="2", invoiceItems=items), "E")
    pound = sage.create(ORDER, order(invoiceItems=items), "P")
    kept = {str(one["orderNumber"]): one for one in bench.orders()}[euro.id]
    assert (kept["itemsNet"], kept["foreignItemsNet"]) == (102.56, 120.0)
    spec = replace(ORDER, fields=("itemsNet", "itemsTax"))
    for found in (sage.look_over(spec, [euro.id, pound.id]), sage.read(spec, [euro.id, pound.id])):
        shown = [snap(found[one.id]).values for one in (euro, pound)]
        totals = [(one["itemsNet"], one["itemsTax"]) for one in shown]
        assert totals == [(Decimal("120.00"), Decimal("24.00"))] * 2


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


def test_a_failure_after_the_order_was_made_is_unknown_and_the_key_finds_it(bench: Bench) -> None:
    bench.fault("late_500")
    sage = bench.sage()
    with pytest.raises(OutcomeUnknown):
        sage.create(ORDER, order(), "LOST")
    assert [
        one.values["orderNumber"] for one in sage.find(ORDER, "customerOrderNumber", ["LOST"])["LOST"]
    ] == ["1001"]


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
