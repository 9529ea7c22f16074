"""Customers, potentials, contacts and users between Sage Sales Management and Sage 50, as the flow ships.

Each test bears the name of a row of the flow's table, or of a case of bad input.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.operations.connect import check_system
from tests.e2e.sales_world import CRM, SAGE, SalesWorld, sales_world


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with sales_world() as made:
        yield made
        assert made.failed == [], made.tell()


def labels(here: SalesWorld, table: str) -> dict[str, int]:
    return {row["descriptionEN"]: row["id"] for row in here.crm.ask("GET", f"records/{table}")}


def account(here: SalesWorld, name: str, status: str = "Potential", **values: Any) -> int:
    """What a salesperson enters."""
    body = {"name": name, "statusId": labels(here, "accountStatuses")[status], **values}
    return int(here.crm.ask("POST", "records/accounts", body)["id"])


def accounts(here: SalesWorld, deleted: bool = False) -> dict[int, dict[str, Any]]:
    rows = here.crm.ask("GET", f"records/accounts{'?deleted=1' if deleted else ''}")
    return {row["id"]: row for row in rows}


def customers(here: SalesWorld) -> dict[str, dict[str, Any]]:
    return {row["accountRef"]: row for row in here.sage.ask("GET", "customers")}


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


# ---------------------------------------------------------------- contacts


def contacts(here: SalesWorld) -> dict[str, dict[str, Any]]:
    rows = here.crm.ask("GET", "records/contacts")
    return {f"{row['firstName']} {row['lastName']}".strip(): row for row in rows}


def addresses(here: SalesWorld) -> dict[str, dict[str, Any]]:
    """By whom they name; the registered ones apart."""
    rows = here.sage.ask("GET", "addresses")
    return {row["contact"]: row for row in rows if row["addressType"] != 2}


def check(here: SalesWorld, system: str = SAGE, subject: str = "contacts") -> list[str]:
    services = here.services()
    try:
        return [one.message for one in check_system(services, system) if one.subject == subject]
    finally:
        services.close()


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


# ---------------------------------------------------------------- users


def reps(here: SalesWorld) -> dict[str, str]:
    return {code: row["salesRepId1"]["value"] for code, row in here.rows("accounts").items()}


def test_users_come_from_the_table_of_the_settings_and_are_found_by_address() -> None:
    table = {"Sebastian Ward": "sebastian@example.test", "SW": "Sebastian@Example.test"}
    with sales_world(options={SAGE: {"users": json.dumps(table)}}) as here:
        for code, rep in {"NAME01": "sebastian  ward", "CODE01": "SW", "BLANK1": "", "BOB001": "Bob"}.items():
            here.customer(code, name=f"{code} Ltd", analysis1=rep)
        here.settle()
        sebastian, admin = "Sebastian Ward", "Emma Lee"
        assert reps(here) == {"NAME01": sebastian, "CODE01": sebastian, "BLANK1": admin, "BOB001": admin}
        assert 'analysis1 holds "Bob", which cannot be read as owner' in here.tell()
        here.customer("CODE01", analysis1="")
        here.customer("BLANK1", analysis1="SW", name="Blank & Co")
        here.settle()
        assert reps(here)["CODE01"] == sebastian and reps(here)["BLANK1"] == admin, "never later"
        assert here.rows("accounts")["BLANK1"]["name"] == "Blank & Co" and not here.failed


def test_without_a_table_the_analysis_field_names_nobody(here: SalesWorld) -> None:
    here.customer("ACME01", name="Acme Ltd", analysis1="North")
    here.settle()
    assert reps(here) == {"ACME01": "Emma Lee"} and "analysis1" not in here.tell()


@pytest.mark.parametrize(
    ("row", "how"),
    [
        ({"email": "emma@example.test"}, "two users with one address"),
        ({"email": ""}, "a user without an address"),
        ({"email": "left@example.test", "isActive": False}, "a user who left"),
    ],
)
def test_a_rep_whom_no_address_tells_is_named_and_not_assigned(row: dict[str, Any], how: str) -> None:
    table = {"EL": "emma@example.test" if "two" in how else "left@example.test"}
    options = {SAGE: {"users": json.dumps(table)}, CRM: {"owner": "sebastian@example.test"}}
    with sales_world(options=options) as here:
        here.crm.ask("POST", "records/users", {"name": "Other", "lastName": "Person", **row})
        here.customer("ACME01", name="Acme Ltd", analysis1="EL")
        here.settle()
        assert reps(here) == {"ACME01": "Sebastian Ward"}, here.tell()
        assert f"{table['EL']}" in here.tell() and "owner" in here.tell()
        count = "2 active users" if "two" in how else "no active user"
        assert f"names {table['EL']}, and {count} of Sage Sales Management" in check(here, CRM, "users")[0]


def test_check_names_whom_orders_name_and_the_table_lacks() -> None:
    table = {"Emma Lee": "emma@example.test", "EL": ""}
    with sales_world(options={SAGE: {"users": json.dumps(table)}}) as here:
        here.customer("ACME01", name="Acme Ltd")
        line = {"stockCode": "S1", "quantity": 1, "unitPrice": 1, "taxCode": 1, "taxRate": 20}
        for name in ("Emma Lee", "emma lee", "MANAGER", ""):
            body = {"customerAccountRef": "ACME01", "userName": name, "invoiceItems": [line]}
            here.order(body)
        said = check(here, SAGE, "users")
        assert "“EL” has no e-mail address" in said[0]
        assert "Orders in Sage 50 name “MANAGER”, whom the table users" in said[1]


def test_check_names_a_status_of_the_rules_that_the_tenant_lacks() -> None:
    with sales_world() as here:
        assert not check(here, CRM, "accounts.statusId")
        gone = labels(here, "accountStatuses")["Deleted in Sage"]
        here.crm.ask("DELETE", f"records/accountStatuses/{gone}")
        here.wait(3700)  # lists are kept for an hour
        (said,) = check(here, CRM, "accounts.statusId")
        assert said.startswith("Sage Sales Management has no “Deleted in Sage” in its list accountStatuses")
        assert "add it there, or name another one in the rules" in said


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
