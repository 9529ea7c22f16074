"""All records of one group of the to-do list, oldest first."""

from collections.abc import Mapping

from shared.console.pages.home import Listed, listed
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.domain.open_outcomes import OPEN
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.operations.alike_pairs import by_vat, is_decided_here, pairs_of
from shared.operations.open_groups import Group, open_groups
from shared.operations.open_records import MOST, open_records

PAGE = 100
KEY = ("kind", "entity", "rule", "field")
ALIKE, WHOLE = 2_000, 10_000
"""Open records of a kind that are looked through for look-alikes: at once, and when a person asks for
more. One VAT number may stand anywhere among them."""
ALL = "all"


def show(visit: Visit) -> Reply:
    asked = visit.query.get("look", "")
    group = find(visit, {name: visit.query.get(name, "") for name in KEY}, asked)
    if group is None:
        raise NotFound
    offered = group.rule == Rule.MATCH and is_decided_here(visit.services, group.entity)
    pairs = pairs_of(visit.services, group.links) if offered else {}
    every = [one for found in pairs.values() for one in found]
    return visit.show(
        "open_group.html",
        "To do",
        one=_with(listed(visit, [group], PAGE)[0], asked),
        page_size=PAGE,
        pairs=pairs,
        vat_groups=by_vat(every),
        systems=(visit.services.flow.crm, visit.services.flow.sage),
        undecided=len(every),
        looked=(WHOLE if asked == ALL else ALIKE) if offered and group.more else 0,
        whole=WHOLE,
    )


def _with(one: Listed, look: str) -> Listed:
    """Its buttons look as far as the page did."""
    return replace(one, key={**one.key, "look": ALL}) if look == ALL else one


def find(visit: Visit, key: Mapping[str, str], look: str = "") -> Group | None:
    """As it is now: what was settled meanwhile is in it no more. Look-alikes are looked for further than
    others are, and with `look` "all" as far as a page can."""
    services, kinds = visit.services, [one for one in OPEN if one == key["kind"]]
    if key["entity"] not in services.flow.entities or not kinds:
        return None
    most = MOST if key["rule"] != Rule.MATCH else WHOLE if look == ALL else ALIKE
    for group in open_groups(open_records(services.stores, [key["entity"]], kinds, most)):
        if all(str(getattr(group, name)) == key[name] for name in KEY):
            return group
    return None
