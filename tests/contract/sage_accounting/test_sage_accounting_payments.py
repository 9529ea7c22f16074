"""What of an invoice was paid and how, read from Sage's rows of payments and allocations over real HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from shared.domain.record import replace
from shared.ports import Hint, Snapshot
from tests.contract.sage_accounting.records import line, one
from tests.contract.sage_accounting_bench import INVOICE, Bench, poll

FIGURES = ("received", "credited", "discounted", "settled_otherwise", "outstanding_amount")
SETTLED = replace(INVOICE, fields=(*INVOICE.fields, *FIGURES, "settled_by"))
LEDGER = "Bad Debts Written Off (4020)"


class Paying:
    """One customer's invoices of 23.98, settled by a person."""

    def __init__(self, bench: Bench, **customer: Any) -> None:
        self.bench = bench
        self.contact = bench.customer(**customer)

    def invoice(self, **more: Any) -> str:
        body = {"contact_id": self.contact, "date": "2026-11-02", **more}
        account = next(
            row["id"] for row in self.bench.records("ledger_accounts") if row["nominal_code"] == 4000
        )
        lines = [{name: str(value) for name, value in line(ledger_account_id=account).items()}]
        return self.bench.add("sales_invoices", invoice_lines=lines, **body)

    def does(self, key: str, action: str, **body: Any) -> None:
        self.bench.post(f"/sales_invoices/{key}/{action}", body)

    def on_account(self, amount: str) -> str:
        """A receipt for nothing in particular."""
        bank = self.bench.service.lead.table("bank_accounts")
        key = self.bench.add(
            "contact_payments",
            transaction_type_id="CUSTOMER_RECEIPT",
            contact_id=self.contact,
            bank_account_id=next(iter(bank)),
            date="2026-11-01",
            total_amount=amount,
        )
        row = next(row for row in self.bench.records("contact_payments") if row["id"] == key)
        return str(row["payment_on_account"]["id"])

    def shows(self, key: str) -> tuple[str, ...]:
        found = one(self.bench.sage(), SETTLED, key).values
        return (str(found["status_id"]), *(f"{Decimal(str(found[name])):.2f}" for name in FIGURES))


@pytest.fixture
def paying(bench: Bench) -> Paying:
    return Paying(bench)


def test_a_payment_a_refund_and_a_discount(paying: Paying) -> None:
    key = paying.invoice()
    paying.does(key, "pay", amount="10.00", discount="0.50")
    assert paying.shows(key) == ("PART_PAID", "10.00", "0.00", "0.50", "0.00", "13.48")
    paying.does(key, "pay")
    paying.does(key, "refund", amount="3.00")
    assert paying.shows(key) == ("PART_PAID", "20.48", "0.00", "0.50", "0.00", "3.00")
    paying.bench.options(refund_amounts="positive")
    assert paying.shows(key) == ("PART_PAID", "20.48", "0.00", "0.50", "0.00", "3.00")


@pytest.mark.parametrize("named", [True, False], ids=["with its path", "without a path"])
def test_an_overpayment_allocated_later_is_money(paying: Paying, named: bool) -> None:
    paying.bench.options(on_account_path=named)
    first, second = paying.invoice(), paying.invoice()
    paying.does(first, "pay", on_account="5.00")
    payment = paying.bench.records("contact_payments")[0]
    assert payment["payment_on_account"]["outstanding_amount"] == "5.0"
    paying.does(second, "allocate", **{"from": payment["payment_on_account"]["id"], "amount": "5.00"})
    assert paying.shows(second) == ("PART_PAID", "5.00", "0.00", "0.00", "0.00", "18.98")


def test_c5_an_invoice_settled_by_a_credit_note_reads_as_credited(paying: Paying) -> None:
    key = paying.invoice()
    paying.does(key, "credit", account=4020)
    assert paying.shows(key) == ("CREDITED", "0.00", "23.98", "0.00", "0.00", "0.00")
    assert one(paying.bench.sage(), SETTLED, key).values["settled_by"] == f"SCN-1 ({LEDGER}) 23.98"


