"""The link of a record by its own id: the one that a pointer names, else the one that is computed from it."""

from collections.abc import Sequence

from shared.domain.keys import link_id
from shared.domain.link import Link
from shared.ports import Stores

Name = tuple[str, str, str]
"""(system, entity, record id)."""


def known_links(stores: Stores, names: Sequence[Name]) -> dict[Name, Link]:
    """Those that have one. 1 request for each list and 100 records, and 1 for 100 links."""
    ids = {name: link_id(stores.integration, name[1], name[0], name[2]) for name in names}
    lists: dict[tuple[str, str], list[str]] = {}
    for system, entity, record_id in ids:
        lists.setdefault((system, entity), []).append(record_id)
    for (system, entity), records in lists.items():
        for record_id, found in stores.links.find(system, entity, records).items():
            ids[system, entity, record_id] = found
    loaded = stores.links.load(sorted(set(ids.values()))) if ids else {}
    links = {name: loaded[own].link for name, own in ids.items()}
    return {name: link for name, link in links.items() if link is not None}
