"""Writes to Vtiger: what it keeps of a text, whom records belong to, and what a lost answer left."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import (
    Halt,
    MissingField,
    OutcomeUnknown,
    RecordRejected,
    StaleVersion,
)
from shared.ports import ObjectSpec, Patch, Snapshot, Traces, Values
from tests.contract.system_bench import snap
from tests.contract.vtiger.records import ODD, fault_of
from tests.contract.vtiger_bench import Server
from tests.unit.systems.vtiger.fakes import ACCOUNT, CONTACT, PRODUCT, SERVICE


def test_texts_survive_but_for_what_vtiger_cannot_keep(server: Server) -> None:
    street = "1 High Street\r\nUnit \\2\tB"
    made = server.system.create(
        ACCOUNT, {"accountname": f"{ODD} 🏗", "bill_street": street, "phone": "1"}, "k"
    )
    assert made.values["accountname"] == f"{ODD} ".strip() or made.values["accountname"] == f"{ODD} "
    again = snap(server.system.read(ACCOUNT, [made.id])[made.id])
    assert again.values["bill_street"] == street
    assert again.values == made.values
    long = snap(server.system.update(ACCOUNT, [Patch(made.id, {"accountname": "L" * 130})])[0])
    assert long.values["accountname"] == "L" * 100
    assert long.values["phone"] == "1"


def test_a_field_that_is_not_there_is_never_sent(server: Server) -> None:
    with pytest.raises(MissingField, match="emial1"):
        server.system.create(ACCOUNT, {"accountname": "A", "emial1": "a@b.example"}, "k")
    assert server.records("Accounts") == []


def test_refusals_are_sentences(server: Server) -> None:
    made = server.system.create(ACCOUNT, {"accountname": "Taken"}, "k")
    with pytest.raises(RecordRejected, match=r"already has another record of .*Organization Name “Taken”"):
        server.system.create(ACCOUNT, {"accountname": "Taken"}, "k")
    with pytest.raises(RecordRejected, match=r"MANDATORY_FIELDS_MISSING.*lastname"):
        server.system.create(CONTACT, {"firstname": "A"}, "k")
    product = server.system.create(PRODUCT, {"productname": "P"}, "k")
    with pytest.raises(RecordRejected, match="of a kind that the field does not accept"):
        server.system.create(CONTACT, {"lastname": "A", "account_id": product.id}, "k")
    assert isinstance(fault_of(server, ACCOUNT, Patch(made.id, {"accountname": ""})), RecordRejected)


def test_new_records_belong_to_the_integrations_user_or_to_whom_the_settings_name(server: Server) -> None:
    server.system.create(ACCOUNT, {"accountname": "A"}, "k")
    server.bench.system(owner="support group").create(ACCOUNT, {"accountname": "B"}, "k")
    server.bench.system(owner="20x3").create(ACCOUNT, {"accountname": "C"}, "k")
    assert [row["assigned_user_id"] for row in server.records("Accounts")] == ["19x5", "20x4", "20x3"]
    with pytest.raises(Halt, match="nobody"):
        server.bench.system(owner="nobody").create(ACCOUNT, {"accountname": "D"}, "k")


def test_an_update_of_a_deleted_record_says_that_it_is_gone(server: Server) -> None:
    gone = server.system.create(ACCOUNT, {"accountname": "Gone"}, "k")
    server.admin("DELETE", f"records/Accounts/{gone.id}")
    refused = fault_of(server, ACCOUNT, Patch(gone.id, {"phone": "9"}))
    assert isinstance(refused, RecordRejected) and "no longer exists in Vtiger" in str(refused)


@pytest.mark.parametrize("spec, field", [(ACCOUNT, "phone"), (PRODUCT, "description")])
def test_a_stale_reading_is_looked_at_again(server: Server, spec: ObjectSpec, field: str) -> None:
    server.freeze("2026-11-21T10:00:00")
    made = server.system.create(spec, {spec.label_paths[-1]: "A"}, "k")
    server.freeze("2026-11-21T10:00:07")
    server.save(spec.object, {"id": made.id, field: "theirs"})
    stale = Patch(made.id, {field: "ours"}, made.version, made.observed_at - timedelta(seconds=60))
    assert isinstance(fault_of(server, spec, stale), StaleVersion)
    assert isinstance(fault_of(server, spec, replace(stale, read_at=None)), StaleVersion)
    now = snap(server.system.read(spec, [made.id])[made.id])
    server.forget_calls()
    fresh = Patch(made.id, {field: "ours"}, now.version, now.observed_at)
    assert snap(server.system.update(spec, [fresh])[0]).values[field] == "ours"
    assert server.called("") == 1


def test_a_lost_answer_is_unknown_and_then_traced(server: Server) -> None:
    name = "L" * 120
    server.system.create(ACCOUNT, {"accountname": "Other"}, "k")
    server.save("Accounts", {"accountname": "L" * 99})
    cases: list[tuple[ObjectSpec, Values]] = [
        (ACCOUNT, {"accountname": name, "phone": "1"}),
        (CONTACT, {"lastname": "O'Brien & <Sons>", "firstname": ""}),
        (PRODUCT, {"productname": "W\\1", "productcode": "w-1"}),
    ]
    for spec, values in cases:
        since = server.bench.clock.now()
        assert server.system.trace(spec, values, since).made == ()
        server.fault("lost_reply", operation="create")
        with pytest.raises(OutcomeUnknown):
            server.system.create(spec, values, "k")
        (found,) = server.system.trace(spec, values, since).made
        assert isinstance(server.system.read(spec, [found.id])[found.id], Snapshot)
        assert server.system.trace(spec, values, since + timedelta(hours=1)) == Traces()
        server.save(spec.object, {"id": found.id, spec.witness[0]: "changed since"})
        changed = server.system.trace(spec, values, since)
        assert changed.made == () and found.id in {one.id for one in changed.others}, (
            "ours, whatever it shows by now"
        )


def test_a_products_taxes_and_price_outlive_a_change(server: Server) -> None:
    made = server.system.create(
        PRODUCT, {"productname": "P", "unit_price": "12.50", "tax": "20", "discontinued": "1"}, "k"
    )
    assert (made.values["tax"], made.values["discontinued"]) == ("20.000", "1")
    changed = snap(server.system.update(PRODUCT, [Patch(made.id, {"description": "d"})])[0])
    again = snap(server.system.read(PRODUCT, [made.id])[made.id])
    for found in (changed, again):
        assert found.values["tax"] == "20.000"
        assert Decimal(str(found.values["unit_price"])) == Decimal("12.5")


def test_a_rate_goes_to_the_tax_of_that_rate_and_the_others_stop_counting(server: Server) -> None:
    made = server.system.create(PRODUCT, {"productname": "P", "tax": "20"}, "k")
    taken = snap(server.system.update(PRODUCT, [Patch(made.id, {"tax": "10.000"})])[0])
    assert taken.values["tax"] == "10.000"
    assert Decimal(server.record("Products", made.id)["tax2"]) == 10
    none = snap(server.system.update(PRODUCT, [Patch(made.id, {"tax": ""})])[0])
    assert none.values["tax"] in ("", "0.000")
    back = snap(server.system.update(PRODUCT, [Patch(made.id, {"tax": "20.000+10.000"})])[0])
    assert back.values["tax"] == "20.000+10.000"


def test_a_tax_that_is_not_simply_added_is_never_chosen(server: Server) -> None:
    kinds = [
        ["VAT withheld", "20.000", "Deducted"],
        ["On top", "5.000", "Compound"],
        ["VAT", "17.500", "Simple"],
    ]
    taxes = server.admin("GET", "options")["taxes"]
    server.admin("POST", "options", {"taxes": kinds})
    try:
        made = server.system.create(PRODUCT, {"productname": "P", "tax": "20"}, "k")
        row = server.record("Products", made.id)
        assert Decimal(row["tax3"]) == 20 and not {"tax1", "tax2"} & row.keys()
        assert [one["rate"] for one in server.system.table("tax_codes")] == ["17.5"]
        with pytest.raises(Halt, match="'VAT withheld', which is not an active tax"):
            server.bench.system(tax="VAT withheld").create(PRODUCT, {"productname": "T", "tax": "20"}, "k")
    finally:
        server.admin("POST", "options", {"taxes": taxes})


def test_the_settings_choose_the_tax_for_other_rates(server: Server) -> None:
    made = server.bench.system(tax="Service").create(SERVICE, {"servicename": "S", "tax": "17.5"}, "k")
    assert Decimal(server.record("Services", made.id)["tax3"]) == Decimal("17.5")
    with pytest.raises(Halt, match="is not an active tax"):
        server.bench.system(tax="Sales Tax").create(SERVICE, {"servicename": "T", "tax": "1"}, "k")
