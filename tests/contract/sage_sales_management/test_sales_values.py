"""Values that a tenant's lists or its schema have no room for: found all the same, or refused by field."""

import pytest

from shared.errors import RecordRejected
from shared.ports import Patch
from tests.contract.contract_writes import key
from tests.contract.sage_sales_management.tenant import Tenant
from tests.unit.systems.sage_sales_management.fakes import spec_of

ACCOUNT, PRODUCT = spec_of("account"), spec_of("product")


def test_a_label_that_the_tenant_lacks_is_named_with_those_it_has(tenant: Tenant) -> None:
    with pytest.raises(
        RecordRejected, match=r"no “Customer” in its list accountStatuses \(Client, Potential"
    ):
        tenant.system.create(ACCOUNT, {"name": "X", "statusId/value": "Customer"}, key())


def test_a_label_that_was_added_a_minute_ago_is_found(tenant: Tenant) -> None:
    tenant.system.create(ACCOUNT, {"name": "X", "statusId/value": "Client"}, key())
    tenant.save("accountStatuses", descriptionEN="Lost", descriptionDE="Verloren")
    made = tenant.system.create(ACCOUNT, {"name": "Y", "statusId/value": "verloren"}, key())
    assert made.values["statusId/value"] == "Lost"


@pytest.mark.parametrize("spelt", ["The Netherlands", "NL", "Holland"])
def test_a_country_is_found_however_the_tenant_spells_it(tenant: Tenant, spelt: str) -> None:
    tenant.save("countries", descriptionEN=spelt)
    made = tenant.system.create(ACCOUNT, {"name": "X", "countryId/value": "Netherlands"}, key())
    assert made.values["countryId/value"] == spelt


def test_a_country_is_not_found_by_letters_that_may_mean_something_else(tenant: Tenant) -> None:
    tenant.save("countries", descriptionEN="NA")
    with pytest.raises(RecordRejected, match="no “Namibia”"):
        tenant.system.create(ACCOUNT, {"name": "X", "countryId/value": "Namibia"}, key())


def test_what_a_record_can_do_without_is_refused_by_its_field(tenant: Tenant) -> None:
    missing = {"countryId/value": "Narnia", "rateId/value": "None such"}
    with pytest.raises(RecordRejected) as met:
        tenant.system.create(ACCOUNT, {"name": "X", **missing}, key())
    assert met.value.named == tuple(missing) and len(met.value.reasons) == 2
    with pytest.raises(RecordRejected) as met:
        tenant.system.create(ACCOUNT, {"name": "X", "statusId/value": "None", **missing}, key())
    assert met.value.named == (), "a status says what the record is"


def test_a_text_that_the_tenant_has_no_room_for_is_refused_by_its_field(tenant: Tenant) -> None:
    long = {"region": "Y" * 101, "phone": "0" * 51}
    with pytest.raises(RecordRejected, match=r"keeps 100 characters of region, and 'YY.*has 101") as met:
        tenant.system.create(ACCOUNT, {"name": "X", **long}, key())
    assert met.value.named == tuple(long) and tenant.records("accounts") == []
    made = tenant.system.create(ACCOUNT, {"name": "X", "region": "Y" * 100}, key())
    (answer,) = tenant.system.update(ACCOUNT, [Patch(made.id, {"region": "Y" * 101}, key=key())])
    assert isinstance(answer, RecordRejected) and answer.named == ("region",)


def test_a_key_is_never_cut(tenant: Tenant) -> None:
    with pytest.raises(RecordRejected, match="30 characters of extId"):
        tenant.system.create(PRODUCT, {"model": "Long", "extId": "X" * 31}, key())
    assert tenant.records("products") == []
