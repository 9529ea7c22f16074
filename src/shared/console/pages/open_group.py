"""All records of one group of the to-do list, oldest first."""

from collections.abc import Mapping

from shared.console.pages.home import listed
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.operations.open_groups import Group, open_groups
from shared.operations.open_records import open_records

PAGE = 100
KEY = ("kind", "entity", "rule", "field")


def show(visit: Visit) -> Reply:
    group = find(visit, {name: visit.query.get(name, "") for name in KEY})
    if group is None:
        raise NotFound
    return visit.show("open_group.html", "To do", one=listed(visit, [group], PAGE)[0], page_size=PAGE)


def find(visit: Visit, key: Mapping[str, str]) -> Group | None:
    """As it is now: what was settled meanwhile is in it no more."""
    services = visit.services
    if key["entity"] not in services.flow.entities:
        return None
    for group in open_groups(open_records(services.stores, [key["entity"]])):
        if all(str(getattr(group, name)) == key[name] for name in KEY):
            return group
    return None
