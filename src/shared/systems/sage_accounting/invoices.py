"""Sales invoices. Drafts are written; an issued invoice is left to the people who keep the books.

Every read tells Sage not to mark the invoice as sent. A quiet poll makes two calls, or six with
`payment_lists`: the deleted and the changed invoices. They are complete if Sage can list them with all
attributes, and only hints if that takes too long."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from shared.errors import OutcomeUnknown, RecordRejected
from shared.ports import Patch, Snapshot, Values
from shared.systems.sage_accounting import gross_lines, lines, rates, tax_history, values
from shared.systems.sage_accounting.allocations import Allocations
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.customer_codes import CustomerCodes
from shared.systems.sage_accounting.document_fields import INVOICE
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.payment_lists import OFF, ON, invoices_of, payment_feeds
from shared.systems.sage_accounting.resource import Feed, Resource, same
from shared.systems.sage_accounting.settlements import DRAFTS, Entry, Settlement, settle
from shared.systems.sage_accounting.values import flat, number, top, under, writable

ISSUED, PAID = "UNPAID", "PAID"
CREDITED = "CREDITED"
"""Ours, in the place of PAID: settled by credit notes, and no money was received."""
_ADDRESSES = ("main_address", "delivery_address")


class Invoices(Resource):
    kind = INVOICE
    lane = "documents"
    single = {  # noqa: RUF012 - read only
        "mark_as_sent": "false",
        "show_payments_allocations": "true",
        "show_analysis_types": "true",
    }
    whole = {"attributes": "all", "show_payments_allocations": "true"}  # noqa: RUF012 - read only
    searched = {"number": "search", "reference": "search", "contact_id": "contact_id"}  # noqa: RUF012 - read only

    size = 50

    def __init__(self, context: SageContext, customers: CustomerCodes) -> None:
        super().__init__(context)
        self._customers = customers
        self._allocations = Allocations(context.facts)
        self._settled: Mapping[str, Mapping[str, Sequence[Entry]]] = {}

    def snapshots(self, path: str, rows: Sequence[Row], at: datetime) -> list[Snapshot]:
        self._settled = self._allocations.of(rows)
        return super().snapshots(path, rows, at)

    def feeds(self) -> list[Feed]:
        deleted, changed = super().feeds()
        more = payment_feeds() if self.context.options.get("payment_lists", OFF) == ON else []
        light = Feed(changed.name, changed.path, changed.rows, changed.params, light="updated_at")
        return [*more, deleted, light]

    def owners(self, feed: Feed, rows: Sequence[Row]) -> list[str]:
        return invoices_of(rows)

    def values(self, body: Row) -> Values:
        found = flat(INVOICE, body)
        found |= rates.shown(self.context.options, found)
        issued = found["status_id"] not in (*DRAFTS, "")
        if not issued:
            found["outstanding_amount"] = found[
                "total_amount"
            ]  # a draft has no payments, and Sage need not give an amount for it
        return {
            **found,
            **self._settlement(body),
            "number": found["displayed_as"] if issued else "",
            "base_currency_total_paid": _paid_in_base(found),
            "invoice_lines": self._lines_of(body, str(found["date"])),
        }

    def _lines_of(self, body: Row, day: str) -> list[dict[str, Any]]:
        raw, facts = body.get("invoice_lines") or [], self.context.facts
        rows = gross_lines.shown_net(facts, raw, [lines.shown(one) for one in raw])
        return tax_history.shown_on(day, rows, facts.tax_history()) if rows else rows

    def _settlement(self, body: Row) -> Values:
        """How it was settled, which no field of Sage's says."""
        found = settle(body, self._settled.get(str(body.get("id")), {}))
        if found is None:
            return {}
        credited = {"status_id": CREDITED} if _status(body) == PAID and found.by_credit else {}
        return {**_figures(found), **credited}

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Without a status it is a draft, so that nothing is posted to the ledger unasked."""
        status = str(given.get("status_id") or "DRAFT")
        if status not in (*DRAFTS, ISSUED):
            raise RecordRejected(_refusal(status))
        if not number(given.get("shipping_net_amount")):
            given = {name: value for name, value in given.items() if not name.startswith("shipping_")}
        return {
            **self._body(self._customers.resolved(given, INVOICE.label)),
            **self._untaxed(given),
            **({} if status == ISSUED else {"status_id": status}),
        }

    def update(self, patch: Patch) -> Snapshot:
        """Writes other fields first, then releases. If the record already has the patch's values, as after a
        lost answer, there is nothing left to do."""
        given = writable(INVOICE, patch.values)
        self.take()
        at, current = self.context.clock.now(), self.fetch(patch.id)
        if current is not None and _shows(self.values(current), given):
            return self.answered(current, at, {})
        current = self.guard(patch, current)
        _check(given, current)
        rest = {name: value for name, value in given.items() if name != "status_id"}
        untaxed = {} if current.get("shipping_tax_rate") else self._untaxed(rest)
        own = current.get("invoice_lines") or []
        made = (
            self.put(patch, {**self._body(rest, own), **untaxed}) if rest else self.answered(current, at, {})
        )
        return self._release(patch.id) if given.get("status_id") == ISSUED else made

    def _untaxed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Carriage is untaxed unless a rate is given: how Sage treats carriage without a rate is not
        documented."""
        if not number(given.get("shipping_net_amount")) or given.get("shipping_tax_rate_id"):
            return {}
        zero = self.context.facts.zero_rate(self.context.options.get("zero_rate", ""))
        return {"shipping_tax_rate_id": zero} if zero else {}

    def _body(self, given: Mapping[str, Any], current: Sequence[Row] = ()) -> dict[str, Any]:
        """`current`: the lines as they were just read."""
        body = rates.written(self.context.options, top(INVOICE, given, leave=("status_id", "invoice_lines")))
        if "invoice_lines" in given:
            rows = tax_history.written_codes(given["invoice_lines"])
            body["invoice_lines"] = lines.written(self.context, rows, current)
        for part in _ADDRESSES:
            if fields := under(part, given):
                body[part] = fields
        return body

    def _release(self, record_id: str) -> Snapshot:
        """Releasing has no idempotency id, but its effect can be seen: an issued invoice was released."""
        at = self.context.clock.now()
        try:
            answer = self.context.client.write(
                "POST", f"{self.path(record_id)}/release", f"issue draft invoice {record_id}", None
            )
        except OutcomeUnknown:
            found = self.fetch(record_id)
            if found is None or _status(found) in DRAFTS:
                raise
            answer = found
        return self.answered(answer, at, {})


