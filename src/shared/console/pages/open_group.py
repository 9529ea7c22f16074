"""All records of one group of the to-do list, oldest first."""

from collections.abc import Mapping

from shared.console.pages.home import listed
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.domain.rules import Rule
from shared.operations.alike_pairs import by_vat, is_decided_here, pairs_of
from shared.operations.open_groups import Group, open_groups
from shared.operations.open_records import open_records

PAGE = 100
KEY = ("kind", "entity", "rule", "field")


def show(visit: Visit) -> Reply:
    group = find(visit, {name: visit.query.get(name, "") for name in KEY})
    if group is None:
        raise NotFound
    offered = group.rule == Rule.MATCH and is_decided_here(visit.services, group.entity)
    pairs = pairs_of(visit.services, group.links) if offered else {}
    every = [one for found in pairs.values() for one in found]
    return visit.show(
        "open_group.html",
        "To do",
        one=listed(visit, [group], PAGE)[0],
        page_size=PAGE,
        pairs=pairs,
        vat_groups=by_vat(every),
        systems=(visit.services.flow.crm, visit.services.flow.sage),
        undecided=len(every),
    )


def find(visit: Visit, key: Mapping[str, str]) -> Group | None:
    """As it is now: what was settled meanwhile is in it no more."""
    services = visit.services
    if key["entity"] not in services.flow.entities:
        return None
    for group in open_groups(open_records(services.stores, [key["entity"]])):
        if all(str(getattr(group, name)) == key[name] for name in KEY):
            return group
    return None
