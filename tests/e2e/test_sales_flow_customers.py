"""Customers and potentials between Sage Sales Management and Sage 50, as the flow ships.

Each test bears the name of a row of the flow's table, or of a case of bad input.
"""

from collections.abc import Iterator

import pytest

from tests.e2e.sales_people import account, accounts, contacts, customers, labels
from tests.e2e.sales_world import SalesWorld, sales_world


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with sales_world() as made:
        yield made
        assert made.failed == [], made.tell()


# ---------------------------------------------------------------- customers


def test_customers_go_from_sage_to_the_crm_and_are_read_only_there(here: SalesWorld) -> None:
    here.customer("ACME01", name="Acme Ltd", countryCode="GB")
    here.settle()
    row = here.rows("accounts")["ACME01"]
    assert (row["statusId"]["value"], row["readOnly"]) == ("Client", True)
    here.crm.ask("POST", "records/accounts", {"id": row["id"], "name": "Acme (ours)"})
    here.settle()
    assert here.rows("accounts")["ACME01"]["name"] == "Acme Ltd" == customers(here)["ACME01"]["name"]
    assert "name changed in Sage Sales Management, from where the flow does not take it" in here.tell()


def test_a_customer_deleted_in_the_crm_stays_in_sage(here: SalesWorld) -> None:
    here.customer("ACME01", name="Acme Ltd")
    here.settle()
    row = here.rows("accounts")["ACME01"]
    here.crm.ask("DELETE", f"records/accounts/{row['id']}")
    here.settle()
    assert "ACME01" in customers(here) and here.rows("accounts") == {}
    assert "skipped: the record was deleted in Sage Sales Management; Sage 50 Acme Ltd" in here.tell()


@pytest.mark.parametrize("keep", ["", "?keep=1"])
def test_a_customer_deleted_in_sage_is_marked_in_the_crm(here: SalesWorld, keep: str) -> None:
    for number in range(1, 5):
        here.customer(f"ACME0{number}", name=f"Acme {number} Ltd")
    here.settle()
    here.sage.ask("DELETE", f"customers/ACME01{keep}")
    here.settle()
    here.sweep()
    here.settle()
    row = here.rows("accounts")["ACME01"]
    assert (row["statusId"]["value"], row["readOnly"]) == ("Deleted in Sage", True), here.tell()
    here.customer("ACME01", name="Acme 1 Ltd", recordDeleted=0)
    here.settle()
    row = here.rows("accounts")["ACME01"]
    assert (row["statusId"]["value"], row["readOnly"]) == ("Client", True), here.tell()
    assert len(here.rows("accounts")) == 4


# ---------------------------------------------------------------- potentials and new customers


def test_a_potential_is_kept_in_the_crm_until_it_is_a_client(here: SalesWorld) -> None:
    one = account(here, "Brand New Ltd", countryId=labels(here, "countries")["United Kingdom"])
    here.settle()
    assert customers(here) == {} and here.outcomes() == ["skipped"]
    assert "The status is “Potential”: it is kept in Sage Sales Management alone" in here.tell()
    here.crm.ask("POST", "records/accounts", {"id": one, "city": "Leeds", "readOnly": False})
    here.settle()
    assert accounts(here)[one]["city"] == "Leeds" and customers(here) == {}


def test_a_new_customer_of_the_crm_is_made_in_sage_once_and_is_read_only_then(here: SalesWorld) -> None:
    here.customer("BRAN0001", name="Brandon Ltd")
    here.settle()
    one = account(here, "Brand New Ltd", "Client", address1="1 High St", salesRepId1=53)
    here.settle()
    row, made = accounts(here)[one], customers(here)["BRAN0002"]
    assert (made["name"], made["address1"], made["analysis1"]) == (
        "Brand New Ltd",
        "1 High St",
        "Sebastian Ward",
    )
    assert (row["extId"], row["readOnly"], row["statusId"]["value"]) == ("BRAN0002", True, "Client")
    here.customer("BRAN0002", name="Brand New Group Ltd", analysis1="Somebody Else")
    here.settle()
    row = accounts(here)[one]
    assert (row["name"], row["salesRepId1"]["id"]) == ("Brand New Group Ltd", 53)
    assert set(customers(here)) == {"BRAN0001", "BRAN0002"}


def test_a_potential_that_becomes_a_client_is_made_in_sage(here: SalesWorld) -> None:
    one = account(here, "Brand New Ltd")
    here.settle()
    status = labels(here, "accountStatuses")["Client"]
    here.crm.ask("POST", "records/accounts", {"id": one, "statusId": status})
    here.settle()
    assert accounts(here)[one]["extId"] == "BRAN0001" and len(customers(here)) == 1, here.tell()


def test_a_potential_that_becomes_a_customer_in_sage_is_a_client_then(here: SalesWorld) -> None:
    one = account(here, "Brand New Ltd", city="York")
    here.settle()
    here.customer("BRAND1", name="Brand New Limited", address3="Leeds")
    here.settle()
    row = accounts(here)[one]
    assert (row["extId"], row["statusId"]["value"], row["readOnly"]) == ("BRAND1", "Client", True), (
        here.tell()
    )
    assert row["city"] == "Leeds" and len(accounts(here)) == 1


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request", "500", "late_500"])
def test_a_lost_answer_makes_no_second_customer(here: SalesWorld, kind: str) -> None:
    one = account(here, "Brand New Ltd", "Client")
    match = {"method": "POST", "path": "customer$"}
    here.sage.ask("POST", "faults", [{"kind": kind, "match": match}])
    here.settle()
    assert list(customers(here)) == ["BRAN0001"] and accounts(here)[one]["extId"] == "BRAN0001", here.tell()


