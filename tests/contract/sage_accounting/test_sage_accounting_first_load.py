"""What a first load costs in calls: a create's own answer, the main addresses and the items' codes."""

import pytest

from shared.errors import RecordRejected
from shared.ports import ObjectSpec, Values
from shared.systems.sage_accounting.main_addresses import MainAddresses
from tests.contract.sage_accounting.records import one
from tests.contract.sage_accounting_bench import ACCOUNT, PERSON, PRODUCT, SERVICE, Bench, poll

FIRM: Values = {
    "name": "Acme",
    "main_address/address_line_1": "1 High St",
    "main_address/country_id": "GB",
    "main_contact_person/email": "jo@acme.test",
}
POST, LOOK = {"POST /contacts": 1}, {"POST /contacts": 1, "GET /contacts/{key}": 1}


def test_a_create_takes_its_own_answer_and_reads_nothing_again(bench: Bench) -> None:
    sage = bench.sage()
    bench.calls()
    made = sage.create(ACCOUNT, {**FIRM, "delivery_address/country_id": "IE"}, "key-1")
    assert bench.calls() == POST
    assert made.values["main_contact_person/email"] == "jo@acme.test"
    assert made.values["delivery_address/country_id"] == "IE" and made.values["delivery_address/city"] == ""
    assert made.values.items() <= one(sage, ACCOUNT, made.id).values.items()


def test_the_answer_of_an_earlier_create_is_read_again(bench: Bench) -> None:
    """It shows what was sent then, by whoever sent it, and what people made of it since."""
    bench.past(90)
    first = bench.sage().create(ACCOUNT, FIRM, "key-1")
    bench.past(0)
    bench.calls()
    again = bench.sage().create(ACCOUNT, {**FIRM, "main_address/address_line_1": "2 Low Rd"}, "key-1")
    assert bench.calls() == LOOK and again.id == first.id
    assert again.values["main_address/address_line_1"] == "1 High St"


@pytest.mark.parametrize(
    "differs",
    [
        pytest.param({"main_address/country_id": ""}, id="sage-fills-in-the-country"),
        pytest.param({"delivery_address/city": "Hull"}, id="a-delivery-address-without-one"),
    ],
)
def test_a_part_that_may_differ_from_what_was_sent_is_read_again(
    bench: Bench, differs: dict[str, str]
) -> None:
    sage = bench.sage()
    bench.calls()
    made = sage.create(ACCOUNT, {**FIRM, **differs}, "key-1")
    assert bench.calls() == LOOK
    assert made.values == one(sage, ACCOUNT, made.id).values


def test_an_answer_without_a_time_is_read_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sage = bench.sage()
    monkeypatch.setattr("shared.systems.sage_accounting.client._date", lambda reply: None)
    bench.calls()
    sage.create(ACCOUNT, FIRM, "key-1")
    assert bench.calls() == LOOK


def test_the_main_addresses_of_many_are_listed_once_for_all_workers(bench: Bench) -> None:
    firms = [bench.customer(f"Customer {number}") for number in range(12)]
    sage = bench.sage()
    bench.calls()
    for number, firm in enumerate(firms):
        sage.create(PERSON, {"name": f"Ann {number}", "contact_id": firm}, f"key-{number}")
    assert bench.calls() == {
        "GET /contacts/{key}": 5,
        "GET /contacts": 2,  # how many there are, and all of them
        "POST /contact_persons": 12,
    }
    other, late = bench.sage("another"), bench.customer("Late")
    for number, firm in enumerate([*firms, late]):
        other.create(PERSON, {"name": f"Bob {number}", "contact_id": firm}, f"bob-{number}")
    assert bench.calls() == {"GET /contacts": 1, "POST /contact_persons": 13}
    with pytest.raises(RecordRejected, match="no longer exists"):
        other.create(PERSON, {"name": "Eve", "contact_id": "0" * 32}, "key-eve")


def test_one_who_is_refused_under_a_listed_address_is_made_under_that_of_now(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outdated(self: MainAddresses, contact: str) -> str:
        return self._asked.get(contact, "0" * 32)

    monkeypatch.setattr(MainAddresses, "known", outdated)
    sage, firm = bench.sage(), bench.customer()
    bench.calls()
    made = sage.create(PERSON, {"name": "Bob", "contact_id": firm}, "bob")
    assert made.values["contact_id"] == firm
    calls = bench.calls()
    assert (calls["POST /contact_persons"], calls["GET /contacts/{key}"]) == (2, 1), calls
    assert sum(row["name"] == "Bob" for row in bench.records("contact_persons")) == 1
    bench.admin.delete(f"/contacts/{firm}")
    with pytest.raises(RecordRejected, match="no longer exists"):
        bench.sage("another").create(PERSON, {"name": "Eve", "contact_id": firm}, "eve")


@pytest.mark.parametrize("spec", [PRODUCT, SERVICE], ids=["product", "service"])
def test_the_codes_of_many_items_are_listed_once_for_all_workers(bench: Bench, spec: ObjectSpec) -> None:
    sage, listed = bench.sage(), f"GET /{spec.object}"
    first = sage.create(spec, {"item_code": "W-0", "description": "Widget 0"}, "key-0")
    for number in range(1, 9):
        assert sage.find(spec, "item_code", [f"W-{number}"]) == {f"W-{number}": []}
    other = bench.sage("another")
    other.create(spec, {"item_code": "X", "description": "Widget"}, "key-x")
    bench.calls()
    assert [hit.id for hit in other.find(spec, "item_code", ["w-0"])["w-0"]] == [first.id]
    for number in range(1, 4):
        code = f"W-{number}"
        assert other.find(spec, "item_code", [code]) == {code: []}
        other.create(spec, {"item_code": code, "description": "Widget"}, f"other-{number}")
    again = other.find(spec, "item_code", ["W-3"])["W-3"]
    assert [hit.values["item_code"] for hit in again] == ["W-3"], "our own, before the list shows it"
    assert bench.calls()[listed] == 1


def test_an_item_that_is_merely_looked_up_is_found_the_moment_it_is_there(bench: Bench) -> None:
    maker, sage = bench.sage("maker"), bench.sage()
    maker.create(PRODUCT, {"item_code": "W-0", "description": "Widget"}, "key-0")
    for number in range(9):
        maker.find(PRODUCT, "item_code", [f"W-{number}"])
    for _ in range(9):
        assert sage.find(PRODUCT, "item_code", ["W-9"]) == {"W-9": []}
    made = maker.create(PRODUCT, {"item_code": "W-9", "description": "Widget"}, "key-9")
    assert [hit.id for hit in sage.find(PRODUCT, "item_code", ["W-9"])["W-9"]] == [made.id]


def test_a_supplier_is_asked_for_once_however_often_its_person_is_listed(bench: Bench) -> None:
    firms = [bench.customer(f"Customer {number}") for number in range(7)]
    sage = bench.sage()
    for number, firm in enumerate(firms):
        sage.create(PERSON, {"name": f"Ann {number}", "contact_id": firm}, f"key-{number}")
    bench.add("contacts", name="Supplier", contact_type_ids=["VENDOR"])
    poll(bench.sage("first"), PERSON, None)
    bench.calls()
    poll(bench.sage("second"), PERSON, None)
    assert bench.calls() == {"GET /contact_persons": 1}
