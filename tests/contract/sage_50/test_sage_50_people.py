"""What the Sage 50 connector writes of customers and contacts, by what the vendor documents of changes."""

from decimal import Decimal

import pytest

from shared.errors import RecordRejected, SyncError
from shared.ports import Native, Patch, Snapshot
from tests.contract.sage_50.world import CONTACT, CUSTOMER, Bench


def patched(bench: Bench, name: str, value: Native) -> Snapshot | SyncError:
    return bench.sage().update(CUSTOMER, [Patch("EXA001", {name: value})])[0]


def test_a_name_that_is_changed_has_thirty_characters_and_a_new_one_sixty(bench: Bench) -> None:
    bench.sage().create(CUSTOMER, {"accountRef": "LONG01", "name": "x" * 60}, "key")
    refused = patched(bench, "name", "x" * 31)
    assert isinstance(refused, RecordRejected) and refused.named == ("name",)
    assert "31 characters, and Sage takes at most 30 when it is changed" in str(refused)
    assert isinstance(patched(bench, "name", "x" * 30), Snapshot)


@pytest.mark.parametrize(("limit", "fits"), [(Decimal("250.00"), True), (0, True), (Decimal("10.50"), False)])
def test_a_credit_limit_is_written_whole(bench: Bench, limit: Native, fits: bool) -> None:
    answer = patched(bench, "creditLimit", limit)
    assert isinstance(answer, Snapshot) == fits
    if isinstance(answer, RecordRejected):
        assert answer.named == ("creditLimit",) and "only whole numbers" in str(answer)


@pytest.mark.parametrize("key", ["addresNumber", "addressNumber", "either"])
def test_the_key_of_an_address_is_sent_under_both_names(bench: Bench, key: str) -> None:
    bench.post("/options", {"address_key": key})
    made = bench.sage().create(CONTACT, {"accountRef": "EXA001", "contact": "Ann"}, "key")
    (answer,) = bench.sage().update(CONTACT, [Patch(made.id, {"role": "Buyer"})])
    assert isinstance(answer, Snapshot), answer
    bench.post("/options", {"address_key": "addresNumber"})
    found = bench.sage().read(CONTACT, [made.id])[made.id]
    assert isinstance(found, Snapshot) and found.values["role"] == "Buyer"


def test_contacts_are_not_made_before_a_check_has_seen_their_type(bench: Bench) -> None:
    system = bench.sage()
    assert system.takes_new(CUSTOMER) and not system.takes_new(CONTACT)