def test_a_customer_that_somebody_made_under_the_same_reference_is_not_taken_for_ours(
    here: SalesWorld,
) -> None:
    one = account(here, "Brand New Ltd", "Client")
    match = {"method": "POST", "path": "customer$"}
    here.sage.ask("POST", "faults", [{"kind": "lost_request", "match": match}])
    here.poll()
    here.customer("BRAN0001", name="Brandon & Sons", address3="York")
    here.settle()
    row = accounts(here)[one]
    assert (row["name"], row["extId"], row["readOnly"]) == ("Brand New Ltd", None, False), here.tell()
    assert "held: an earlier try may have made this record in Sage 50, and somebody may have" in here.tell()
    assert customers(here)["BRAN0001"]["name"] == "Brandon & Sons" and len(customers(here)) == 1


def test_a_mask_that_runs_out_holds_the_account() -> None:
    with sales_world(rules='[account.numbering]\nmask = "@#"\n') as own:
        for number in range(1, 10):
            own.customer(f"B{number}", name=f"Other {number} Ltd")
        one = account(own, "Brand New Ltd", "Client")
        own.settle()
        assert accounts(own)[one]["readOnly"] is not True and len(customers(own)) == 9
        assert not own.failed, own.failed
        assert "held: no reference of the mask @# is free in Sage 50 for “Brand New Ltd”" in own.tell()


def test_two_accounts_that_claim_one_reference_are_held(here: SalesWorld) -> None:
    account(here, "Acme North", "Client", extId="ACME01")
    account(here, "Acme South", "Client", extId="ACME01")
    here.customer("ACME01", name="Acme Ltd")
    here.settle()
    assert set(here.outcomes()) == {"held"}, here.tell()
    assert len(accounts(here)) == 2 and list(customers(here)) == ["ACME01"]


def test_a_customer_renamed_in_both_has_sages_name(here: SalesWorld) -> None:
    here.customer("ACME01", name="Acme Ltd")
    here.settle()
    row = here.rows("accounts")["ACME01"]
    here.crm.ask("POST", "records/accounts", {"id": row["id"], "name": "Acme (CRM)"})
    here.customer("ACME01", name="Acme (Sage)")
    here.settle()
    assert here.rows("accounts")["ACME01"]["name"] == "Acme (Sage)"
    lost = [change for row in here.stores.log.rows(limit=99) for change in row.changes if "lost" in change]
    assert [one["lost"] for one in lost if one["field"] == "name"] == ["Acme (CRM)"]


def test_a_status_that_the_tenant_lacks_is_named() -> None:
    with sales_world(rules='[account.on.sage_50.fields]\nkind = { constant = "Kunde" }\n') as own:
        own.customer("ACME01", name="Acme Ltd")
        own.settle()
        assert accounts(own) == {} and set(own.outcomes()) == {"held"}
        assert "has no “Kunde” in its list accountStatuses (Client, Potential, Deleted in Sage)" in own.tell()


def test_a_country_that_the_tenant_lacks_stops_neither_the_customer_nor_its_other_fields() -> None:
    with sales_world() as own:
        own.customer("NETH01", name="Breda BV", countryCode="NL", address3="Breda")
        own.settle()
        row = own.rows("accounts")["NETH01"]
        assert (row["countryId"], row["city"]) == (None, "Breda"), own.tell()
        assert "no “Netherlands” in its list countries" in own.tell() and "made without it" in own.tell()


def test_what_is_deleted_in_sage_is_deleted_for_good_a_week_later_where_the_rules_say_so() -> None:
    """Its record in the CRM is read-only by then; a customer that comes back is made anew."""
    rules = 'account.deletes = "delete"\ncontact.deletes = "delete"\n'
    with sales_world(rules=rules) as here:
        for number in range(1, 5):
            here.customer(f"ACME0{number}", name=f"Acme {number} Ltd")
        here.contact("ACME02", contact="Ann Example")
        here.contact("ACME02", contact="Ben Example")
        here.settle()
        old = here.rows("accounts")["ACME01"]["id"]
        here.sage.ask("DELETE", "customers/ACME01")
        here.settle()
        here.sweep()
        here.settle()
        assert here.rows("accounts")["ACME01"]["statusId"]["value"] == "Deleted in Sage", here.tell()
        here.wait(7 * 24 * 3600)
        assert old in accounts(here)
        here.sweep()
        assert old not in accounts(here) and accounts(here, deleted=True)[old]["deleted"], here.tell()
        assert "was deleted for good, because the record was deleted in Sage 50" in here.tell()
        assert len(accounts(here)) == 3 and len(contacts(here)) == 2
        here.settle()
        here.customer("ACME01", name="Acme 1 Ltd", recordDeleted=0)
        here.settle()
        row = here.rows("accounts")["ACME01"]
        assert row["id"] != old and (row["statusId"]["value"], row["readOnly"]) == ("Client", True), (
            here.tell()
        )
        notes = [note for one in here.stores.log.rows(limit=20) for note in one.outcome.notes]
        assert any("so it is made anew there under the same reference" in one for one in notes)
        assert not here.failed, here.tell()
