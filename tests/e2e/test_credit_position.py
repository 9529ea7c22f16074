"""Row “credit position”: the ledger's balances in the CRM's accounts, over real HTTP. SugarCRM, Sage 50."""

import pytest

from tests.e2e.credit_world import FIELDS, credit_site, with_rules

APIS = pytest.mark.parametrize("api", ["v11", "v4_1"])


@APIS
def test_credit_position_follows_every_posting_and_leaves_the_rest_of_the_account_alone(api: str) -> None:
    with credit_site(api) as here:
        here.customer("ACME01", creditLimit=5000)
        here.customer("BORG01", onHold=True, accountStatus=2)
        here.account("acme", "ACME01", phone_office="0113 496 0000")
        here.account("borg", "borg01")
        here.owe("ACME01", "120.00", days=100)
        here.owe("ACME01", "60.50")
        assert here.follow() == "2 customers read, 0 moved, 2 accounts written"
        first = {
            "balance": "180.50",
            "overdue": "120.00",
            "credit_limit": "5000.00",
            "account_status": "Open",
        }
        assert here.shown("acme") == first
        nothing = {"balance": "0.00", "overdue": "0.00", "credit_limit": "0.00"}
        assert here.shown("borg") == {**nothing, "account_status": "Stopped", "on_hold": "1"}
        here.calls()
        assert here.follow() == ""
        assert here.calls() == ({}, {"POST searchsalesledger": 1})  # nobody else is asked
        here.owe("ACME01", "120.00", kind="SR", days=100)
        before = here.row("acme")
        assert here.follow() == "2 customers read, 1 moved, 1 account written"
        assert here.shown("acme") == {**first, "balance": "60.50", "overdue": "0.00"}
        changed = {name for name, value in here.row("acme").items() if before[name] != value}
        assert changed - {"date_modified"} == {"sage_balance_c", "sage_overdue_c"}
        assert here.calls()[1] == {"POST searchsalesledger": 1, "GET ageddebtors": 1}


def test_credit_position_overdue_grows_by_the_day_without_a_posting() -> None:
    with credit_site() as here:
        here.customer("ACME01")
        here.account("acme", "ACME01")
        here.owe("ACME01", "60.00", days=20)
        here.follow()
        assert here.shown("acme")["overdue"] == "0.00"
        here.later(days=11)
        here.follow()
        assert here.shown("acme")["overdue"] == "60.00"
        here.calls()
        here.follow()
        assert here.calls() == ({}, {"POST searchsalesledger": 1})  # once a day


def test_credit_position_of_a_customer_in_credit_and_one_who_paid_on_account() -> None:
    with credit_site() as here:
        for one in ("ACME01", "BORG01"):
            here.customer(one)
            here.account(one.lower(), one)
        here.owe("ACME01", "25.10", kind="SC")
        here.owe("BORG01", "100.00", days=95)
        here.owe("BORG01", "30.00", kind="SA")
        here.follow()
        assert (here.shown("acme01")["balance"], here.shown("acme01")["overdue"]) == ("-25.10", "0.00")
        assert (here.shown("borg01")["balance"], here.shown("borg01")["overdue"]) == ("70.00", "70.00")


def test_credit_position_in_another_currency_leaves_the_amounts_blank_unless_told() -> None:
    with credit_site() as here:
        here.customer("EURO01", currency=2, creditLimit=900, onHold=True)
        here.account("euro", "EURO01")
        here.owe("EURO01", "10.00", days=50)
        assert here.follow().endswith(
            "amounts left blank of 1 customer whose account in Sage 50 is in another currency: EURO01"
        )
        assert here.shown("euro") == {"account_status": "Open", "on_hold": "1"}
        with_rules(here, '[account.credit]\nforeign = "write"\n')
        here.follow()
        assert (here.shown("euro")["balance"], here.shown("euro")["overdue"]) == ("10.00", "10.00")


@APIS
def test_credit_position_missing_fields_are_left_out_with_a_word(api: str) -> None:
    with credit_site(api, FIELDS[:1]) as here:
        here.customer("ACME01", creditLimit=5000)
        here.account("acme", "ACME01")
        here.owe("ACME01", "60.00", days=50)
        assert here.follow() == (
            "1 customer read, 0 moved, 1 account written; left out, because SugarCRM has no such field: "
            "sage_overdue_c, sage_credit_limit_c, sage_account_status_c, sage_on_hold_c"
        )
        assert here.shown("acme") == {"balance": "60.00"}
        assert "GET ageddebtors" not in here.calls()[1]  # nobody would see it
        (warned,) = [one for one in here.check("sugarcrm") if one.level == "warning"]
        assert warned.subject == "Accounts: credit position"
        assert all(f"'{name}'" in warned.message for name, _ in FIELDS[1:])


def test_credit_position_without_any_field_asks_sage_nothing() -> None:
    with credit_site(fields=()) as here:
        here.customer("ACME01")
        assert here.follow().startswith("SugarCRM has no field for the credit position (sage_balance_c, ")
        assert here.calls()[1] == {}
        here.follow()
        assert here.calls() == ({}, {})


def test_credit_position_edited_by_hand_is_put_right_the_next_day() -> None:
    with credit_site() as here:
        here.customer("ACME01", creditLimit=5000)
        here.account("acme", "ACME01")
        here.follow()
        here.account("acme", "ACME01", sage_credit_limit_c=9999)
        here.follow()
        assert here.shown("acme")["credit_limit"] == "9999.00"
        here.later(days=1)
        assert here.follow() == "1 customer read, 0 moved, 1 account written"
        assert here.shown("acme")["credit_limit"] == "5000.00"


def test_credit_position_goes_to_every_account_of_the_reference_and_to_one_that_comes_later() -> None:
    with credit_site() as here:
        here.customer("ACME01", creditLimit=100)
        here.account("north", "ACME01")
        here.account("south", "ACME01")
        here.follow()
        assert here.shown("north") == here.shown("south")
        here.customer("LATE01", creditLimit=7)
        here.follow()
        here.account("late", "LATE01")
        here.follow()
        assert here.shown("late")["credit_limit"] == "7.00"


def test_credit_position_is_switched_off_by_a_setting() -> None:
    with credit_site() as here:
        with_rules(here, "[account]\ncredit = false\n")
        here.customer("ACME01")
        here.account("acme", "ACME01")
        assert here.follow() == "" and here.calls() == ({}, {})
        here.site.tick()
        assert here.calls()[1] == {}
