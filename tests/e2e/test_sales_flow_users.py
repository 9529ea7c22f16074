"""Users of Sage Sales Management, and whom Sage 50 names, as the flow ships.

Each test bears the name of a row of the flow's table, or of a case of bad input.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.sales_people import check, labels
from tests.e2e.sales_world import CRM, SAGE, SalesWorld, sales_world


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with sales_world() as made:
        yield made
        assert made.failed == [], made.tell()


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
