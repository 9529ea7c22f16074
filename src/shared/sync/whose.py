"""Which link is a record's own, where no pointer says so.

Usually that of its computed id. Where another record took its place in that one (what was entered again after a deletion is
joined with what is left; a merge has a winner), a record that came back has a link of the next turn.
"""

from itertools import count

from shared.ports import LinkStore, Loaded
from shared.sync.keys import link_id


def own_link(links: LinkStore, integration: str, entity: str, system: str, record_id: str) -> tuple[str, Loaded]:
    """The first link that is not another record's by now, stored or not. 1 request, and one more for every turn."""
    for turn in count(1):
        key = link_id(integration, entity, system, record_id, turn)
        loaded = links.load([key])[key]
        if loaded.link is None or loaded.link.stands_for(system, record_id):
            return key, loaded
    raise AssertionError("count() ended")
