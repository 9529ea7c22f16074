"""What allocations take from, read once each and kept: a list names an allocation, and not its documents.

One more call for each allocation, and one for each credit note in it, to name its ledger account, by which
people tell a write-off from goods returned. Kept under the time stamp and the amount of the invoice's row, so
that a later change of the allocation is read again.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from shared.domain.record import replace
from shared.errors import MissingPermission
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.settlements import (
    CREDIT_NOTES,
    KNOWN,
    ON_ACCOUNT,
    Entry,
    allocation_of,
    entries_of,
    fits,
)
from shared.systems.sage_accounting.values import reference, text

_KEPT, _UNREAD = timedelta(days=90), timedelta(hours=1)
_CACHE = "sage_accounting.allocation"
_NAMED = 3
"""Ledger accounts that are named of one credit note."""


class Allocations:
    """Reads for one invocation; what it reads is kept in the cache."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._read: dict[str, list[Entry]] = {}
        self._accounts: dict[str, str] = {}
        self._on_account: dict[str, set[str]] = {}

    def of(self, invoices: Sequence[Row]) -> dict[str, dict[str, list[Entry]]]:
        """Invoice id -> allocation id -> its documents. Invoices without allocations cost nothing."""
        wanted = {
            _key(invoice, row): (str(invoice["id"]), row)
            for invoice in invoices
            for row in invoice.get("payments_allocations") or ()
            if allocation_of(row)
        }
        known = self._facts.cached(_CACHE, list(wanted)) if wanted else {}
        found: dict[str, dict[str, list[Entry]]] = {}
        for key, (invoice, row) in wanted.items():
            entries = _entries(known[key]) if key in known else self._look(key, invoice, row)
            found.setdefault(invoice, {})[allocation_of(row)] = entries
        return found

    def _look(self, key: str, invoice: str, row: Row) -> list[Entry]:
        """One of several invoices may have been met before, and the allocation changed since."""
        allocation = allocation_of(row)
        entries, kept = self._read.get(allocation, []), _KEPT
        if not fits(invoice, row, entries):
            entries = self._fetch(allocation)
            kept = _KEPT if entries else _UNREAD
        self._read[allocation] = entries
        self._facts.remember(_CACHE, {key: {"entries": [_stored(one) for one in entries]}}, kept)
        return entries

    def _fetch(self, allocation: str) -> list[Entry]:
        """An allocation that this sign-in may not read, or that was just removed, says nothing: what it
        settled is then settled otherwise, by the name that the invoice has for it, for the next hour."""
        try:
            body = self._facts.client.find(
                f"/contact_allocations/{quote(allocation, safe='')}", f"read allocation {allocation}"
            )
        except MissingPermission:
            body = None
        entries = self._proved(entries_of(body or {}), reference((body or {}).get("contact")))
        return [self._explained(one) for one in entries]

    def _proved(self, entries: list[Entry], contact: str) -> list[Entry]:
        """Sage documents no address of a payment on account, so the path of one may be blank. Which ids are
        such payments is then read from the customer's payments, rather than guessed."""
        if not contact or all(one.resource in KNOWN for one in entries):
            return entries
        if contact not in self._on_account:
            asked = {"contact_id": contact, "attributes": "payment_on_account"}
            try:
                rows = self._facts.lists.all("/contact_payments", asked)
            except MissingPermission:
                rows = []
            self._on_account[contact] = {reference(row.get("payment_on_account")) for row in rows}
        money = self._on_account[contact]
        return [replace(one, resource=ON_ACCOUNT) if one.id in money else one for one in entries]

    def _explained(self, entry: Entry) -> Entry:
        accounts = self._accounts_of(entry.id) if entry.resource == CREDIT_NOTES else ""
        return replace(entry, name=f"{entry.name} ({accounts})") if accounts else entry

    def _accounts_of(self, credit_note: str) -> str:
        """The ledger accounts of its lines, in words; "" where it may not be read."""
        if credit_note not in self._accounts:
            try:
                body = self._facts.client.find(
                    f"/{CREDIT_NOTES}/{quote(credit_note, safe='')}",
                    f"read credit note {credit_note}",
                    {"mark_as_sent": "false"},
                )
            except MissingPermission:
                body = None
            self._accounts[credit_note] = _accounts(body or {})
        return self._accounts[credit_note]


def _accounts(body: Row) -> str:
    lines = body.get("credit_note_lines") or ()
    names = dict.fromkeys(
        text(account.get("displayed_as"))
        for line in lines
        if isinstance(account := line.get("ledger_account"), Mapping)
    )
    return ", ".join([name for name in names if name][:_NAMED])


def _key(invoice: Row, row: Row) -> str:
    return f"{allocation_of(row)} {invoice['id']} {invoice.get('updated_at') or ''} {text(row.get('amount'))}"


def _stored(entry: Entry) -> dict[str, str]:
    return {"id": entry.id, "resource": entry.resource, "name": entry.name, "amount": str(entry.amount)}


def _entries(stored: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry(str(one["id"]), str(one["resource"]), str(one["name"]), Decimal(str(one["amount"])))
        for one in stored["entries"]
    ]
