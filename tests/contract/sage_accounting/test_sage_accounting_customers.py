"""Customers of Sage Accounting with their addresses, and their contact persons."""

import hashlib
from datetime import timedelta

import pytest

from shared.errors import (
    BadCredentials,
    MissingPermission,
    OutcomeUnknown,
    RecordRejected,
    StaleVersion,
)
from shared.ports import Gone, Patch, Snapshot
from tests.contract.sage_accounting.records import changed, customers, one
from tests.contract.sage_accounting_bench import (
    ACCOUNT,
    PERSON,
    Bench,
    poll,
)
from tests.contract.system_bench import snap

ADDRESS_OWN = ("id", "updated_at", "country_group_id", "name")
PERSON_OWN = ("id", "updated_at")


def test_a_customer_is_created_with_its_parts_read_flat_and_changed_in_part(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(
        ACCOUNT,
        {
            "name": "Acme & Söhne",
            "reference": "ACME01",
            "main_address/address_line_1": "1 High St",
            "main_address/city": "Leeds",
            "main_address/country_id": "GB",
            "main_contact_person/email": "jo@acme.test",
            "delivery_address/city": "",
        },
        "key-1",
    )
    assert made.values["main_address/city"] == "Leeds" and made.values["main_address/country_id"] == "GB"
    assert made.values["main_contact_person/email"] == "jo@acme.test" and made.values["currency_id"] == "GBP"
    assert made.values["contact_type_id"] == "CUSTOMER" and made.values["delivery_address/city"] == ""
    assert made.values["credit_limit"] in ("", "0.0") and made.values["is_active"] is True and made.version
    read = one(sage, ACCOUNT, made.id)
    assert made.values.items() <= read.values.items() and made.version == read.version
    assert read.values.keys() - made.values.keys() == {
        "balance",
        *(f"{part}/{name}" for part in ("main_address", "delivery_address") for name in ADDRESS_OWN),
        *(f"main_contact_person/{name}" for name in PERSON_OWN),
    }, "only what Sage has of its own is not in a create's answer"
    written = changed(
        sage,
        ACCOUNT,
        made.id,
        main_address__city="York",
        delivery_address__city="Hull",
        main_contact_person__telephone="0113 496 0000",
        reference="",
    )
    assert isinstance(written, Snapshot)
    assert not any("/" in path for path in written.values), "what the answer does not show is left out"
    written = one(sage, ACCOUNT, made.id)
    assert (written.values["main_address/city"], written.values["main_address/address_line_1"]) == (
        "York",
        "1 High St",
    )
    assert written.values["delivery_address/city"] == "Hull" and written.values["reference"] == ""
    assert written.values["main_contact_person/email"] == "jo@acme.test"
    assert (
        read.values["main_contact_person/name"]
        == written.values["main_contact_person/name"]
        == "Main Contact"
    )
    changed(sage, ACCOUNT, made.id, main_address__city="", main_address__country_id=None)
    cleared = one(sage, ACCOUNT, made.id)
    assert cleared.values["main_address/city"] == "" and cleared.values["main_address/country_id"] in (
        "",
        "GB",
    )


def test_a_repeated_create_is_one_record_even_with_another_payload(bench: Bench) -> None:
    sage = bench.sage()
    first = sage.create(ACCOUNT, {"name": "Acme"}, "key-1")
    again = bench.sage("another").create(ACCOUNT, {"name": "Acme Holdings"}, "key-1")
    assert again.id == first.id and again.values["name"] == "Acme" and len(customers(bench)) == 1
    assert sage.create(ACCOUNT, {"name": "Acme"}, "key-2").id != first.id
    sent = bench.writes()[0]["body"]["idempotency_id"]
    assert sent == hashlib.sha256(b"key-1").hexdigest()[:32]
    assert bench.lanes and set(bench.lanes) == {"contacts"}


@pytest.mark.parametrize("kind", ["late_500", "502", "lost_reply", "truncated_json"])
def test_an_answer_lost_after_the_commit_is_asked_for_again_with_the_same_id(bench: Bench, kind: str) -> None:
    sage = bench.sage()
    bench.fault(kind, "/v3.1/contacts$", method="POST")
    made = sage.create(ACCOUNT, {"name": "Acme"}, "key-1")
    assert made.values["name"] == "Acme" and len(customers(bench)) == 1
    bench.fault(kind, "/v3.1/contacts/", method="PUT")
    assert changed(sage, ACCOUNT, made.id, notes="Seen").values["notes"] == "Seen"
    bench.fault(kind, "/v3.1/contacts$", method="POST", times=2)
    with pytest.raises(OutcomeUnknown):
        sage.create(ACCOUNT, {"name": "Beta"}, "key-2")
    assert (
        sage.create(ACCOUNT, {"name": "Beta"}, "key-2").values["name"] == "Beta"
        and len(customers(bench)) == 2
    )


def test_a_refused_repeat_leaves_the_first_try_open(bench: Bench) -> None:
    """What became of the first is not known by that: Sage may have been busy with it."""
    bench.fault("lost_request", "/v3.1/contacts$", method="POST")
    with pytest.raises(OutcomeUnknown, match="refused the second request"):
        bench.sage().create(ACCOUNT, {"name": "Acme", "main_address/country_id": "nowhere"}, "key-1")


def test_a_guarded_patch_reads_again_unless_its_reading_is_fresh(bench: Bench) -> None:
    bench.past(3600)
    sage, contact = bench.sage(), bench.customer()
    bench.past(0)
    read = one(sage, ACCOUNT, contact)
    bench.calls()
    fresh = Patch(contact, {"notes": "a"}, read.version, bench.clock.now(), "write-1")
    assert isinstance(sage.update(ACCOUNT, [fresh])[0], Snapshot) and bench.calls() == {
        "PUT /contacts/{key}": 1
    }
    stale = Patch(contact, {"notes": "b"}, read.version, bench.clock.now() - timedelta(seconds=6), "write-2")
    assert isinstance(sage.update(ACCOUNT, [stale])[0], StaleVersion)
    assert one(sage, ACCOUNT, contact).values["notes"] == "a"
    assert isinstance(
        sage.update(ACCOUNT, [Patch(contact, {"notes": "c"}, one(sage, ACCOUNT, contact).version)])[0],
        Snapshot,
    )


def test_a_version_moves_when_only_the_address_changes(bench: Bench) -> None:
    bench.past(3600)
    sage, contact = (
        bench.sage(),
        bench.customer(main_address={"address_type_id": "ACCOUNTS", "name": "Main Address"}),
    )
    bench.past(0)
    before = one(sage, ACCOUNT, contact)
    address = next(
        row["id"] for row in bench.records("addresses") if (row["contact"] or {}).get("id") == contact
    )
    bench.post("/addresses", {"id": address, "city": "Hull"})
    after = one(sage, ACCOUNT, contact)
    assert after.values["updated_at"] == before.values["updated_at"]
    assert before.version is not None and (after.version or "") > before.version


def test_deleted_and_unknown_customers_are_gone_but_an_unreachable_business_is_not(bench: Bench) -> None:
    contact = bench.customer()
    kept, sage = bench.customer("Kept"), bench.sage()
    assert bench.admin.delete(f"/contacts/{contact}").status_code == 200
    for status in (404, 200):
        bench.options(deleted_get=status)
        found = sage.read(ACCOUNT, [contact, "0" * 32, kept])
        assert (
            isinstance(found[contact], Gone)
            and isinstance(found["0" * 32], Gone)
            and isinstance(found[kept], Snapshot)
        )
    assert isinstance(changed(sage, ACCOUNT, contact, name="x"), RecordRejected)
    bench.options(unknown_business_status=404)
    with pytest.raises(MissingPermission, match="no longer has access to the business"):
        bench.sage(business="f" * 32).read(ACCOUNT, [kept])
    bench.options(unknown_business_status=403)
    with pytest.raises(MissingPermission):
        bench.sage(business="f" * 32).read(ACCOUNT, [kept])
    with pytest.raises(BadCredentials, match="tieout connect sage_accounting"):
        bench.sage(business="").read(ACCOUNT, [kept])


def test_customers_are_found_by_exact_value_in_any_case(bench: Bench) -> None:
    sage = bench.sage()
    ids = [
        bench.customer(
            "Acme Ltd",
            reference="A1",
            main_contact_person={
                "contact_person_type_ids": ["ACCOUNTS"],
                "name": "Jo",
                "email": "jo@acme.test",
                "is_main_contact": True,
            },
        ),
        bench.customer("Acme Ltd", reference="A10"),
        bench.customer("Acme Ltd & Sons", tax_number="GB123456789"),
    ]
    found = sage.find(ACCOUNT, "name", ["acme ltd", "Nobody", ""])
    assert {hit.id for hit in found["acme ltd"]} == set(ids[:2]) and found["Nobody"] == [] and found[""] == []
    assert [hit.id for hit in sage.find(ACCOUNT, "reference", ["a1"])["a1"]] == ids[:1]
    assert [
        hit.id for hit in sage.find(ACCOUNT, "main_contact_person/email", ["JO@acme.test"])["JO@acme.test"]
    ] == ids[:1]
    assert [hit.id for hit in sage.find(ACCOUNT, "tax_number", ["GB123456789"])["GB123456789"]] == ids[2:]
    assert [hit.id for hit in sage.find(ACCOUNT, "id", [ids[1]])[ids[1]]] == ids[1:2]
    assert (
        sage.find(ACCOUNT, "name", ["acme ltd"])["acme ltd"][0].values["main_address/name"] == "Main Address"
    )


def test_a_person_hangs_off_its_customer_and_moves_to_another(bench: Bench) -> None:
    sage, first, second = bench.sage(), bench.customer("First"), bench.customer("Second")
    made = sage.create(
        PERSON, {"name": "Ann O'Hara", "email": "ann@first.test", "contact_id": first}, "key-1"
    )
    assert made.values["contact_id"] == first and made.values["is_main_contact"] is False
    moved = changed(sage, PERSON, made.id, contact_id=second, job_title="Buyer")
    assert moved.values["contact_id"] == second and moved.values["job_title"] == "Buyer"
    assert one(bench.sage(), PERSON, made.id).values["contact_id"] == second
    bench.calls()
    assert (
        changed(sage, PERSON, made.id, contact_id=second, mobile="07700 900000").values["contact_id"]
        == second
    )
    assert bench.writes()[-1]["body"].keys() == {"mobile", "idempotency_id"}
    assert {hit.id for hit in sage.find(PERSON, "contact_id", [second])[second]} >= {made.id}
    with pytest.raises(RecordRejected, match="customer"):
        sage.create(PERSON, {"name": "Bob", "contact_id": "0" * 32}, "key-2")
    assert "/contacts" not in " ".join(bench.lanes)


def test_persons_are_listed_with_their_customers_in_few_calls(bench: Bench) -> None:
    sage = bench.sage()
    owners = {bench.customer(f"Customer {number}") for number in range(14)}
    bench.calls()
    found, cursor = poll(sage, PERSON, None)
    assert {snap(record).values["contact_id"] for record in found} >= owners
    assert bench.calls() == {"GET /contact_persons": 1, "GET /addresses": 1, "GET /contacts": 1}
    assert poll(sage, PERSON, cursor)[1].keys() >= {"since", "deleted"}
    assert bench.calls() == {"GET /contact_persons": 2}


def test_persons_and_addresses_of_suppliers_are_passed_over(bench: Bench) -> None:
    bench.past(3600)
    sage, contact = bench.sage(), bench.customer()
    _, cursor = poll(sage, ACCOUNT, None)
    supplier = bench.add("contacts", name="Supplier", contact_type_ids=["VENDOR"])
    bench.past(0)
    assert {snap(record).values["contact_id"] for record in poll(sage, PERSON, None)[0]} == {contact}
    found, _ = poll(
        sage, ACCOUNT, {**cursor, "addresses": cursor["since"], "contact_persons": cursor["since"]}
    )
    assert {record.id for record in found} == {contact} and supplier


def test_persons_are_found_by_e_mail_with_one_call_once_they_are_known(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    ann = sage.create(PERSON, {"name": "Ann", "email": "ann@first.test", "contact_id": contact}, "key-1")
    assert [hit.id for hit in sage.find(PERSON, "email", ["Ann@First.test"])["Ann@First.test"]] == [ann.id]
    bench.calls()
    assert sage.find(PERSON, "email", ["bob@first.test"]) == {"bob@first.test": []}
    assert bench.calls() == {"GET /contact_persons": 1}
    bob = sage.create(PERSON, {"name": "Bob", "email": "bob@first.test", "contact_id": contact}, "key-2")
    assert [hit.id for hit in sage.find(PERSON, "email", ["bob@first.test"])["bob@first.test"]] == [bob.id]
    bench.admin.delete(f"/contact_persons/{ann.id}")
    assert sage.find(PERSON, "email", ["ann@first.test"]) == {"ann@first.test": []}
