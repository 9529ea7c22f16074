"""Customers of Sage Sales Management and Sage 50: the reference by mask, whose a customer is once both have
it, and what we wrote ourselves."""

from typing import Any

import pytest

from tests.stories.clients import CRM, LEDGER, Clients

MASK = '[account.numbering]\nmask = "@#"'


def references(here: Clients) -> list[str]:
    return sorted(str(one["accountRef"]) for one in here.native(LEDGER).values())


def client(here: Clients, record: str, name: str, **values: Any) -> None:
    """What a salesperson enters."""
    here.enter(CRM, record, name=name, kind="Client", **values)


# ---------------------------------------------------------------- the mask


def test_a_mask_gives_no_number_twice_in_one_batch() -> None:
    here = Clients()
    for record, town in (("one", "Leeds"), ("two", "York"), ("three", "Hull")):
        client(here, record, f"Brand {record.title()} Ltd", billing_town=town)
    here.hear(CRM, "one", "two", "three")
    here.wait(minutes=5)
    assert references(here) == ["BRAN0001", "BRAN0002", "BRAN0003"]


def test_a_mask_gives_no_number_that_sage_has() -> None:
    here = Clients()
    here.client("BRAN0001", name="Brandon & Sons")
    client(here, "one", "Brand New Ltd")
    here.sync()
    here.wait(minutes=5)
    assert references(here) == ["BRAN0001", "BRAN0002"]


def test_a_mask_gives_no_number_again_that_was_given_once() -> None:
    """Its customer is gone, but old paper names it."""
    here = Clients()
    for record in ("one", "two", "three", "four"):
        client(here, record, f"Brand {record.title()} Ltd")
        here.sync()
        here.wait(minutes=5)
    here.delete(LEDGER, here.id_of(LEDGER, "one"))
    here.sync()
    client(here, "five", "Brand Five Ltd")
    here.sync()
    here.wait(minutes=5)
    assert references(here) == ["BRAN0002", "BRAN0003", "BRAN0004", "BRAN0005"]


def test_a_mask_that_runs_out_holds_the_account_by_name() -> None:
    here = Clients(MASK)
    for number in range(1, 10):
        here.client(f"B{number}", name=f"Other {number} Ltd")
    here.sync()
    here.wait(minutes=5)
    client(here, "one", "Brand New Ltd")
    here.sync()
    here.wait(minutes=5)
    assert references(here) == [f"B{number}" for number in range(1, 10)]
    here.says("held", "no reference of the mask @# is free in Sage 50 for “Brand New Ltd”", of="one")


# ---------------------------------------------------------------- whose it is


@pytest.mark.parametrize(
    "field, theirs, ours",
    [
        ("name", "Client1 Ltd", "Client One"),
        ("billing_town", "Leeds", "York"),
        ("phone", "0113 496 0000", "0114 496 0000"),
    ],
)
def test_whatever_is_changed_in_the_crm_of_a_customer_is_put_back_and_kept_in_the_log(
    field: str, theirs: str, ours: str
) -> None:
    here = Clients()
    here.client("CLIENT1", **{field: theirs})
    here.sync()
    here.wait(minutes=2)
    here.edit(CRM, "CLIENT1", **{field: ours})
    here.sync()
    here.wait(minutes=2)
    assert here.shows(CRM, "CLIENT1")[field] == here.shows(LEDGER, "CLIENT1")[field] == theirs
    assert (CRM, field, ours) in {(system, name, value) for name, system, value in _lost(here)}


def _lost(here: Clients) -> list[tuple[str, str, object]]:
    """(field, system, value)."""
    changes = [change for row in here.rows() for change in row.changes]
    return [(one["field"], one["system"], one["lost"]) for one in changes if "lost" in one]


# ---------------------------------------------------------------- the brake


def test_what_we_wrote_ourselves_is_no_mass_edit() -> None:
    """Sage fills in what we do not write: of sixty new customers at once it is no reason to stop."""
    here = Clients()
    for number in range(60):
        client(here, f"c{number:02}", f"Brand {number:02} Ltd")
    here.sync()
    here.wait(minutes=5)
    assert len(here.native(LEDGER)) == 60
    for record in here.native(LEDGER).values():
        record["telephone2"] = "0113 496 0000"
    here.sync()
    assert here.rig.services().state.braked == {}


# ---------------------------------------------------------------- comes back


def test_a_customer_that_comes_back_is_in_use_again_and_the_log_says_just_that() -> None:
    """Its status in the CRM is Sage's to say, and no reason to skip it."""
    here = Clients.in_both(6)
    here.delete(LEDGER, "CLIENT1")
    here.sync()
    here.client("CLIENT1")
    here.sync()
    here.says("updated", "taken back into use", of="CLIENT1")
    assert here.shows(CRM, "CLIENT1")["kind"] == "Client"
