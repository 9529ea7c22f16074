"""Contacts between Sage Sales Management and Sage 50, as the flow ships.

Each test bears the name of a row of the flow's table, or of a case of bad input.
"""

from collections.abc import Iterator

import pytest

from tests.e2e.sales_people import account, addresses, check, contacts, labels
from tests.e2e.sales_world import SAGE, SalesWorld, sales_world


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with sales_world() as made:
        yield made
        assert made.failed == [], made.tell()


def with_acme(here: SalesWorld) -> int:
    """A customer that is in the CRM, too; its id there."""
    here.customer("ACME01", name="Acme Ltd")
    here.settle()
    return int(here.rows("accounts")["ACME01"]["id"])


@pytest.mark.parametrize("key", ["addresNumber", "addressNumber", "either"])
def test_contacts_of_sage_go_both_ways(key: str) -> None:
    with sales_world(sage={"address_key": key}) as here:
        acme = with_acme(here)
        one = here.contact("ACME01", contact="Ann Example", email="ann@acme.example", role="Buyer")
        here.sage.ask("POST", "addresses", {"accountRef": "ACME01", "contact": "Goods In", "addressType": 0})
        here.settle()
        (name,) = contacts(here)
        row = contacts(here)[name]
        assert (name, row["accountId"]["id"], row["email"]) == ("Ann Example", acme, "ann@acme.example")
        here.crm.ask("POST", "records/contacts", {"id": row["id"], "phone1": "0113 496 0001"})
        here.settle()
        assert addresses(here)["Ann Example"]["telephone"] == "0113 496 0001", here.tell()
        here.contact("ACME01", addressNumber=int(one.rpartition("/")[2]), email="a.example@acme.example")
        here.settle()
        assert contacts(here)["Ann Example"]["email"] == "a.example@acme.example" and not here.failed
        assert len(contacts(here)) == 1 and len(addresses(here)) == 2


def test_a_contact_of_the_crm_is_linked_with_that_of_sage(here: SalesWorld) -> None:
    acme = with_acme(here)
    ours = {"firstName": "Ann", "lastName": "Example", "accountId": acme, "email": "ann@acme.example"}
    here.crm.ask("POST", "records/contacts", ours)
    here.contact("ACME01", contact="Ann Example", telephone="0113 496 0001")
    here.settle()
    assert contacts(here)["Ann Example"]["phone1"] == "0113 496 0001"
    assert addresses(here)["Ann Example"]["email"] == "ann@acme.example"
    assert len(contacts(here)) == 1 and len(addresses(here)) == 1


def test_a_new_contact_is_not_made_where_nobody_has_seen_that_it_stays_one(here: SalesWorld) -> None:
    acme = with_acme(here)
    here.crm.ask("POST", "records/contacts", {"firstName": "Ann", "lastName": "Example", "accountId": acme})
    here.settle()
    assert addresses(here) == {}
    assert "skipped: a new contact is not made in Sage 50: `tieout check` has not seen" in here.tell()
    assert "put the reference of a customer" in check(here)[0]


@pytest.mark.parametrize("keeps", [True, False])
def test_contacts_are_made_in_sage_once_check_has_seen_that_the_site_keeps_their_type(keeps: bool) -> None:
    options = {SAGE: {"contact_test": "cash01"}}
    with sales_world(sage={"keeps_contact_type": keeps}, options=options) as here:
        here.customer("CASH01", name="Cash Sales")
        acme = with_acme(here)
        said = check(here)[0]
        ours = {"firstName": "Ann", "lastName": "Example", "accountId": acme, "typeId": 1}
        here.crm.ask("POST", "records/contacts", {**ours, "typeId": labels(here, "contactTypes")["Buyer"]})
        here.settle()
        if keeps:
            assert "New contacts are made in Sage 50 from now on" in said
            made = addresses(here)["Ann Example"]
            assert (made["addressType"], made["accountRef"], made["role"]) == (1, "ACME01", "Buyer")
        else:
            assert "became a delivery address, not a contact" in said
            assert "Ann Example" not in addresses(here) and "skipped: a new contact" in here.tell()
        assert check(here)[0].startswith("New contacts are" if keeps else "New contacts are not made")
        assert len([one for one in here.sage.ask("GET", "addresses") if one["accountRef"] == "CASH01"]) == 2
        assert list(contacts(here)) == ["Ann Example"] and not here.failed


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request"])
def test_a_lost_answer_makes_no_second_contact(kind: str) -> None:
    with sales_world(sage={"keeps_contact_type": True}, options={SAGE: {"contact_test": "ACME01"}}) as here:
        acme = with_acme(here)
        check(here)
        here.crm.ask(
            "POST", "records/contacts", {"firstName": "Ann", "lastName": "Example", "accountId": acme}
        )
        match = {"method": "POST", "path": "customerAddress$"}
        here.sage.ask("POST", "faults", [{"kind": kind, "match": match}])
        here.settle()
        rows = [one for one in here.sage.ask("GET", "addresses") if one["contact"] == "Ann Example"]
        assert len(rows) == 1 and len(contacts(here)) == 1, here.tell()


def test_a_contact_deleted_in_sage_is_marked_and_one_deleted_in_the_crm_stays(here: SalesWorld) -> None:
    with_acme(here)
    ids = [here.contact("ACME01", contact=f"Ann Example {letter}") for letter in "ABCDE"]
    here.settle()
    here.sage.ask("DELETE", f"addresses/{ids[0]}")
    here.crm.ask("DELETE", f"records/contacts/{contacts(here)['Ann Example B']['id']}")
    here.settle()
    here.sweep()
    here.settle()
    row = contacts(here)["Ann Example A"]
    assert (row["typeId"]["value"], row["readOnly"]) == ("Deleted in Sage", True), here.tell()
    assert "Ann Example B" in addresses(here) and "Ann Example B" not in contacts(here)


def test_a_contact_that_is_moved_to_another_customer_is_held(here: SalesWorld) -> None:
    with_acme(here)
    here.customer("OTHER1", name="Other Ltd")
    here.contact("ACME01", contact="Ann Example")
    here.settle()
    other = here.rows("accounts")["OTHER1"]["id"]
    here.crm.ask("POST", "records/contacts", {"id": contacts(here)["Ann Example"]["id"], "accountId": other})
    here.settle()
    assert "held: Sage 50 cannot move an address of ACME01 to OTHER1" in here.tell()
    assert addresses(here)["Ann Example"]["accountRef"] == "ACME01"


def test_a_contact_of_a_potential_stays_in_the_crm(here: SalesWorld) -> None:
    one = account(here, "Brand New Ltd")
    here.crm.ask("POST", "records/contacts", {"firstName": "Ann", "lastName": "Example", "accountId": one})
    here.settle()
    assert set(here.outcomes()) == {"skipped"} and addresses(here) == {}, here.tell()
