"""Deletions for good in Sage Sales Management, which keeps the record, marked, and takes none back."""

import pytest

from shared.errors import OutcomeUnknown, RecordRejected
from shared.ports import Gone
from tests.contract.sage_sales_management.tenant import Tenant
from tests.unit.systems.sage_sales_management.fakes import spec_of

ACCOUNT, CONTACT = spec_of("account"), spec_of("contact")


def marked(tenant: Tenant, name: str = "Old Ltd") -> str:
    """An account that is read-only, as what was put out of use is."""
    return tenant.save("accounts", name=name, readOnly=True)


@pytest.mark.parametrize("reading", ["app", "unlock"])
def test_a_read_only_account_is_deleted_and_nothing_else_is(tenant: Tenant, reading: str) -> None:
    tenant.switch(read_only=reading)
    one, other = marked(tenant), marked(tenant, "Other Ltd")
    tenant.system.delete(ACCOUNT, one)
    assert isinstance(tenant.system.read(ACCOUNT, [one])[one], Gone)
    assert [str(row["id"]) for row in tenant.records("accounts")] == [other]
    assert tenant.record("accounts", one)["deleted"] is True


def test_one_that_is_gone_already_is_no_fault(tenant: Tenant) -> None:
    one = marked(tenant)
    tenant.delete("accounts", one)
    tenant.system.delete(ACCOUNT, one)
    tenant.system.delete(ACCOUNT, "999999")
    tenant.system.delete(ACCOUNT, "no id")
    assert tenant.records("accounts") == []


def test_one_that_the_vendor_will_not_delete_stays_and_stays_read_only(tenant: Tenant) -> None:
    tenant.switch(read_only="all")
    one = marked(tenant)
    with pytest.raises(RecordRejected):
        tenant.system.delete(ACCOUNT, one)
    row = tenant.record("accounts", one)
    assert (row["deleted"], row["readOnly"]) == (False, True)


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request"])
def test_a_lost_answer_is_an_unknown_outcome_and_may_be_repeated(tenant: Tenant, kind: str) -> None:
    one = tenant.save("contacts", firstName="Ann", lastName="Example", accountId=int(marked(tenant)))
    tenant.fault(kind, method="DELETE")
    with pytest.raises(OutcomeUnknown):
        tenant.system.delete(CONTACT, one)
    tenant.system.delete(CONTACT, one)
    assert tenant.records("contacts") == []
