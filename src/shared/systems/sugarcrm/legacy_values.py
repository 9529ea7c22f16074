"""Turns v4_1's forms into snapshots: name-value maps, warnings instead of records, two ways of nesting
related records. Pure.

Everything is sent as text, with four characters HTML-encoded (`&` itself is not), so it is decoded exactly
once here. A field that was never set may be missing on old servers, and a NULL is sent as ''."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import Unavailable
from shared.ports import Gone, Native, ObjectSpec, Reading, Related, Snapshot, Values
from shared.systems.sugarcrm.records import MODIFIED, related_fields, related_values, text, wanted_fields

_ENTITY = re.compile("&(?:#0?39|quot|lt|gt);")
_PLAIN = {"&#039;": "'", "&#39;": "'", "&quot;": '"', "&lt;": "<", "&gt;": ">"}


def decode(value: Any) -> Native:
    """One pass: `&amp;lt;` contains none of these four entities and stays as it is."""
    if isinstance(value, str):
        return _ENTITY.sub(lambda found: _PLAIN[found[0]], value)
    return value  # type: ignore[no-any-return]


def fields_of(name_values: Any) -> Values:
    """A map of {name, value} pairs into name -> value. PHP writes an empty map as []."""
    if not isinstance(name_values, Mapping):
        return {}
    return {
        name: decode(item.get("value")) for name, item in name_values.items() if isinstance(item, Mapping)
    }


def is_missing(entry: Mapping[str, Any]) -> bool:
    """A deleted or unknown record comes as a *list* with a warning, not as an error."""
    pairs = entry.get("name_value_list")
    return isinstance(pairs, list) and any(
        isinstance(pair, Mapping) and pair.get("name") == "warning" for pair in pairs
    )


def link_argument(spec: ObjectSpec) -> list[dict[str, Any]]:
    return [{"name": item.link, "value": related_fields(item)} for item in spec.related]


def readings(spec: ObjectSpec, answer: Mapping[str, Any], at: datetime) -> list[Reading]:
    """One per entry of get_entry_list or get_entries, in order."""
    entries: Sequence[Mapping[str, Any]] = answer["entry_list"]
    links = _aligned(entries, answer.get("relationship_list") or [])
    return [_reading(spec, entry, links[place], at) for place, entry in enumerate(entries)]


def _reading(spec: ObjectSpec, entry: Mapping[str, Any], links: Any, at: datetime) -> Reading:
    record_id, values = text(entry.get("id")), fields_of(entry.get("name_value_list"))
    if is_missing(entry) or text(values.get("deleted")) == "1":
        return Gone(record_id, at)
    own: Values = {name: values.get(name, "") for name in wanted_fields(spec)}
    own["id"] = record_id
    for item in spec.related:
        own.update(related_values(item, _linked(links, item)))
    return Snapshot(record_id, own, at, text(values.get(spec.version_path or MODIFIED)) or None)


def _aligned(entries: Sequence[Mapping[str, Any]], links: Sequence[Any]) -> list[Any]:
    """The link list of each entry. get_entries leaves out those of missing records, so the lists may differ
    in length."""
    if len(links) == len(entries) or not links:
        return list(links) or [[]] * len(entries)
    present = [not is_missing(entry) for entry in entries]
    if len(links) != sum(present):
        raise Unavailable(
            f"SugarCRM answered with {len(entries)} records and the related records of {len(links)}, so it "
            "is not clear which belong together"
        )
    following = iter(links)
    return [next(following) if there else [] for there in present]


def _linked(links: Any, item: Related) -> list[Values]:
    """get_entry_list nests {link_list: [{name, records: [{link_value}]}]}, get_entries [{name, records:
    [values]}]."""
    named = links.get("link_list", []) if isinstance(links, Mapping) else links
    for link in named if isinstance(named, list) else []:
        if isinstance(link, Mapping) and link.get("name") == item.link:
            return [fields_of(row.get("link_value", row)) for row in link.get("records") or []]
    return []
