"""Row “credit position” in the pairs without tests of their own for it: what the ledger keeps stands at the
account, and what it does not keep is left out with a word."""

from decimal import Decimal
from typing import Any

import pytest

from local.vendors.vtiger.options import CREDIT_FIELDS, CUSTOM_FIELDS
from shared.mapping.compile import compile_flow
from shared.operations.poll_tasks import CREDIT, polled_lists
from tests.e2e.any_pair import AnyPair, any_pair

PAIRS = [
    f"{crm}--{ledger}"
    for crm in ("sugarcrm", "vtiger", "sage_sales_management")
    for ledger in ("sage_50", "sage_accounting")
]
WORD = "left blank, because Sage Accounting does not keep it: account status, on hold"
LABELLED = {**CUSTOM_FIELDS, "Accounts": [*CUSTOM_FIELDS["Accounts"], *CREDIT_FIELDS]}


@pytest.mark.parametrize("flow", PAIRS)
def test_credit_position_is_part_of_every_pair(flow: str) -> None:
    ledger = flow.partition("--")[2]
    assert (CREDIT, ledger) in polled_lists(compile_flow(flow, {}))


def owes(pair: AnyPair, amount: str = "100.00") -> None:
    """A customer of Sage Accounting with an invoice that is long overdue."""
    sage = pair.desks["sage_accounting"]
    kinds = {"name": "Acme Ltd", "reference": "ACME01", "contact_type_ids": ["CUSTOMER"]}
    customer = str(sage.post("/contacts", {**kinds, "credit_limit": "500.00"})[0])
    account = next(one["id"] for one in sage.get("/ledger_accounts") if one["nominal_code"] == 4000)
    line = {
        "description": "Widget",
        "ledger_account_id": str(account),
        "quantity": "1",
        "unit_price": amount,
        "tax_rate_id": "GB_STANDARD",
        "tax_amount": str(Decimal(amount) / 5),
    }
    dates = {"date": "2026-01-05", "due_date": "2026-02-04", "status_id": "DRAFT"}
    invoice = sage.post("/sales_invoices", {"contact_id": customer, **dates, "invoice_lines": [line]})[0]
    sage.post(f"/sales_invoices/{invoice}/release")


def said(pair: AnyPair) -> str:
    return " ".join(run.message for run in pair.stores.log.runs(limit=50) if run.entity == CREDIT)


def test_credit_position_of_sage_accounting_in_sugarcrm() -> None:
    with any_pair("sugarcrm--sage_accounting") as pair:
        account = {"id": "acme", "name": "Acme Ltd", "sales_account_ref_c": "ACME01"}
        pair.desks["sugarcrm"].post("/accounts", account)
        owes(pair)
        pair.settle()
        row: dict[str, Any] = next(iter(pair.desks["sugarcrm"].get("/accounts")))
        amounts = [Decimal(str(row[f"sage_{name}_c"])) for name in ("balance", "overdue", "credit_limit")]
        assert amounts == [Decimal(120), Decimal(120), Decimal(500)], pair.tell()
        assert not row["sage_account_status_c"] and row["sage_on_hold_c"] in (None, "", 0, False, "0")
        assert WORD in said(pair) and pair.failed == []


def test_credit_position_of_sage_accounting_in_sage_sales_management() -> None:
    with any_pair("sage_sales_management--sage_accounting") as pair:
        owes(pair)
        pair.settle()
        pair.cycle()
        (row,) = pair.desks["sage_sales_management"].get("/records/accounts")
        assert (row["Z_balance"], row["Z_overdue"], row["Z_creditLimit"]) == (120, 120, 500), pair.tell()
        assert not row["Z_accountStatus"] and not row["Z_onHold"]
        assert WORD in said(pair) and pair.failed == []


def test_credit_position_of_sage_50_in_vtiger() -> None:
    with any_pair("vtiger--sage_50", switches={"vtiger": {"custom_fields": LABELLED}}) as pair:
        sage = pair.desks["sage_50"]
        sage.post(
            "/customers",
            {
                "accountRef": "ACME01",
                "name": "Acme Ltd",
                "creditLimit": 500,
                "accountStatus": 2,
                "onHold": True,
            },
        )
        sage.post("/postings", {"accountRef": "ACME01", "amount": "75.25", "date": "2026-01-05"})
        pair.settle()
        pair.cycle()
        (row,) = pair.desks["vtiger"].get("/records/Accounts")
        shown = [str(row[name] or "") for name, _, _ in CREDIT_FIELDS]
        assert shown[:4] == ["75.25", "75.25", "500.00", "Stopped"], pair.tell()
        assert shown[4] == "1" and pair.failed == []
