"""Writes that only Sage Sales Management has: bulk calls, read-only records, keys, pictures and hooks."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Halt, MissingPermission, OutcomeUnknown, RecordRejected
from shared.ports import Patch, Snapshot, Values
from shared.systems.sage_sales_management.hooks import register_hooks
from tests.contract.contract_writes import key
from tests.contract.sage_sales_management.tenant import Tenant, read
from tests.unit.systems.sage_sales_management.fakes import spec_of

ACCOUNT, CONTACT, PRODUCT, INVOICE = (spec_of(one) for one in ("account", "contact", "product", "invoice"))
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10


def test_an_account_is_created_with_owner_branch_and_labels(tenant: Tenant) -> None:
    values: dict[str, Any] = {
        "name": "Example Ltd",
        "extId": "EXA001",
        "statusId/value": "client",
        "countryId/value": "United Kingdom",
        "readOnly": True,
        "Z_balance": Decimal("12.50"),
        "Z_unknown": "left out",
    }
    made = tenant.system.create(ACCOUNT, values, key())
    row = tenant.record("accounts", made.id)
    assert (row["name"], row["extId"], row["readOnly"], row["Z_balance"]) == (
        "Example Ltd",
        "EXA001",
        True,
        12.5,
    )
    assert row["statusId"]["value"] == "Client" and row["salesRepId1"]["id"] == 52
    assert row["branchId"]["value"] == "Headquarter"
    assert made.values["statusId/value"] == "Client"


def test_a_hundred_changes_are_one_call_and_one_reading(tenant: Tenant) -> None:
    made = [tenant.save("products", model=f"Widget {number}", price=1) for number in range(100)]
    tenant.system.describe("products")
    tenant.forget_calls()
    answers = tenant.system.update(
        PRODUCT, [Patch(one, {"price": Decimal("2.50")}, key=key()) for one in made]
    )
    assert all(isinstance(one, Snapshot) and str(one.values["price"]) == "2.5" for one in answers)
    calls = tenant.calls()
    assert calls.pop("PUT products/bulk") == 1 and sum(calls.values()) <= 3, calls


def test_many_new_records_are_one_call_and_one_reading(tenant: Tenant) -> None:
    tenant.system.describe("products")
    tenant.forget_calls()
    new: list[tuple[Values, str]] = [
        ({"model": f"Widget {place}", "extId": f"W{place}"}, key()) for place in range(50)
    ]
    answers = tenant.system.create_many(PRODUCT, new)
    assert [one.values["extId"] for one in answers if isinstance(one, Snapshot)] == [
        f"W{place}" for place in range(50)
    ]
    calls = tenant.calls()
    assert calls.pop("POST products/bulk") == 1 and sum(calls.values()) <= 3, calls
    assert tenant.system.at_once(spec_of("sales_order")) == 1, "a document's lines come after it"


@pytest.mark.parametrize("reading", ["call", "item"])
def test_of_many_new_records_one_bad_one_is_refused_or_all_are_unknown(tenant: Tenant, reading: str) -> None:
    tenant.switch(bulk_refusal=reading)
    new: list[tuple[Values, str]] = [
        ({"model": "" if place == 3 else f"Widget {place}"}, key()) for place in range(6)
    ]
    answers = tenant.system.create_many(PRODUCT, new)
    made = [row["model"] for row in tenant.records("products")]
    if reading == "item":
        assert [type(one) for one in answers].count(Snapshot) == 5 and isinstance(answers[3], RecordRejected)
        assert len(made) == 5
    else:
        assert all(isinstance(one, OutcomeUnknown) for one in answers)
        assert made == ["Widget 0", "Widget 1", "Widget 2"], "what stood before it is made"


def test_a_new_record_that_cannot_be_sent_leaves_the_others_to_go(tenant: Tenant) -> None:
    new: list[tuple[Values, str]] = [
        ({"model": "Widget", "extId": "X" * (31 if place == 1 else 3)}, key()) for place in range(3)
    ]
    answers = tenant.system.create_many(PRODUCT, new)
    assert isinstance(answers[1], RecordRejected) and len(tenant.records("products")) == 2


@pytest.mark.parametrize("reading", ["call", "item"])
def test_one_bad_item_leaves_the_others_written(tenant: Tenant, reading: str) -> None:
    tenant.switch(bulk_refusal=reading)
    made = [tenant.save("products", model=f"Widget {number}", price=1) for number in range(20)]
    patches = [
        Patch(one, {"model": "" if place == 13 else f"New {place}"}, key=key())
        for place, one in enumerate(made)
    ]
    answers = tenant.system.update(PRODUCT, patches)
    assert [place for place, one in enumerate(answers) if not isinstance(one, Snapshot)] == [13]
    assert isinstance(answers[13], RecordRejected)
    kept = [row["model"] for row in tenant.records("products")]
    assert kept == [f"Widget {place}" if place == 13 else f"New {place}" for place in range(20)]


@pytest.mark.parametrize("reading", ["app", "unlock"])
def test_a_read_only_record_is_changed_and_stays_read_only(tenant: Tenant, reading: str) -> None:
    tenant.switch(read_only=reading)
    made = tenant.system.create(ACCOUNT, {"name": "Locked", "readOnly": True}, key())
    (answer,) = tenant.system.update(ACCOUNT, [Patch(made.id, {"comment": "from Sage"}, key=key())])
    assert isinstance(answer, Snapshot)
    row = tenant.record("accounts", made.id)
    assert (row["comment"], row["readOnly"]) == ("from Sage", True)


def test_a_read_only_record_that_cannot_be_opened_is_refused(tenant: Tenant) -> None:
    tenant.switch(read_only="all")
    made = tenant.system.create(ACCOUNT, {"name": "Locked", "readOnly": True}, key())
    (answer,) = tenant.system.update(ACCOUNT, [Patch(made.id, {"comment": "from Sage"}, key=key())])
    assert isinstance(answer, RecordRejected) and tenant.record("accounts", made.id)["readOnly"] is True


def locked(tenant: Tenant, count: int) -> list[str]:
    return [tenant.save("accounts", name=f"Locked {place}", readOnly=True) for place in range(count)]


def puts(tenant: Tenant) -> dict[str, int]:
    calls = tenant.admin("GET", "calls")["calls"]
    return {call: count for call, count in calls.items() if call.startswith("PUT")}


@pytest.mark.parametrize("refusal", ["call", "item"])
def test_many_read_only_records_are_opened_and_closed_together(tenant: Tenant, refusal: str) -> None:
    tenant.switch(bulk_refusal=refusal)
    made = [*locked(tenant, 6), tenant.save("accounts", name="Open")]
    for turn, calls in ((1, 3), (2, 5)):
        answers = tenant.system.update(
            ACCOUNT, [Patch(one, {"comment": f"from Sage {turn}"}, key=key()) for one in made]
        )
        assert all(isinstance(one, Snapshot) for one in answers)
        assert puts(tenant) == {"PUT accounts/bulk": calls}, "the second time nothing is tried in vain"
    rows = [tenant.record("accounts", one) for one in made]
    assert {row["comment"] for row in rows} == {"from Sage 2"}
    assert [bool(row["readOnly"]) for row in rows] == [True] * 6 + [False]


def test_a_read_only_record_that_is_opened_and_refused_is_closed_again(tenant: Tenant) -> None:
    made = locked(tenant, 4)
    patches = [
        Patch(one, {"name": "" if place == 2 else f"New {place}"}, key=key())
        for place, one in enumerate(made)
    ]
    answers = tenant.system.update(ACCOUNT, patches)
    assert [place for place, one in enumerate(answers) if not isinstance(one, Snapshot)] == [2]
    rows = [tenant.record("accounts", one) for one in made]
    assert [row["name"] for row in rows] == ["New 0", "New 1", "Locked 2", "New 3"]
    assert all(row["readOnly"] is True for row in rows)


def test_many_read_only_records_that_cannot_be_opened_are_refused_one_by_one(tenant: Tenant) -> None:
    tenant.switch(read_only="all")
    made = [*locked(tenant, 3), tenant.save("accounts", name="Open")]
    answers = tenant.system.update(ACCOUNT, [Patch(one, {"comment": "new"}, key=key()) for one in made])
    assert [isinstance(one, RecordRejected) for one in answers] == [True, True, True, False]


def test_a_bulk_call_carries_what_the_vendor_allows(tenant: Tenant) -> None:
    assert (tenant.system.at_once(ACCOUNT), tenant.system.at_once(PRODUCT)) == (200, 100)


def test_a_person_needs_no_last_name(tenant: Tenant) -> None:
    account = tenant.save("accounts", name="Example Ltd")
    made = tenant.system.create(CONTACT, {"firstName": "Prince", "accountId": account}, key())
    assert tenant.record("contacts", made.id)["lastName"] == ""


def test_an_invoice_is_a_sale_with_its_day(tenant: Tenant) -> None:
    account = tenant.save("accounts", name="Example Ltd", extId="EXA001")
    values: dict[str, Any] = {
        "extId": "2001",
        "accountId": account,
        "date": "2026-11-21",
        "total": Decimal("120.00"),
    }
    began = tenant.bench.clock.now()
    made = tenant.system.create(INVOICE, values, key())
    row = tenant.record("sales", made.id)
    assert (row["date"], row["total"], row["deleted"]) == ("2026-11-21T00:00:00Z", 120, 0)
    assert [one.id for one in tenant.system.trace(INVOICE, values, began).made] == [made.id]
    tenant.delete("sales", made.id)
    assert tenant.system.trace(INVOICE, values, began).made == ()


@pytest.mark.parametrize(
    "options, words", [({"owner": ""}, "owner"), ({"owner": "nobody@example.test"}, "no active user")]
)
def test_without_an_owner_nothing_is_created(tenant: Tenant, options: dict[str, str], words: str) -> None:
    system = tenant.bench.system(**options)
    with pytest.raises(Halt, match=words):
        system.create(ACCOUNT, {"name": "X"}, key())
    assert any(one.level == "error" and one.subject == "owner" for one in system.check([ACCOUNT]))
    assert tenant.records("accounts") == []


def test_two_branches_need_a_setting(tenant: Tenant) -> None:
    tenant.save("branches", descriptionEN="London")
    with pytest.raises(Halt, match=r"branch.*Headquarter, London"):
        tenant.system.create(ACCOUNT, {"name": "X"}, key())
    made = tenant.bench.system(branch="london").create(ACCOUNT, {"name": "X"}, key())
    assert tenant.record("accounts", made.id)["branchId"]["value"] == "London"


# pictures


def test_a_picture_goes_to_the_bucket_without_the_session_key(tenant: Tenant) -> None:
    product = tenant.save("products", model="Widget")
    document = tenant.system.put_picture(PRODUCT, product, "W1", PNG)
    (kept,) = tenant.admin("GET", "pictures")
    assert (kept["id"], kept["name"], kept["content"], kept["isCarrousel"]) == (
        document,
        "W1.png",
        len(PNG),
        True,
    )
    everything = tenant.bench.recorder.everything
    assert "X-Amz-Signature=0" not in everything and f"{len(PNG)} bytes" in everything


@pytest.mark.parametrize(
    "locator", ["http://127.0.0.1:9", "https://evil.example", "https://amazonaws.com.evil.example"]
)
def test_a_picture_goes_nowhere_else(tenant: Tenant, locator: str) -> None:
    tenant.switch(locator=locator)
    product = tenant.save("products", model="Widget")
    with pytest.raises(MissingPermission, match="picture_hosts"):
        tenant.system.put_picture(PRODUCT, product, "W1", PNG)


# hooks


def test_hooks_are_registered_once_for_each_entity_that_has_them(tenant: Tenant) -> None:
    def address(name: str, action: str) -> str:
        return f"https://hooks.example/acme/token?object={name}&event={action}"

    objects = ["accounts", "products", "quotations", "users"]
    first = register_hooks(tenant.system.api, address, objects, "tieout acme")
    assert {one.level for one in first} == {"ok"} and len(first) == 6
    again = register_hooks(tenant.system.api, address, ["accounts"], "tieout acme")
    assert sorted(one.message for one in again) == [
        *["The hook is registered already."] * 3,
        *["The hook was removed, no longer needed."] * 3,
    ]
    assert "hooks.example" not in tenant.bench.recorder.everything


def test_a_trace_of_an_account_finds_its_reference(tenant: Tenant) -> None:
    began = tenant.bench.clock.now()
    tenant.save("accounts", name="Example Ltd", extId="OTHER1")
    made = tenant.system.create(ACCOUNT, {"name": "Example Ltd", "extId": "EXA001"}, key())
    found = tenant.system.trace(ACCOUNT, {"name": "Example Ltd", "extId": "EXA001"}, began)
    assert [one.id for one in found.made] == [made.id]
    assert read(tenant, ACCOUNT, made.id).values["extId"] == "EXA001"
