"""The promises of `ports.System`, kept by the Sage Accounting connector against the emulated service over
real HTTP."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.spec import SpecCheck
from shared.clock import SystemClock
from shared.errors import (
    BadCredentials,
    LaneTaken,
    MissingPermission,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    StaleVersion,
    Unavailable,
)
from shared.mapping.compile import compile_flow
from shared.ports import Gone, Hint, ObjectSpec, Patch, Snapshot, Values
from shared.sync.engine.reference_tables import Tables
from shared.systems._lanes import HeldLanes
from shared.systems.sage_accounting.system import SageAccounting
from tests.contract.sage_accounting_bench import (
    ACCOUNT,
    INVOICE,
    PERSON,
    PRODUCT,
    SERVICE,
    SPECS,
    Bench,
    poll,
)


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, Any]]:
    app = build_app(SageAccountingOptions(), check=SpecCheck(SPECS) if SPECS.is_dir() else None)
    with serve(app) as running:
        yield running.url, app


@pytest.fixture
def bench(office: tuple[str, Any]) -> Iterator[Bench]:
    found = Bench(*office)
    found.service.options.__dict__.update(SageAccountingOptions().__dict__)
    found.post("/reset", {})
    found.post("/clock", {"shift_seconds": 0, "freeze": None})
    found.admin.delete("/calls")
    yield found
    assert found.violations() == []
    found.admin.close()


def line(**changed: Any) -> dict[str, Any]:
    return {
        "description": "Widget",
        "quantity": Decimal("2"),
        "unit_price": Decimal("9.99"),
        "tax_rate_id": "GB_STANDARD",
        "tax_amount": Decimal("4.00"),
        "discount_amount": Decimal("0"),
        **changed,
    }


def invoice(contact: str, **changed: Any) -> Values:
    return {
        "contact_id": contact,
        "date": "2026-11-21",
        "reference": "SO-1",
        "status_id": "DRAFT",
        "invoice_lines": [line()],
        **changed,
    }


def one(system: SageAccounting, of: ObjectSpec, record_id: str) -> Snapshot:
    found = system.read(of, [record_id])[record_id]
    assert isinstance(found, Snapshot)
    return found


def changed(system: SageAccounting, of: ObjectSpec, record_id: str, **values: Any) -> Any:
    return system.update(
        of, [Patch(record_id, {name.replace("__", "/"): value for name, value in values.items()})]
    )[0]


# ---------------------------------------------------------------- customers


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
    assert one(sage, ACCOUNT, made.id).values == made.values
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
        made.values["main_contact_person/name"]
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
    assert again.id == first.id and again.values["name"] == "Acme" and len(_customers(bench)) == 1
    assert sage.create(ACCOUNT, {"name": "Acme"}, "key-2").id != first.id
    sent = bench.writes()[0]["body"]["idempotency_id"]
    assert sent == hashlib.sha256(b"key-1").hexdigest()[:32]
    assert bench.lanes and set(bench.lanes) == {"contacts"}


@pytest.mark.parametrize("kind", ["late_500", "502", "lost_reply", "truncated_json"])
def test_an_answer_lost_after_the_commit_is_asked_for_again_with_the_same_id(bench: Bench, kind: str) -> None:
    sage = bench.sage()
    bench.fault(kind, "/v3.1/contacts$", method="POST")
    made = sage.create(ACCOUNT, {"name": "Acme"}, "key-1")
    assert made.values["name"] == "Acme" and len(_customers(bench)) == 1
    bench.fault(kind, "/v3.1/contacts/", method="PUT")
    assert changed(sage, ACCOUNT, made.id, notes="Seen").values["notes"] == "Seen"
    bench.fault(kind, "/v3.1/contacts$", method="POST", times=2)
    with pytest.raises(OutcomeUnknown):
        sage.create(ACCOUNT, {"name": "Beta"}, "key-2")
    assert (
        sage.create(ACCOUNT, {"name": "Beta"}, "key-2").values["name"] == "Beta"
        and len(_customers(bench)) == 2
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
    assert after.values["updated_at"] == before.values["updated_at"] and after.version > before.version


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


def _customers(bench: Bench) -> list[dict[str, Any]]:
    return [row for row in bench.records("contacts") if not row["system"]]


# ---------------------------------------------------------------- contact persons


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
    assert {record.values["contact_id"] for record in found} >= owners
    assert bench.calls() == {"GET /contact_persons": 1, "GET /addresses": 1, "GET /contacts": 1}
    assert poll(sage, PERSON, cursor)[1].keys() >= {"since", "deleted"}
    assert bench.calls() == {"GET /contact_persons": 2}


def test_persons_and_addresses_of_suppliers_are_passed_over(bench: Bench) -> None:
    bench.past(3600)
    sage, contact = bench.sage(), bench.customer()
    _, cursor = poll(sage, ACCOUNT, None)
    supplier = bench.add("contacts", name="Supplier", contact_type_ids=["VENDOR"])
    bench.past(0)
    assert {record.values["contact_id"] for record in poll(sage, PERSON, None)[0]} == {contact}
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


# ---------------------------------------------------------------- items


def test_products_and_stock_items_are_listed_once_and_written_where_they_belong(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(
        PRODUCT,
        {
            "item_code": "WID",
            "description": "Widget",
            "sales_price": Decimal("9.99"),
            "active": True,
            "sales_tax_rate_id": "GB_STANDARD",
            "cost_price": Decimal("4"),
        },
        "key-1",
    )
    assert made.values["sales_price"] == "9.99" and "quantity_in_stock" not in made.values
    assert made.values["sales_ledger_account_id"] and made.values["purchase_ledger_account_id"]
    stock = bench.sage(new_products="stock_items").create(
        PRODUCT, {"item_code": "BOX", "description": "Box", "sales_price": "1.50"}, "key-2"
    )
    assert Decimal(str(stock.values["quantity_in_stock"])) == 0
    found, _ = poll(bench.sage(), PRODUCT, None)
    assert sorted(record.id for record in found) == sorted([made.id, stock.id])
    other = bench.sage("another")
    assert changed(other, PRODUCT, stock.id, description="Carton").values["description"] == "Carton"
    assert bench.writes()[-1]["resource"] == "stock_items"
    assert changed(other, PRODUCT, made.id, active=False).values["active"] is False
    assert [hit.id for hit in other.find(PRODUCT, "item_code", ["box"])["box"]] == [stock.id]
    assert isinstance(sage.read(PRODUCT, ["0" * 32])["0" * 32], Gone)
    assert set(bench.lanes) == {"items"}


def test_a_price_is_the_first_types_and_the_others_are_sent_again(bench: Bench) -> None:
    sage = bench.sage()
    types = [row["id"] for row in bench.records("product_sales_price_types")]
    item = sage.create(PRODUCT, {"description": "Widget", "item_code": "W"}, "key-1").id
    bench.post(
        "/products",
        {
            "id": item,
            "sales_prices": [
                {
                    "product_sales_price_type_id": types[0],
                    "price_name": "Sales Price",
                    "price": "12.00",
                    "price_includes_tax": True,
                },
                {
                    "product_sales_price_type_id": types[1],
                    "price_name": "Trade",
                    "price": "7.00",
                    "price_includes_tax": False,
                },
            ],
        },
    )
    gross = one(sage, PRODUCT, item)
    assert gross.values["sales_price"] == "" and gross.values["price_includes_tax"] is True
    net = changed(sage, PRODUCT, item, sales_price=Decimal("10"))
    assert net.values["sales_price"] == "10.0" and net.values["price_includes_tax"] is False
    kept = {
        row["product_sales_price_type"]["id"]: row["price"]
        for row in next(row for row in bench.records("products") if row["id"] == item)["sales_prices"]
    }
    assert kept[types[1]] == "7.0" and kept[types[0]] == "10.0"


def test_services_have_rates_and_a_plan_without_stock_is_told_once(bench: Bench) -> None:
    bench.options(plan="Standard")
    sage = bench.sage()
    made = sage.create(
        SERVICE, {"item_code": "CON", "description": "Consulting", "sales_rate": "80.00"}, "key-1"
    )
    assert made.values["sales_rate"] == "80.0" and made.values["sales_ledger_account_id"]
    assert changed(sage, SERVICE, made.id, sales_rate="85.5").values["sales_rate"] == "85.5"
    poll(sage, PRODUCT, None)
    bench.calls()
    _, cursor = poll(bench.sage(), PRODUCT, None)
    poll(bench.sage(), PRODUCT, cursor)
    assert bench.calls() == {"GET /products": 3}
    with pytest.raises(RecordRejected, match="no stock"):
        bench.sage(new_products="stock_items").create(
            PRODUCT, {"item_code": "B", "description": "Box"}, "key-2"
        )


# ---------------------------------------------------------------- invoices


def test_a_draft_is_written_released_once_and_then_left_alone(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    item = sage.create(PRODUCT, {"description": "Widget", "item_code": "W"}, "key-0")
    lines = [
        line(product_id=item.id),
        line(description="Advice", discount_amount=Decimal("1.98"), tax_amount=Decimal("3.60")),
    ]
    made = sage.create(
        INVOICE, invoice(contact, invoice_lines=lines, **{"main_address/city": "Leeds"}), "key-1"
    )
    assert (
        made.values["status_id"] == "DRAFT"
        and made.values["number"] == ""
        and made.values["main_address/city"] == "Leeds"
    )
    assert made.values["tax_amount"] == "7.6" and made.values["contact_id"] == contact
    assert made.values["invoice_lines"][0] == {
        "product_id": item.id,
        "service_id": "",
        "description": "Widget",
        "quantity": "2.0",
        "unit_price": "9.99",
        "discount_amount": "0.0",
        "tax_rate_id": "GB_STANDARD",
        "tax_amount": "4.0",
    }
    assert made.values["invoice_lines"][1]["discount_amount"] == "1.98"
    patched = changed(sage, INVOICE, made.id, reference="SO-2", invoice_lines=lines[:1], status_id="UNPAID")
    assert patched.values["status_id"] == "UNPAID" and patched.values["number"].startswith("SI-")
    assert patched.values["reference"] == "SO-2" and len(patched.values["invoice_lines"]) == 1
    writes = len(bench.writes())
    refused = changed(sage, INVOICE, made.id, reference="SO-3")
    assert isinstance(refused, RecordRejected) and "issued" in str(refused)
    assert changed(sage, INVOICE, made.id, status_id="UNPAID").values["number"] == patched.values["number"]
    assert len(bench.writes()) == writes and set(bench.lanes) == {"items", "documents"}
    assert [row["sent"] for row in bench.records("sales_invoices")] == [False]
    assert bench.records("sales_invoices")[0]["tax_amount"] == "4.0"


def test_an_invoice_may_be_issued_at_once_and_other_statuses_are_sages_own(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    issued = sage.create(INVOICE, invoice(contact, status_id="UNPAID"), "key-1")
    assert issued.values["status_id"] == "UNPAID" and issued.values["number"]
    with pytest.raises(RecordRejected, match="payments"):
        sage.create(INVOICE, invoice(contact, status_id="PAID"), "key-2")
    draft = sage.create(INVOICE, invoice(contact, status_id=""), "key-3")
    assert draft.values["status_id"] == "DRAFT"
    assert "payments" in str(changed(sage, INVOICE, draft.id, status_id="VOID"))
    found = sage.find(INVOICE, "reference", ["so-1"])["so-1"]
    assert {hit.id for hit in found} == {issued.id, draft.id} and found[0].values["invoice_lines"]
    number = str(issued.values["number"])
    assert [hit.id for hit in sage.find(INVOICE, "number", [number])[number]] == [issued.id]
    assert {hit.id for hit in sage.find(INVOICE, "contact_id", [contact])[contact]} == {issued.id, draft.id}


def test_a_release_whose_answer_was_lost_is_looked_at(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    draft = sage.create(INVOICE, invoice(contact), "key-1")
    bench.fault("lost_reply", "/release$")
    assert changed(sage, INVOICE, draft.id, status_id="UNPAID").values["number"]
    second = sage.create(INVOICE, invoice(contact), "key-2")
    bench.fault("lost_request", "/release$")
    assert isinstance(changed(sage, INVOICE, second.id, status_id="UNPAID"), OutcomeUnknown)


def test_invoices_in_a_foreign_currency_state_their_rate_as_the_setting_says(bench: Bench) -> None:
    for direction in ("base_per_foreign", "foreign_per_base"):
        bench.options(rate_direction=direction)
        sage, contact = bench.sage(rate_direction=direction), bench.customer(currency_id="EUR")
        made = sage.create(
            INVOICE, invoice(contact, currency_id="EUR", exchange_rate=Decimal("0.8")), f"key-{direction}"
        )
        assert Decimal(str(made.values["exchange_rate"])) == Decimal("0.8")
        base, total = (
            Decimal(str(made.values[name])) for name in ("base_currency_total_amount", "total_amount")
        )
        assert abs(base - total * Decimal("0.8")) <= Decimal("0.02")
        rows = sage.table("currencies")
        assert rows[0] == {"id": "GBP", "iso": "GBP", "rate": "1", "base": "1"}
        assert abs(
            Decimal(next(row["rate"] for row in rows if row["id"] == "EUR")) - Decimal("0.86")
        ) < Decimal("0.001")


# ---------------------------------------------------------------- changes


def test_a_quiet_poll_is_one_call_for_each_list_and_keeps_its_cursor(bench: Bench) -> None:
    bench.past(3600)
    sage, contact = bench.sage(), bench.customer()
    sage.create(PRODUCT, {"description": "Widget", "item_code": "W"}, "key-1")
    sage.create(SERVICE, {"description": "Advice"}, "key-2")
    sage.create(INVOICE, invoice(contact), "key-3")
    bench.past(0)
    lists = [
        (ACCOUNT, {"GET /addresses": 1, "GET /contact_persons": 1, "GET /contacts": 2}),
        (PERSON, {"GET /contact_persons": 2}),
        (PRODUCT, {"GET /products": 2, "GET /stock_items": 2}),
        (SERVICE, {"GET /services": 2}),
        (INVOICE, {"GET /sales_invoices": 2}),
    ]
    for of, wanted in lists:
        found, cursor = poll(sage, of, None)
        assert found, of.entity
        bench.calls()
        again, kept = poll(sage, of, cursor)
        assert bench.calls() == wanted and kept == cursor, of.entity
        assert all(isinstance(record, Snapshot) for record in again), of.entity


def test_a_changed_address_or_main_person_is_told_once_as_a_hint_of_its_customer(bench: Bench) -> None:
    bench.past(3600)
    sage, contact, other = bench.sage(), bench.customer(), bench.customer("Other")
    _, cursor = poll(sage, ACCOUNT, None)
    bench.past(600)
    address = next(
        row["id"] for row in bench.records("addresses") if (row["contact"] or {}).get("id") == contact
    )
    bench.post("/addresses", {"id": address, "city": "Hull"})
    person = next(
        row["id"]
        for row in bench.records("contact_persons")
        if row["is_main_contact"] and row["address"]["id"] != address
    )
    bench.post("/contact_persons", {"id": person, "email": "new@other.test"})
    bench.past(0)
    cursor = {**cursor, "addresses": cursor["since"], "contact_persons": cursor["since"]}
    listed, _ = poll(sage, ACCOUNT, cursor)
    assert {record.id for record in listed if isinstance(record, Snapshot)} >= {contact, other}
    assert not [record for record in listed if isinstance(record, Hint)], "what is listed whole needs no hint"
    later = datetime.fromisoformat(cursor["since"]) + timedelta(seconds=300)
    found, cursor = poll(sage, ACCOUNT, {**cursor, "since": later.isoformat()})
    assert {record.id for record in found if isinstance(record, Hint)} >= {contact, other}
    again, kept = poll(sage, ACCOUNT, cursor)
    assert [record for record in again if isinstance(record, Hint)] == [] and kept == cursor


def test_deletions_are_told_once_and_old_ones_never(bench: Bench) -> None:
    sage = bench.sage()
    bench.past(3600)
    old = bench.customer("Old")
    bench.admin.delete(f"/contacts/{old}")
    bench.past(0)
    contact = bench.customer()
    found, cursor = poll(sage, ACCOUNT, None)
    assert [record.id for record in found if isinstance(record, Gone)] == [] and old not in {
        record.id for record in found
    }
    bench.past(-60)
    bench.admin.delete(f"/contacts/{contact}")
    found, cursor = poll(sage, ACCOUNT, cursor)
    assert [record.id for record in found if isinstance(record, Gone)] == [contact]
    bench.past(-61)
    second = bench.customer("Second")
    bench.admin.delete(f"/contacts/{second}")
    found, cursor = poll(sage, ACCOUNT, cursor)
    assert [record.id for record in found if isinstance(record, Gone)] == [second]
    assert not [record for record in poll(sage, ACCOUNT, cursor)[0] if isinstance(record, Gone)]


def test_a_long_list_is_read_in_pages_without_loss_or_loop(bench: Bench) -> None:
    sage = bench.sage()
    ids = {bench.customer(f"Customer {number}") for number in range(7)}
    pages = list(sage.changes(ACCOUNT, None, 3))
    assert {record.id for page in pages for record in page.records} == ids and len(pages) == 3
    assert [bool(page.cursor) for page in pages] == [False, False, True]
    bench.calls()
    moved = iter(sage.changes(ACCOUNT, None, 3))
    first = next(moved)
    bench.admin.delete(f"/contacts/{first.records[0].id}")
    rest = {record.id for page in moved for record in page.records}
    assert rest | {record.id for record in first.records} == ids
    assert {record.id for record in poll(sage, ACCOUNT, {"since": "2020-01-01T00:00:00Z"}, 2)[0]} >= ids - {
        first.records[0].id
    }


def test_a_first_listing_that_was_stopped_takes_no_living_record_for_a_deleted_one(bench: Bench) -> None:
    sage = bench.sage(new_products="stock_items")
    boxes = {
        sage.create(PRODUCT, {"item_code": code, "description": "Box"}, code).id
        for code in ("BOX-1", "BOX-2", "BOX-3")
    }
    widget = bench.sage().create(PRODUCT, {"item_code": "W", "description": "Widget"}, "key-w").id
    stopped: list[dict[str, Any]] = []
    for page in sage.changes(PRODUCT, None, 2):
        stopped.append(page.cursor)
        found, cursor = poll(bench.sage(), PRODUCT, page.cursor)
        assert all(isinstance(record, Snapshot) for record in found) and {record.id for record in found} >= {
            widget
        }
        assert cursor.keys() == {"since", "deleted", "stock_items", "deleted_stock_items"}
    assert stopped[0] == {} and {record.id for record in poll(bench.sage(), PRODUCT, stopped[0])[0]} == {
        *boxes,
        widget,
    }


def test_invoices_come_as_hints_where_whole_ones_take_too_long(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    made = sage.create(INVOICE, invoice(contact), "key-1")
    assert [type(record) for record in poll(sage, INVOICE, None)[0]] == [Snapshot]
    bench.fault("503", "/v3.1/sales_invoices$", method="GET")
    assert poll(sage, INVOICE, None)[0] == [Hint(made.id, made.version)]
    bench.fault("503", "/v3.1/sales_invoices$", method="GET", times=2)
    with pytest.raises(Unavailable):
        poll(sage, INVOICE, None)


# ---------------------------------------------------------------- the rule files


def test_what_the_rule_files_write_is_read_back_the_same(bench: Bench) -> None:
    flow, sage = compile_flow("vtiger--sage_accounting", {}), bench.sage()
    known = Tables(
        {"sage_accounting": sage},
        {"sage_accounting": frozenset({"currencies", "tax_codes"})},
        bench.stores.cache,
        bench.clock.now,
    ).of("sage_accounting")
    linked: dict[str, Any] = {f"{way}.{entity}": {} for way in ("link", "native") for entity in flow.entities}
    address = {"billing_street": "1 High St\nFloor 2", "billing_town": "Leeds", "billing_postcode": "LS1 1AA"}
    line_values = {
        "product": "product-1",
        "description": "Widget",
        "quantity": Decimal(2),
        "unit_price": Decimal("9.99"),
        "discount_amount": Decimal(0),
        "tax_rate": Decimal(20),
        "tax": Decimal("4.00"),
    }
    records: list[tuple[str, dict[str, Any]]] = [
        (
            "account",
            {"name": "Acme", "reference": "A1", "email": "jo@acme.test", "phone": "0113 496 0000", **address},
        ),
        ("contact", {"full_name": "Ann O'Hara", "email": "ann@acme.test", "account": "account-1"}),
        (
            "product",
            {
                "sku": "W",
                "description": "Widget",
                "price": Decimal("9.99"),
                "cost": Decimal(4),
                "active": True,
                "tax_rate": Decimal(20),
            },
        ),
        (
            "service",
            {
                "sku": "C",
                "description": "Advice",
                "price": Decimal(80),
                "tax_rate": Decimal(0),
                "active": True,
            },
        ),
        (
            "invoice",
            {
                "account": "account-1",
                "invoice_date": date(2026, 11, 21),
                "reference": "SO-1",
                "currency": "GBP",
                "status": "draft",
                "lines": [line_values],
                **address,
            },
        ),
    ]
    for entity, wanted in records:
        rules, tables = flow.entities[entity].maps["sage_accounting"], {**known, **linked}
        made = sage.create(rules.spec, rules.write(wanted, tables, []), f"key-{entity}")
        shown = rules.read(made.values, tables)
        for name, value in wanted.items():
            assert shown[name] == rules.norm(name, value, tables), (entity, name)
        linked[f"link.{entity}"][made.id] = f"{entity}-1"
        linked[f"native.{entity}"][f"{entity}-1"] = made.id


# ---------------------------------------------------------------- the edge


def test_the_business_goes_with_every_call_and_secrets_into_no_record(bench: Bench) -> None:
    second = bench.service.options.businesses[1].id
    grant = bench.grant()
    sage = bench.sage(business=second, refresh=grant["refresh_token"])
    sage.create(ACCOUNT, {"name": "Elsewhere"}, "key-1")
    assert {row["business"] for row in bench.writes()} == {second} and _customers(bench) == []
    stored = bench.stores.tokens.load("sage_accounting")
    assert stored is not None and stored.value["refresh_token"] != grant["refresh_token"]
    text = repr(bench.tape.lines)
    for secret in (
        grant["refresh_token"],
        *(stored.value[name] for name in ("access_token", "refresh_token")),
        "demo-secret",
    ):
        assert secret not in text


def test_a_refusal_is_a_sentence_with_the_field_and_the_request_id(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    with pytest.raises(RecordRejected) as refused:
        sage.create(INVOICE, invoice(contact, invoice_lines=[line(tax_rate_id="")]), "key-1")
    assert "line, tax rate: This field is required." in str(refused.value) and "Sage's request id" in str(
        refused.value
    )
    with pytest.raises(RecordRejected, match="10 characters"):
        sage.create(ACCOUNT, {"name": "Acme", "reference": "MUCH-TOO-LONG"}, "key-2")
    bench.customer("First", reference="TAKEN")
    with pytest.raises(RecordRejected, match="reference"):
        sage.create(ACCOUNT, {"name": "Acme", "reference": "TAKEN"}, "key-3")
    assert isinstance(changed(sage, ACCOUNT, contact, is_active=False), RecordRejected)
    bench.options(denied=["POST contacts"])
    with pytest.raises(MissingPermission, match="Settings > Users"):
        sage.create(ACCOUNT, {"name": "Acme"}, "key-4")


def test_limits_and_failing_servers_are_told_apart(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    one(sage, ACCOUNT, contact)
    for kind, after in ((None, 5.0), (17, 17.0)):
        bench.fault("429", "/v3.1/contacts", **({"after": kind} if kind else {}))
        with pytest.raises(RateLimited) as limit:
            sage.read(ACCOUNT, [contact])
        assert limit.value.after == after
    for kind in ("500", "502", "503", "lost_request", "html", "truncated_json"):
        bench.fault(kind, "/v3.1/contacts")
        with pytest.raises(Unavailable):
            sage.read(ACCOUNT, [contact])
    bench.fault("429", "/v3.1/contacts", method="PUT")
    patches = [Patch(contact, {"notes": "a"}), Patch(contact, {"notes": "b"})]
    assert [type(answer) for answer in sage.update(ACCOUNT, patches)] == [RateLimited, RateLimited]


def test_no_two_writers_of_one_resource_at_once(bench: Bench) -> None:
    def taken(resource: str) -> None:
        raise LaneTaken(f"another function is using {resource}")

    sage = bench.sage(lanes=taken)
    with pytest.raises(LaneTaken, match="documents"):
        sage.create(INVOICE, invoice("x"), "key-1")
    answers = sage.update(ACCOUNT, [Patch("a", {"name": "x"}), Patch("b", {"name": "y"})])
    assert [type(answer) for answer in answers] == [LaneTaken, LaneTaken] and bench.writes() == []


def test_writers_in_parallel_take_turns(bench: Bench) -> None:
    bench.options(refuse_parallel=True, delay_seconds=0.03)
    until, made = bench.clock.now() + timedelta(minutes=1), list[str]()

    def write(number: int) -> None:
        lanes = HeldLanes(bench.stores.lanes, "sage_accounting", f"worker {number}", until, SystemClock())
        sage = bench.sage(f"worker {number}", lanes=lanes.take)
        try:
            made.append(sage.create(ACCOUNT, {"name": f"Customer {number}"}, f"key-{number}").id)
        finally:
            lanes.release()

    bench.sage().businesses()
    threads = [Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 3 and bench.admin.get("/overlaps").json() == []


# ---------------------------------------------------------------- signing in


def test_an_expired_access_token_is_renewed_once_and_a_dead_sign_in_says_what_to_do(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    one(sage, ACCOUNT, contact)
    bench.post("/tokens", {"expire": "access"})
    assert one(sage, ACCOUNT, contact).id == contact
    bench.clock.shift = timedelta(seconds=290)
    assert one(sage, ACCOUNT, contact).id == contact
    bench.post("/tokens", {"expire": "all"})
    with pytest.raises(BadCredentials, match="tieout connect sage_accounting"):
        sage.read(ACCOUNT, [contact])
    fresh = bench.sage(refresh=bench.grant()["refresh_token"])
    assert one(fresh, ACCOUNT, contact).id == contact


def test_two_workers_that_refresh_at_once_ask_sage_once(bench: Bench) -> None:
    contact, first = bench.customer(), bench.grant()["refresh_token"]
    bench.fault("slow", "/token$", after=0.1, times=-1)
    workers = [bench.sage(f"worker {number}", refresh=first) for number in range(4)]
    found: list[Snapshot] = []
    threads = [
        Thread(target=lambda worker=worker: found.append(one(worker, ACCOUNT, contact))) for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and bench.admin.get("/calls").json()["POST /token"] == 1


def test_a_lost_answer_to_a_refresh_is_asked_for_again_and_then_a_person_is_needed(bench: Bench) -> None:
    contact, first = bench.customer(), bench.grant()["refresh_token"]
    bench.fault("lost_request", "/token$")
    assert one(bench.sage(refresh=first), ACCOUNT, contact).id == contact and 5.0 in bench.clock.slept
    bench.post("/tokens", {"expire": "access"})
    bench.fault("lost_reply", "/token$")
    with pytest.raises(BadCredentials, match=r"lost on the way.*tieout connect sage_accounting"):
        bench.sage(refresh=first).read(ACCOUNT, [contact])
    bench.fault("lost_request", "/token$", times=2)
    with pytest.raises(Unavailable):
        bench.sage(refresh=bench.grant()["refresh_token"]).read(ACCOUNT, [contact])


def test_keep_alive_refreshes_daily_and_warns_a_week_before_the_end(bench: Bench) -> None:
    sage = bench.sage()
    assert sage.keep_alive() == [] and sage.keep_alive() == []
    assert bench.admin.delete("/calls").json() == {"POST /token": 1}
    bench.clock.shift = timedelta(hours=25)
    assert sage.keep_alive() == [] and bench.admin.delete("/calls").json() == {"POST /token": 1}
    bench.fault("503", "/token$", times=-1)
    bench.clock.shift = timedelta(days=26)
    assert [found.level for found in sage.keep_alive()] == ["warning", "warning"]
    bench.clock.shift = timedelta(days=40)
    ended = bench.sage(refresh="").keep_alive()
    assert ended[0].level == "error" and "tieout connect sage_accounting" in ended[0].message


# ---------------------------------------------------------------- what is said of the connection


def test_check_says_what_works_and_what_is_missing(bench: Bench) -> None:
    sage = bench.sage()
    found = sage.check([ACCOUNT, PERSON, PRODUCT, SERVICE, INVOICE])
    assert {finding.level for finding in found} == {"ok"} and "with stock" in " ".join(
        one.message for one in found
    )
    odd = ObjectSpec("sage_accounting", "account", "contacts", "id", "updated_at", ("name", "website"))
    assert "website" in next(finding.message for finding in sage.check([odd]) if finding.level == "error")
    assert [finding.level for finding in bench.sage(business="").check([])] == ["error"]
    assert "has no access to the business" in bench.sage(business="f" * 32).check([])[0].message
    wrong = bench.sage(zero_rate="GB_NONE").check([])
    assert any(finding.level == "error" and "zero_rate" in finding.message for finding in wrong)
    bench.options(plan="Standard")
    bench.clock.shift = timedelta(days=2)
    said = " ".join(finding.message for finding in bench.sage().check([]))
    assert "without stock" in said and "one currency" in said
    bench.options(subscription_active=False)
    dead = bench.sage().check([])
    assert [finding.level for finding in dead] == ["error"] and "subscription" in dead[0].message


def test_the_first_tax_rate_of_nought_is_the_one_to_write(bench: Bench) -> None:
    rows = bench.sage().table("tax_codes")
    assert rows[0]["id"] == "GB_ZERO" and {row["id"] for row in rows} >= {"GB_STANDARD", "GB_EXEMPT"}
    assert bench.sage(zero_rate="GB_NO_TAX").table("tax_codes")[0]["id"] == "GB_NO_TAX"
    assert sum(row["id"] == "GB_ZERO" for row in rows) == 1