def test_part_credit_and_part_payment_is_paid(paying: Paying) -> None:
    key = paying.invoice()
    paying.does(key, "credit", amount="3.98")
    paying.does(key, "pay")
    assert paying.shows(key) == ("PAID", "20.00", "3.98", "0.00", "0.00", "0.00")


def test_what_was_removed_is_open_again(paying: Paying) -> None:
    key = paying.invoice()
    paying.does(key, "credit", amount="3.98")
    allocation = paying.bench.records("contact_allocations")[0]["id"]
    paying.bench.admin.delete(f"/contact_allocations/{allocation}")
    assert paying.shows(key) == ("UNPAID", "0.00", "0.00", "0.00", "0.00", "23.98")


def test_a_void_invoice_is_settled_by_nothing_that_is_money(paying: Paying) -> None:
    key = paying.invoice()
    paying.does(key, "void")
    assert paying.shows(key) == ("VOID", "0.00", "0.00", "0.00", "23.98", "0.00")


def test_amounts_are_in_the_invoices_currency(bench: Bench) -> None:
    paying = Paying(bench, currency_id="EUR")
    key = paying.invoice()
    paying.does(key, "credit", amount="3.98")
    paying.does(key, "pay", amount="10.00")
    assert paying.shows(key) == ("PART_PAID", "10.00", "3.98", "0.00", "0.00", "10.00")


def test_a_sign_in_that_may_not_read_allocations_calls_nothing_money(paying: Paying) -> None:
    key = paying.invoice()
    paying.does(key, "credit", amount="3.98")
    paying.bench.options(denied=["GET contact_allocations"])
    assert paying.shows(key) == ("PART_PAID", "0.00", "0.00", "0.00", "3.98", "20.00")


def test_an_allocation_is_read_once_and_only_where_there_is_one(paying: Paying) -> None:
    plain, credited = paying.invoice(), paying.invoice()
    paying.does(plain, "pay", amount="1.00")
    paying.does(credited, "credit", amount="1.00")
    paying.bench.calls()
    found, cursor = poll(paying.bench.sage(), SETTLED, None)
    assert {record.id for record in found if isinstance(record, Snapshot)} == {plain, credited}
    calls = paying.bench.calls()
    assert (calls["GET /contact_allocations/{key}"], calls["GET /sales_credit_notes/{key}"]) == (1, 1)
    for worker in ("second", "third"):  # another invocation: the stores are the same
        poll(paying.bench.sage(worker), SETTLED, cursor)
        assert set(paying.bench.calls()) == {"GET /sales_invoices"}


@pytest.mark.parametrize("action", ["pay", "credit", "delete", "unallocate"])
def test_payments_that_leave_the_stamp_alone_are_found_in_their_lists(bench: Bench, action: str) -> None:
    bench.past(7200)
    paying = Paying(bench)
    key = paying.invoice()
    if action in ("delete", "unallocate"):
        paying.does(key, "pay" if action == "delete" else "credit", amount="2.00")
    bench.options(payment_touch=False)
    bench.past(3600)
    paying.invoice()  # the position of the list is past the first one
    _, cursor = poll(bench.sage(payment_lists="on"), SETTLED, None)
    bench.past(0)
    if action in ("pay", "credit"):
        paying.does(key, action, amount="2.00")
    else:
        of = "contact_payments" if action == "delete" else "contact_allocations"
        assert bench.admin.delete(f"/{of}/{bench.records(of)[0]['id']}").status_code == 200
    found, _ = poll(bench.sage(payment_lists="on"), SETTLED, cursor)
    assert Hint(key) in found
    unseen, _ = poll(bench.sage(), SETTLED, cursor)
    assert Hint(key) not in unseen, "without the setting a poll makes no more calls than before"
