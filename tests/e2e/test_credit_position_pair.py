"""Row “credit position”, Vtiger and Sage Accounting: overdue worked out, status and on hold left out with a
word; and Sage Sales Management, whose accounts are read-only to people."""

from typing import Any

import pytest

from local.vendors.vtiger.options import CREDIT_FIELDS, CUSTOM_FIELDS
from shared.operations.poll_tasks import CREDIT
from shared.systems.sage_accounting import debtors
from tests.e2e.pair_world import PairWorld, pair_world
from tests.e2e.sales_world import sales_world

NOTHING = (("", ""), ("", "0"))
FIELDS = {
    **CUSTOM_FIELDS,
    "Accounts": [
        *CUSTOM_FIELDS["Accounts"],
        *CREDIT_FIELDS,
    ],
}


def shown(here: PairWorld, organisation: str) -> tuple[str, ...]:
    """Balance, overdue, limit, status, on hold."""
    row = here.sales.one(organisation)
    return tuple(str(row[name] or "") for name in ("cf_902", "cf_904", "cf_906", "cf_908", "cf_910"))


def organisation_of(here: PairWorld, name: str) -> str:
    return next(str(row["id"]) for row in here.sales.all("Accounts") if row["accountname"] == name)


def owed(here: PairWorld, customer: str, due: str) -> str:
    """A released invoice of 23.98."""
    invoice = here.books.invoice(customer, here.books.line(), due_date=due)
    here.books.release(invoice)
    return invoice


def test_credit_position_works_overdue_out_from_invoices_credits_and_payments_on_account() -> None:
    off = {"invoice": "off", "contact": "off", "product": "off", "service": "off"}
    with pair_world(vtiger={"custom_fields": FIELDS}, directions=off) as here:
        customer = here.books.customer("Borg Ltd", credit_limit="500.00")
        old, new = owed(here, customer, "2026-11-10"), owed(here, customer, "2030-01-01")
        here.settle()
        borg = organisation_of(here, "Borg Ltd")
        assert shown(here, borg)[:3] == ("47.96", "23.98", "500.00") and shown(here, borg)[3:] in NOTHING
        said = next(
            run
            for run in here.stores.log.runs(limit=50)
            if run.entity == CREDIT and "left blank" in run.message
        )
        assert "left blank, because Sage Accounting does not keep it: account status, on hold" in said.message
        here.quiet(1)
        here.books.desk.post(f"/sales_invoices/{new}/pay", {"amount": "23.98", "on_account": "10.00"})
        here.cycle()
        assert shown(here, borg)[:2] == ("13.98", "13.98")  # what is on account pays what is late
        here.books.pay(old)
        here.cycle()
        assert shown(here, borg)[:2] == ("-10.00", "0.00")
        assert here.failed == [], here.tell()


def test_credit_position_of_a_foreign_customer_and_of_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debtors, "FEW", 0)  # the open invoices of all are listed at once
    off = {"invoice": "off", "contact": "off", "product": "off", "service": "off"}
    with pair_world(vtiger={"custom_fields": FIELDS}, directions=off) as here:
        euro = here.books.customer("Euro SA", currency_id="EUR", credit_limit="10")
        many = [here.books.customer(f"Borg {number} Ltd") for number in range(3)]
        owed(here, many[1], "2026-11-10")
        here.settle()
        assert shown(here, organisation_of(here, "Euro SA"))[:3] in (("", "", ""), ("0.00", "0.00", "0.00"))
        assert shown(here, organisation_of(here, "Borg 1 Ltd"))[:2] == ("23.98", "23.98")
        assert shown(here, organisation_of(here, "Borg 2 Ltd"))[:2] == ("0.00", "0.00") and euro


def test_credit_position_is_written_to_accounts_that_people_cannot_edit() -> None:
    with sales_world() as here:
        here.customer("ACME01", name="Acme Ltd", address1="1 High St", countryCode="GB", accountStatus=2)
        here.settle()
        here.sage.ask("POST", "postings", {"accountRef": "ACME01", "amount": "75.25", "date": "2026-01-05"})
        here.cycle()
        row: dict[str, Any] = here.rows("accounts")["ACME01"]
        assert (row["Z_balance"], row["Z_overdue"], row["Z_accountStatus"]) == (75.25, 75.25, "Stopped")
        rows = len(here.outcomes())
        here.cycle()
        here.cycle()
        assert len(here.outcomes()) == rows and here.failed == [], here.tell()  # our write is nobody's edit