def _check(given: Mapping[str, Any], current: Row) -> None:
    """Raises RecordRejected for an invoice or a status that Tieout may not change."""
    name = str(current.get("displayed_as") or current.get("id"))
    if _status(current) not in DRAFTS:
        raise RecordRejected(
            f"The invoice {name} has been issued in Sage and can no longer be changed: correct it there, or "
            "void it and make a new one"
        )
    if current.get("editable") is False:
        raise RecordRejected(
            f"Sage does not allow the invoice {name} to be changed (is it reconciled for VAT?): correct it "
            "there"
        )
    status = given.get("status_id")
    if status is not None and status not in (ISSUED, _status(current)):
        raise RecordRejected(_refusal(str(status)))


def _refusal(status: str) -> str:
    return (
        f"The status of an invoice cannot be set to {status or 'blank'} from outside Sage: payments are "
        "entered and invoices are voided in Sage itself"
    )


def _shows(shown: Values, wanted: Mapping[str, Any]) -> bool:
    """Whether an earlier attempt at this patch was carried out, as after a lost answer to a release."""
    return bool(wanted) and all(
        name in shown and name != "invoice_lines" and same(value, shown[name])
        for name, value in wanted.items()
    )


def _paid_in_base(found: Values) -> str:
    """Sage states what is paid in the invoice's own currency alone. Of a foreign one it is what is not
    outstanding."""
    paid = number(found["total_paid"])
    total = number(found["base_currency_total_amount"])
    left = number(found["base_currency_outstanding_amount"])
    if not paid or total == number(found["total_amount"]):
        return str(found["total_paid"])
    return "" if total is None or left is None else f"{total - left:.2f}"


def _figures(found: Settlement) -> Values:
    amounts: dict[str, Decimal] = {
        "received": found.received,
        "credited": found.credited,
        "discounted": found.discounted,
        "settled_otherwise": found.otherwise,
    }
    return {**{name: f"{value:.2f}" for name, value in amounts.items()}, "settled_by": found.named}


def _status(body: Row) -> str:
    return values.reference(body.get("status"))
