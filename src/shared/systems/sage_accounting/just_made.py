"""What the answer to a create says of the records embedded in it, which it only names.

Sage answers a create repeated under the same id with its first result, so what was sent now is what stands
there only if this very call made the record: then nothing needs to be read again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.systems.sage_accounting.contact_fields import CONTACT
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.values import plain, reference

_WHOLE_SECONDS = timedelta(seconds=2)
"""Sage's stamps and dates are cut to seconds."""


def made_now(body: Row, context: SageContext, at: datetime) -> bool:
    """Whether the record was made since `at`, when the call was begun, by Sage's own clock. An earlier
    attempt is older by the settle time, because nobody tries again before. False where nothing tells."""
    told, now = str(body.get("created_at") or ""), context.client.server_time
    try:
        created = datetime.fromisoformat(told)
    except ValueError:
        return False
    created = created if created.tzinfo else created.replace(tzinfo=UTC)
    return now is not None and created >= now - (context.clock.now() - at) - _WHOLE_SECONDS


def as_sent(body: Row, sent: Mapping[str, Any]) -> bool:
    """Whether every part that was sent is named by the answer, and Sage had nothing to fill in: an address
    without a country gets the business's own."""
    parts = [part for part in CONTACT.nested if isinstance(sent.get(part), Mapping)]
    addresses = [sent[part] for part in parts if "country_id" in CONTACT.nested[part]]
    return all(reference(body.get(part)) for part in parts) and all(
        one.get("country_id") for one in addresses
    )


def embedded(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the parts as a reading will show them: what was sent, and all else blank but for what
    Sage names by itself."""
    shown = {}
    for part in CONTACT.nested:
        given = sent.get(part) or {}
        for name in CONTACT.nested[part]:
            if name in given or name not in _OWN:
                shown[f"{part}/{name}"] = plain(given.get(name))
    return shown


_OWN = frozenset({"name", "country_group_id"})
