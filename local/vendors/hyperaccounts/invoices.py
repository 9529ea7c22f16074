"""Sales invoices of the emulated company, and the entries that posting them makes in its ledger.

Only read by the API here. What people do in Sage (enter, post, take a payment, remove) is done under /_admin.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.hyperaccounts.ledger import Ledger, Record
from local.vendors.hyperaccounts.orders import _from_customer, _lines, _sums
from local.vendors.hyperaccounts.values import Refused

CREDITS = (3, 4)
# known: document - the letters of a ledger entry; guessed: that it tells its gross and what was paid of it
LETTERS = {True: "SC", False: "SI"}


def invoice(ledger: Ledger, number: object) -> Record:
    found = ledger.invoices.get(int(str(number)) if str(number).isdigit() else 0)
    if found is None:
        raise Refused(f"Invoice {number} not found")
    return found


def enter(ledger: Ledger, body: Mapping[str, Any]) -> int:
    """A new invoice, or a change of one; `posted` puts it into the ledger, `paid` is what was allocated."""
    number = int(body.get("invoiceNumber") or ledger.next_invoice)
    record = ledger.invoices.get(number)
    columns = ledger.accept("INVOICE", body)
    columns |= {name: body[key] for key, name in _FREE.items() if key in body}
    if body.get("invoiceItems") is not None:
        lines = _lines(ledger, body["invoiceItems"])
        _number(ledger, lines)
        sums = _sums(lines)
        columns |= {"LINES": lines, "INVOICE_NET": sums["ITEMS_NET"], "INVOICE_TAX": sums["ITEMS_TAX"]}
        columns["INVOICE_GROSS"] = sums["ITEMS_GROSS"]
    if record is None:
        columns = _from_customer(ledger.customer(columns.get("ACCOUNT_REF")), columns)
        record = ledger.new("INVOICE", {"LINES": [], **columns, "INVOICE_NUMBER": number})
        ledger.invoices[number] = record
        ledger.next_invoice = max(ledger.next_invoice, number) + 1
    else:
        ledger.change(record, columns)
    if body.get("posted") and not record["POSTED_CODE"]:
        _post(ledger, record)
    if "paid" in body:
        _pay(ledger, record, Decimal(str(body["paid"])))
    return number


def _number(ledger: Ledger, lines: list[Record]) -> None:
    for line in lines:
        line["ITEMID"] = ledger.next_item
        ledger.next_item += 1


_FREE = {"invoiceTypeCode": "INVOICE_TYPE_CODE", "recordDeleted": "RECORD_DELETED"}


def _post(ledger: Ledger, record: Record) -> None:
    ledger.change(record, {"POSTED_CODE": 1})
    number = len(ledger.entries) + 1
    columns = {
        "HEADER_NUMBER": number,
        "TYPE": LETTERS[record["INVOICE_TYPE_CODE"] in CREDITS],
        "ACCOUNT_REF": record["ACCOUNT_REF"],
        "INV_REF": str(record["INVOICE_NUMBER"]),
        "GROSS_AMOUNT": record["INVOICE_GROSS"],
        "DATE": record["INVOICE_DATE"],
    }
    ledger.entries[number] = ledger.new("AUDIT", columns)


def _pay(ledger: Ledger, record: Record, paid: Decimal) -> None:
    """An allocation changes the ledger's entry and leaves the invoice's own row alone."""
    for entry in ledger.entries.values():
        if entry["INV_REF"] == str(record["INVOICE_NUMBER"]):
            ledger.change(entry, {"AMOUNT_PAID": paid})
