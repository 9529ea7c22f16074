"""Which invoices the lists of payments and allocations speak of.

Sage does not document whether a payment moves the time stamp of its invoice. Where it does not, these lists
say so, at four more calls a poll: the setting `payment_lists`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.systems.sage_accounting.resource import Feed
from shared.systems.sage_accounting.settlements import INVOICES, entries_of

OFF, ON = "off", "on"
_LISTS = ("contact_payments", "contact_allocations")


def payment_feeds() -> list[Feed]:
    """What was entered or changed, and what was deleted."""
    changed = [Feed(one, f"/{one}", "parts", _asked("updated_at")) for one in _LISTS]
    gone = [Feed(f"{one} deleted", f"/{one}", "parts", _asked("deleted_at"), deleted=True) for one in _LISTS]
    return [*changed, *gone]


def invoices_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The invoices that payments or allocations were for, each once."""
    found = [one.id for row in rows for one in entries_of(row) if one.resource == INVOICES and one.id]
    return list(dict.fromkeys(found))


def _asked(stamp: str) -> dict[str, str]:
    return {"attributes": f"allocated_artefacts,{stamp}"}
