"""What only Sage Sales Management has: deltas of three dates, deleted rows in lists, sentinels, labels."""

from typing import Any

import pytest

from shared.errors import RateLimited
from shared.ports import Gone, Snapshot
from tests.contract.sage_sales_management.tenant import Tenant, ids, pages, read
from tests.unit.systems.sage_sales_management.fakes import spec_of

ACCOUNT, PRODUCT, USER = spec_of("account"), spec_of("product"), spec_of("user")
CREDIT = spec_of("credit_position")


def settled(tenant: Tenant, spec: Any, *names: str) -> dict[str, Any]:
    """The cursor of a list in which nothing has happened for a while."""
    cursor: dict[str, Any] | None = None
    for _ in range(3):
        cursor = pages(tenant, spec, cursor)[-1].cursor
        tenant.pass_time(120)
    assert cursor is not None
    return cursor


def test_an_idle_list_is_one_call_and_names_nothing(tenant: Tenant) -> None:
    for number in range(120):
        tenant.save("accounts", name=f"Account {number:03}")
    cursor = settled(tenant, ACCOUNT)
    tenant.forget_calls()
    found = pages(tenant, ACCOUNT, cursor)
    assert tenant.calls() == {"GET accounts": 1}
    assert [page.records for page in found] == [()]


@pytest.mark.parametrize("what", ["created", "updated", "deleted", "deleted and never updated"])
def test_a_delta_names_what_was_created_updated_or_deleted(tenant: Tenant, what: str) -> None:
    one = tenant.save("accounts", name="One")
    tenant.save("accounts", name="Other")
    cursor = settled(tenant, ACCOUNT)
    if what == "created":
        one = tenant.save("accounts", name="New")
    elif what == "updated":
        tenant.save("accounts", id=one, comment="changed")
    else:
        if what == "deleted":
            tenant.save("accounts", id=one, comment="changed")
        tenant.delete("accounts", one)
        assert (tenant.record("accounts", one)["dateUpdated"] is None) == (what != "deleted")
    (record,) = pages(tenant, ACCOUNT, cursor)[-1].records
    assert record.id == one and isinstance(record, Gone) == what.startswith("deleted")


def test_the_first_list_is_silent_about_what_was_deleted_before(tenant: Tenant) -> None:
    kept, lost = tenant.save("accounts", name="Kept"), tenant.save("accounts", name="Lost")
    tenant.delete("accounts", lost)
    assert [[one.id for one in page.records] for page in pages(tenant, ACCOUNT)] == [[kept]]
    assert isinstance(tenant.system.read(ACCOUNT, [kept, lost])[lost], Gone)
    assert isinstance(tenant.system.read(ACCOUNT, [lost])[lost], Gone)


def test_the_date_of_a_deletion_that_never_was_deletes_nothing(tenant: Tenant) -> None:
    one = tenant.save("accounts", name="Old")
    tenant.admin("POST", "sentinel", {"resource": "accounts", "id": int(one)})
    assert tenant.record("accounts", one)["dateDeleted"] == "1899-12-30T00:00:00Z"
    assert isinstance(tenant.system.read(ACCOUNT, [one])[one], Snapshot)
    assert ids(pages(tenant, ACCOUNT)) == [one]


@pytest.mark.parametrize(
    "switch", [{"largest_page": 60}, {"page_header": "Count"}, {"page_header": "X-FM-Entity-Count"}]
)
def test_a_page_that_is_smaller_than_asked_for_is_not_taken_for_the_last(
    tenant: Tenant, switch: dict[str, Any]
) -> None:
    tenant.switch(**switch)
    made = [tenant.save("accounts", name=f"Account {number:03}") for number in range(130)]
    assert sorted(ids(pages(tenant, ACCOUNT))) == sorted(made)
    found = tenant.system.read(ACCOUNT, made)
    assert all(isinstance(one, Snapshot) for one in found.values())


def test_references_are_read_by_id_and_by_label(tenant: Tenant) -> None:
    client, britain = tenant.label("accountStatuses", "Client"), tenant.label("countries", "United Kingdom")
    one = tenant.save("accounts", name="Example", statusId=client, countryId=britain)
    values = read(tenant, ACCOUNT, one).values
    assert values["statusId/value"] == "Client" and values["countryId/value"] == "United Kingdom"
    assert values["salesRepId1"] == "52" and values["rateId/value"] == ""


def test_users_and_their_labels_have_another_form(tenant: Tenant) -> None:
    found = {one.id: one for page in pages(tenant, USER) for one in page.records if isinstance(one, Snapshot)}
    assert found["52"].values["email"] == "emma@example.test" and found["52"].values["isActive"] is True


def test_money_is_exact_and_a_blank_stock_is_no_zero(tenant: Tenant) -> None:
    one = tenant.save("products", model="Widget", price=10.1, extId="W1")
    values = read(tenant, PRODUCT, one).values
    assert str(values["price"]) == "10.1" and values["stock"] is None


def test_what_the_tenant_lacks_is_left_out(tenant: Tenant) -> None:
    assert tenant.system.lacks(CREDIT) == frozenset()
    lacked = {"Z_overdue", "Z_creditLimit", "Z_accountStatus", "Z_onHold"}
    tenant.switch(custom_fields={"accounts": [["Z_balance", "number"]]})
    tenant.admin("POST", "reset")
    system = tenant.bench.system("another")
    [warned] = [one for one in system.check([CREDIT]) if one.level == "warning"]
    assert warned.subject == "accounts: credit position"
    assert [name for name in sorted(lacked) if name not in warned.message] == []
    assert system.lacks(CREDIT) == lacked
    made = system.create(CREDIT, {"name": "X", "Z_balance": 5, "Z_onHold": True}, "K")
    assert made.values["Z_balance"] == 5


def test_a_rate_limit_closes_the_whole_list(tenant: Tenant) -> None:
    tenant.save("accounts", name="One")
    pages(tenant, ACCOUNT)
    tenant.fault("429")
    with pytest.raises(RateLimited):
        pages(tenant, ACCOUNT)


def test_a_session_that_ended_is_begun_anew_once(tenant: Tenant) -> None:
    one = tenant.save("accounts", name="One")
    read(tenant, ACCOUNT, one)
    tenant.admin("POST", "expire")
    tenant.forget_calls()
    read(tenant, ACCOUNT, one)
    assert tenant.calls() == {"GET accounts/id": 2, "POST login": 1}


def test_a_session_of_another_worker_is_used_and_not_ended(tenant: Tenant) -> None:
    one = tenant.save("accounts", name="One")
    for worker in ("a", "b", "c"):
        tenant.bench.system(worker).read(ACCOUNT, [one])
    assert tenant.calls()["POST login"] == 1
