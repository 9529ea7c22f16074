"""What of an invoice was paid, how the log says it, and what comes back when it is undone."""

from shared.errors import Unavailable
from tests.properties.ports import Killed
from tests.stories.customers import SAGE, VTIGER
from tests.stories.invoices import Invoices

NOTE = "SCN-1 (Bad Debts (4020)) 24.00"


def paid(here: Invoices, *given: str, **more: str) -> None:
    here.put_in_sage(*given, **more)
    here.sync()
    here.wait(minutes=2)


def test_a8_part_paid_paid_and_the_payments_deleted() -> None:
    here = Invoices.issued()
    paid(here, "issued", "10")
    assert here.vtiger == ("Sent", "10.00", "14.00")
    paid(here, "paid", "24")
    assert here.vtiger == ("Paid", "24.00", "0.00")
    here.says("updated", "received, status written to Vtiger", "of 24.00, 24.00 received, 0.00 outstanding")
    paid(here, "issued", "0")
    assert here.vtiger == ("Sent", "0.00", "24.00")
    here.says("updated", "of 24.00, 0.00 received, 24.00 outstanding")


def test_c5_credited_and_no_cash() -> None:
    here = Invoices.issued()
    paid(here, "credited", credited="24", settled_by=NOTE)
    assert here.vtiger == ("Credit Invoice", "0.00", "0.00")
    here.says("updated", f"0.00 received, 24.00 credited, 0.00 outstanding ({NOTE})")
    paid(here, "issued")
    assert here.vtiger == ("Sent", "0.00", "24.00")


def test_all_five_ways_at_once_are_told_and_only_money_is_received() -> None:
    here = Invoices.issued(status="Approved")
    paid(
        here,
        "issued",
        "5",
        credited="4",
        discounted="1",
        settled_otherwise="2",
        settled_by="Contra PI-7 2.00",
    )
    assert here.vtiger == ("Approved", "5.00", "12.00")
    words = (
        "of 24.00, 5.00 received, 4.00 credited, 1.00 discounted, 2.00 settled otherwise, 12.00 outstanding"
    )
    here.says("updated", words, "(Contra PI-7 2.00)")


def test_a_payment_exchanged_for_a_credit_note_is_told_although_nothing_else_is_owed() -> None:
    here = Invoices.issued()
    paid(here, "issued", "4")
    paid(here, "issued", "0", credited="4", settled_by="SCN-1 4.00")
    assert here.vtiger == ("Sent", "0.00", "20.00")
    here.says("updated", "0.00 received, 4.00 credited, 20.00 outstanding")
    paid(here, "issued", "0", settled_otherwise="4", settled_by="Contra 4.00")
    here.says("unchanged", "4.00 settled otherwise")


def test_what_is_written_off_after_a_part_payment_is_paid_and_named() -> None:
    here = Invoices.issued()
    paid(here, "paid", "14", credited="10", settled_by="SCN-1 (Bad Debts (4020)) 10.00")
    assert here.vtiger == ("Paid", "14.00", "0.00")
    here.says("updated", "14.00 received, 10.00 credited", "Bad Debts (4020)")


def test_a_state_that_somebody_chose_meanwhile_stays() -> None:
    here = Invoices.issued()
    paid(here, "paid", "24")
    here.says_in_vtiger("Approved")
    here.sync()
    here.says("skipped", "status stays “paid” there, “issued” here")
    paid(here, "issued", "0")
    assert here.vtiger == ("Approved", "0.00", "24.00")
    paid(here, "paid", "24")
    paid(here, "issued", "0")
    assert here.vtiger == ("Approved", "0.00", "24.00"), "what was replaced last counts"


def test_money_that_was_typed_into_vtiger_is_put_back_and_kept_in_the_log() -> None:
    here = Invoices.issued()
    (record,) = here.native(VTIGER)
    here.rig.systems[VTIGER].put("Invoice", record, {"received": "24.00"})
    here.sync()
    assert here.vtiger == ("Sent", "0.00", "24.00")
    assert [(system, field, f"{value:.2f}") for system, field, value in here.lost()] == [
        (VTIGER, "received", "24.00")
    ]


def test_the_state_before_survives_a_worker_that_dies_after_the_write() -> None:
    here = Invoices.issued()
    here.put_in_sage("paid", "24")
    with here.at(f"{VTIGER}.update done", Killed()):
        here.sync()
    here.wait(minutes=30)
    assert here.vtiger == ("Paid", "24.00", "0.00")
    paid(here, "issued", "0")
    here.wait(minutes=2)
    assert here.vtiger == ("Sent", "0.00", "24.00")


def test_how_it_was_settled_is_told_although_the_first_try_failed() -> None:
    here = Invoices.issued()
    here.put_in_sage("credited", credited="24", settled_by=NOTE)
    with here.at(f"{VTIGER}.update", Unavailable("closed")):
        here.sync()
    here.wait(hours=1)
    assert here.vtiger == ("Credit Invoice", "0.00", "0.00")
    told = [row.outcome for row in here.rows() if row.outcome.kind == "updated"]
    assert any(NOTE in " ".join(one.notes) for one in told), here.rows()


def test_an_undo_brings_back_the_very_state() -> None:
    here = Invoices.issued()
    paid(here, "paid", "24")
    run = next(row.run_id for row in here.rows() if row.outcome.kind == "updated")
    here.undo(run)
    here.wait(minutes=2)
    assert here.vtiger[0] == "Sent"


def test_nothing_is_told_of_an_invoice_of_which_nothing_is_paid() -> None:
    here = Invoices.issued()
    (record,) = here.native(SAGE)
    here.rig.systems[SAGE].put("sales_invoices", record, {"reference": "PO 9"})
    here.sync()
    assert here.rows()[-1].outcome.notes == ()
