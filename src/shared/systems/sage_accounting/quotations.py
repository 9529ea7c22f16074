"""Sales quotes: numbered at once, and nothing of them is posted to the ledger.

Sage has no list of deleted quotes and says nothing about whether a quote counts as changed when it is
invoiced. So a quiet poll makes two calls: the changed quotes, and the changed invoices, each of which names
the quote that it was made from.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shared.ports import Patch, Snapshot, Values
from shared.systems.sage_accounting import gross_lines, lines, rates, tax_history
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.customer_codes import CustomerCodes
from shared.systems.sage_accounting.document_fields import QUOTATION
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.resource import Feed, Resource
from shared.systems.sage_accounting.values import flat, number, reference, top, under, writable

_STATES = {"EXPIRED": "expired", "DECLINED": "lost"}
"""Those of Sage's words that are known; the rest of them is not published, and counts as open."""
_ADDRESSES = ("main_address", "delivery_address")
_UNNUMBERED = "DRAFT"
"""A draft invoice is displayed as prefix and DRAFT (`SI-DRAFT`), by Sage's invoicing guide."""
FEW = 20
"""Up to so many are looked over one by one; for more, the whole list is fewer calls as a rule."""


class Quotations(Resource):
    kind = QUOTATION
    lane = "documents"
    single = {"attributes": "all"}  # noqa: RUF012 - read only
    searched = {"number": "search", "reference": "search", "contact_id": "contact_id"}  # noqa: RUF012 - read only
    size = 50

    def __init__(self, context: SageContext, customers: CustomerCodes) -> None:
        super().__init__(context)
        self._customers = customers

    def feeds(self) -> list[Feed]:
        invoices = Feed(
            "invoices", "/sales_invoices", "parts", {"attributes": "updated_at,original_quote_estimate"}
        )
        return [invoices, Feed("since", "/sales_quotes", "records", self.whole, light="updated_at")]

    def owners(self, feed: Feed, rows: Sequence[Row]) -> list[str]:
        found = (reference(row.get("original_quote_estimate")) for row in rows)
        return [one for one in dict.fromkeys(found) if one]

    def values(self, body: Row) -> Values:
        found = flat(QUOTATION, body)
        invoice = body.get("invoice")
        shown = str(invoice.get("displayed_as") or "") if isinstance(invoice, Mapping) else ""
        return {
            **found,
            **rates.shown(self.context.options, found),
            "number": found["displayed_as"],
            "state": "won" if found["invoice_id"] else _STATES.get(str(found["status_id"]), "open"),
            "invoice_number": "" if shown.endswith(_UNNUMBERED) else shown,
            "quote_lines": self._lines_of(body, str(found["date"])),
        }

    def _lines_of(self, body: Row, day: str) -> list[dict[str, Any]]:
        raw, facts = body.get("quote_lines") or [], self.context.facts
        rows = gross_lines.shown_net(facts, raw, [lines.shown(one) for one in raw])
        return tax_history.shown_on(day, rows, facts.tax_history()) if rows else rows

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Sage requires an expiry date: where none is given, as many days on as its own settings say."""
        if not number(given.get("shipping_net_amount")):
            given = {name: value for name, value in given.items() if not name.startswith("shipping_")}
        body = self._body(self._customers.resolved(given, self.kind.label))
        if not body.get("expiry_date") and body.get("date"):
            days = timedelta(days=self.context.facts.quote_days())
            body["expiry_date"] = (date.fromisoformat(str(body["date"])) + days).isoformat()
        return body

    def update(self, patch: Patch) -> Snapshot:
        """The lines are replaced whole, so they are sent with what Sage alone knows of them."""
        given = writable(QUOTATION, patch.values)
        self.take()
        current = self.guard(patch, self.fetch(patch.id))
        return self.put(patch, self._body(given, current.get("quote_lines") or []))

    def _body(self, given: Mapping[str, Any], current: Sequence[Row] = ()) -> dict[str, Any]:
        body = rates.written(self.context.options, top(QUOTATION, given, leave=("quote_lines",)))
        if "quote_lines" in given:
            rows = tax_history.written_codes(given["quote_lines"])
            body["quote_lines"] = lines.written(self.context, rows, current)
        for part in _ADDRESSES:
            if fields := under(part, given):
                body[part] = fields
        return body

    def listed(self, ids: Sequence[str]) -> list[Snapshot]:
        """Those of these that exist, from the whole list."""
        wanted, found = set(ids), list[Snapshot]()
        for batch in self.context.lists.batches(f"/{self.kind.object}", self.whole):
            rows = [row for row in batch.rows if str(row["id"]) in wanted]
            found += self.snapshots("", rows, batch.at)
        return found
