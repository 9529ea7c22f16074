"""Potentials: kept in the CRM alone until they are clients, or held in Sage 50 as accounts with a status of
their own. Either way they are customers of Sage, and closed in the CRM, from their promotion on."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.sales_people import account, accounts, customers, labels
from tests.e2e.sales_world import SAGE, SalesWorld, sales_world

IN_SAGE = """
[account.joined]
field = "kind"
open  = ["Potential"]

[account.require.client]
value = ["Client", "Potential"]

[account.on.sage_50.fields]
kind      = { path = "potential", as = "table", table = "kind", access = "both" }
read_only = { path = "potential", as = "boolean", form = "not", access = "read" }

[account.on.sage_50.tables.kind]
yes = "Potential"
no  = "Client"
"""
NUMBER = 1
STATUS = {SAGE: {"potential_status": f"{NUMBER} Query"}}
"""One of the emulated company's own; who uses this names one for it."""


@pytest.fixture
def ledger() -> Iterator[SalesWorld]:
    with sales_world(rules=IN_SAGE, options=STATUS) as made:
        yield made
        assert made.failed == [], made.tell()


def state(here: SalesWorld, one: int) -> tuple[str, bool]:
    row = accounts(here)[one]
    return row["statusId"]["value"], row["readOnly"]


def test_by_default_a_potential_is_kept_in_the_crm_alone() -> None:
    with sales_world() as here:
        one = account(here, "Brand New Ltd")
        here.settle()
        assert customers(here) == {} and state(here, one) == ("Potential", False)


def test_a_potential_is_held_in_sage_with_the_configured_status_and_stays_open_in_the_crm(
    ledger: SalesWorld,
) -> None:
    one = account(ledger, "Brand New Ltd", city="York")
    ledger.settle()
    made = customers(ledger)["BRAN0001"]
    assert (made["accountStatus"], made["address3"], state(ledger, one)) == (
        NUMBER,
        "York",
        ("Potential", False),
    )
    ledger.crm.ask("POST", "records/accounts", {"id": one, "city": "Leeds"})
    ledger.settle()
    assert customers(ledger)["BRAN0001"]["address3"] == "Leeds", ledger.tell()
    ledger.customer("BRAN0001", address3="Hull")
    ledger.settle()
    assert accounts(ledger)[one]["city"] == "Hull" and len(customers(ledger)) == len(accounts(ledger)) == 1


@pytest.mark.parametrize("by", ["crm", "sage"])
def test_a_potential_in_sage_is_promoted_on_either_side_and_on_customer_rules_then(
    ledger: SalesWorld, by: str
) -> None:
    one = account(ledger, "Brand New Ltd", city="York")
    ledger.settle()
    if by == "crm":
        client = labels(ledger, "accountStatuses")["Client"]
        ledger.crm.ask("POST", "records/accounts", {"id": one, "statusId": client})
    else:
        ledger.customer("BRAN0001", accountStatus=0)
    ledger.settle()
    assert customers(ledger)["BRAN0001"]["accountStatus"] == 0, ledger.tell()
    assert state(ledger, one) == ("Client", True), ledger.tell()
    ledger.crm.ask("POST", "records/accounts", {"id": one, "city": "Leeds"})
    ledger.settle()
    assert accounts(ledger)[one]["city"] == "York" == customers(ledger)["BRAN0001"]["address3"]


def test_other_statuses_of_sage_are_clients(ledger: SalesWorld) -> None:
    rows: dict[str, Any] = {"PROS01": NUMBER, "LEGAL1": 5, "OPEN01": 0}
    for reference, status in rows.items():
        ledger.customer(reference, name=f"{reference.title()} Ltd", accountStatus=status)
    ledger.settle()
    found = {
        name: (row["statusId"]["value"], row["readOnly"]) for name, row in ledger.rows("accounts").items()
    }
    assert found == {"PROS01": ("Potential", False), "LEGAL1": ("Client", True), "OPEN01": ("Client", True)}
    assert {name: row["accountStatus"] for name, row in customers(ledger).items()} == rows


def test_without_the_status_in_the_settings_a_potential_is_held_with_that_sentence() -> None:
    with sales_world(rules=IN_SAGE) as here:
        account(here, "Brand New Ltd")
        here.settle()
        assert customers(here) == {}
        assert "held" in here.tell() and "name it in the setting potential_status" in here.tell()
