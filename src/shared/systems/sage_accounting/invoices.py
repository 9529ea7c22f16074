"""Sales invoices. Drafts are written; an issued invoice is left to the people who keep the books.

Every read tells Sage not to mark the invoice as sent. A quiet poll makes two calls: the deleted and the
changed invoices. They are complete if Sage can list them with all attributes, and only hints if that takes
too long."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import OutcomeUnknown, RecordRejected
from shared.ports import Patch, Snapshot, Values
from shared.systems.sage_accounting import lines, values
from shared.systems.sage_accounting.fields import INVOICE
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.reference import DIRECTIONS, direction_of
from shared.systems.sage_accounting.resource import Feed, Resource, same
from shared.systems.sage_accounting.values import flat, number, top, under, writable

DRAFTS = ("DRAFT", "PRO_FORMA")
ISSUED = "UNPAID"
_ADDRESSES = ("main_address", "delivery_address")


class Invoices(Resource):
    kind = INVOICE
    lane = "documents"
    single = {"mark_as_sent": "false", "show_analysis_types": "true"}  # noqa: RUF012 - read only
    searched = {"number": "search", "reference": "search", "contact_id": "contact_id"}  # noqa: RUF012 - read only

    size = 50

    def feeds(self) -> list[Feed]:
        deleted, changed = super().feeds()
        return [deleted, Feed(changed.name, changed.path, changed.rows, changed.params, light="updated_at")]

    @property
    def _turned(self) -> bool:
        """Whether Sage states rates the other way round: ours is always units of the base currency for one
        foreign unit."""
        return direction_of(self.context.options) != DIRECTIONS[0]

    def values(self, body: Row) -> Values:
        found = flat(INVOICE, body)
        if self._turned:
            found["exchange_rate"] = found["inverse_exchange_rate"]
        issued = found["status_id"] not in (*DRAFTS, "")
        if not issued:
            found["outstanding_amount"] = found[
                "total_amount"
            ]  # a draft has no payments, and Sage need not give an amount for it
        return {
            **found,
            "number": found["displayed_as"] if issued else "",
            "invoice_lines": [lines.shown(one) for one in body.get("invoice_lines") or []],
        }

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Without a status it is a draft, so that nothing is posted to the ledger unasked."""
        status = str(given.get("status_id") or "DRAFT")
        if status not in (*DRAFTS, ISSUED):
            raise RecordRejected(_refusal(status))
        if not number(given.get("shipping_net_amount")):
            given = {name: value for name, value in given.items() if not name.startswith("shipping_")}
        return {
            **self._body(given),
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
        body = top(INVOICE, given, leave=("status_id", "invoice_lines"))
        if self._turned and "exchange_rate" in body:
            body["inverse_exchange_rate"] = body.pop("exchange_rate")
        if "invoice_lines" in given:
            body["invoice_lines"] = lines.written(self.context, given["invoice_lines"], current)
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


def _status(body: Row) -> str:
    return values.reference(body.get("status"))
