"""The lists of Sage Accounting: several for one kind of record, and what each tells."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import (
    Unavailable,
)
from shared.ports import Gone, Hint, Snapshot
from tests.contract.sage_accounting.records import invoice
from tests.contract.sage_accounting_bench import (
    ACCOUNT,
    INVOICE,
    PERSON,
    PRODUCT,
    SERVICE,
    Bench,
    poll,
)


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
