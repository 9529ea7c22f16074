"""Lists what changed, or what is waiting, in one call: the vendor has neither paging nor ordering.

Promises that resuming from any page's cursor loses nothing: rows are sorted on our side, the search is
inclusive and reaches back over an overlap, and rows that share a second are all read again. Fields that only
a single read has are left out, except lines: a document without its lines is incomplete, so each is then read
on its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.errors import RuleInvalid
from shared.ports import Gone, Hint, ObjectSpec, Page, Snapshot
from shared.systems.sage_50 import search
from shared.systems.sage_50.dates import SageDates, search_from
from shared.systems.sage_50.fields import Table
from shared.systems.sage_50.reader import Reader, single_only
from shared.systems.sage_50.settlement import SALES_INVOICE
from shared.systems.sage_50.tables import INVOICE, LEDGER_ENTRY

OVERLAP = timedelta(minutes=5)


def pages(
    reader: Reader,
    dates: SageDates,
    spec: ObjectSpec,
    table: Table,
    cursor: Mapping[str, Any] | None,
    size: int,
) -> Iterator[Page]:
    """A cursor is `{"since": ISO text of the greatest change time seen}`, in the server's local time; with
    `gone`, the ids of those that were marked as deleted at the last look, and may be listed once more, and
    with `quiet` when that look found nothing newer than the one before: documents whose lines would cost a
    read each are then only named."""
    since = str((cursor or {}).get("since") or "") if spec.poll_mode == "cursor" else ""
    lines = [name for name in single_only(spec, table) if table.fields[name].kind == "lines"]
    quiet = bool((cursor or {}).get("quiet")) and bool(since)
    looked = since if quiet else ""
    found = _found(reader, dates, spec, table, since, looked)
    known = frozenset(str(one) for one in (cursor or {}).get("gone") or ()) if since else frozenset()
    gone = _deleted(reader, dates, table, since, found, known)
    told: dict[str, Any] = {"gone": sorted(gone)} if gone else {}
    if since and (lines or table is INVOICE) and not any((one.version or "") > since for one in found):
        told["quiet"] = True
    for start in range(0, max(len(found), 1), size):
        part = found[start : start + size]
        since = max([since, *(one.version or "" for one in part)])
        last = start + size >= len(found)
        alive = [one for one in part if one.id not in gone]
        named = [one for one in alive if lines and one.version and one.version <= looked]
        whole = reader.complete(table, [one for one in alive if one not in named], lines)
        kept = reader.with_services(spec, whole)
        known_ones = [Hint(one.id, one.version) for one in named]
        dead = [Gone(one.id, one.observed_at) for one in part if one.id in gone]
        yield Page((*kept, *known_ones, *dead), {"since": since, **told} if since else {}, last)


def _found(
    reader: Reader, dates: SageDates, spec: ObjectSpec, table: Table, since: str, looked: str
) -> list[Snapshot]:
    """With deleted ones, where those are told apart afterwards: a deletion is a change, too. Without invoices
    that two looks have shown as they are (up to `looked`): what is paid of them would be asked once more."""
    kept = [] if table.deleted and since else [search.KEPT]
    filters = [*search.pushed(table, spec.where, dates), *kept, *_window(dates, since)]
    listed = reader.search(table, filters)
    if table is INVOICE and since:
        listed = _with_paid(reader, table, listed, _window(dates, since), looked)
        listed = [one for one in listed if (one.version or "") > looked]
    rows = [one for one in listed if search.meets(one.values, spec.where)]
    return sorted(rows, key=lambda one: (one.version or "", one.id))


def _deleted(
    reader: Reader,
    dates: SageDates,
    table: Table,
    since: str,
    found: list[Snapshot],
    known: frozenset[str],
) -> frozenset[str]:
    """Which of these are marked as deleted: one more search for each mark, and only when something is newer
    than the last look. A service that does not know a column finds nothing, and so hides nothing."""
    if not table.deleted or not any((one.version or "") > since for one in found):
        return known
    window = _window(dates, since)
    marks = [{"field": column, "type": "eq", "value": "1"} for column in table.deleted]
    return frozenset(one.id for mark in marks for one in reader.search(table, [mark, *window]))


def _with_paid(
    reader: Reader, table: Table, listed: list[Snapshot], window: search.Filters, looked: str
) -> list[Snapshot]:
    """With the invoices whose entry in the ledger moved since: a payment does not touch the invoice itself.
    One search, and another where there are any."""
    entries = reader.search(LEDGER_ENTRY, [{"field": "TYPE", "type": "eq", "value": SALES_INVOICE}, *window])
    times = {
        str(one.values.get("invRef") or ""): one.version or ""
        for one in entries
        if (one.version or "") > looked
    }
    others = sorted(one for one in times.keys() - {one.id for one in listed} if one.isdigit())
    found = reader.by_values(table, table.ids[0], others) if others else []
    return [replace(one, version=max(one.version or "", times.get(one.id, ""))) for one in (*listed, *found)]


def _window(dates: SageDates, since: str) -> search.Filters:
    return search.since(search_from(_time(since), OVERLAP), dates) if since else []


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise RuleInvalid(
            f"The stored position of the Sage 50 poll is {text!r}, which is not a date: clear it, and "
            "the next poll will read everything again."
        ) from None
