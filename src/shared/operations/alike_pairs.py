"""Look-alikes as they stand in what is stored: pairs that an open record was held for, with the VAT number
that both of them show. Calls no vendor, so that a page can offer them."""

from collections.abc import Iterable, Mapping, Sequence

from shared.bootstrap import Services
from shared.domain.decision import Verdict
from shared.domain.link import Link
from shared.domain.record import record
from shared.domain.rules import Rule
from shared.mapping.model import EntityFlow
from shared.operations.decide import Said, checked
from shared.operations.known_links import known_links
from shared.operations.look_alikes import matched_over_lists
from shared.operations.record_facts import record_facts
from shared.sync.matching.keys import vat_key
from shared.sync.seen import read_seen


@record
class Pair:
    """`left` is the id in the CRM, `right` that in the ledger; `labels` what people call them. `vat`: the
    number that both have, "" where they do not share one."""

    entity: str
    left: str
    right: str
    labels: tuple[str, str]
    vat: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.entity, self.left, self.right


def candidates(link: Link) -> list[str]:
    """Ids of the other system's records that this one may be the same as, for a person to say."""
    outcome = link.outcome
    if outcome is None or outcome.kind != "held" or outcome.rule != Rule.MATCH:
        return []
    return [one for one in outcome.value.split(", ") if one]


def is_decided_here(services: Services, entity: str) -> bool:
    """Whether what a person says of two such records is asked for: not where they are matched by keys
    alone."""
    return entity in matched_over_lists(services)


def pairs_of(services: Services, links: Sequence[Link]) -> dict[str, list[Pair]]:
    """Link id -> its pairs, each pair with the first link that names it. 3 requests for 100 candidates."""
    crm, sage = services.flow.crm, services.flow.sage
    wanted = {link.link_id: candidates(link) for link in links}
    others = {
        link.link_id: [(_other(crm, sage, link), link.entity, one) for one in wanted[link.link_id]]
        for link in links
    }
    known = known_links(services.stores, [name for names in others.values() for name in names])
    facts = record_facts(services.flow, services.stores.links, [*known.values()])
    own = record_facts(services.flow, services.stores.links, links)
    told, found = set[tuple[str, str, str]](), dict[str, list[Pair]]()
    for link in links:
        for name in others[link.link_id]:
            other = known.get(name)
            label = facts[other.link_id].name if other is not None else ""
            pair = _pair(services, link, own[link.link_id].name, name, other, label)
            if pair.key not in told:
                told.add(pair.key)
                found.setdefault(link.link_id, []).append(pair)
    return found


def by_vat(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """VAT number -> the pairs that share it, where there are several: a VAT group, or one number for many."""
    found: dict[str, list[Pair]] = {}
    for one in pairs:
        if one.vat:
            found.setdefault(one.vat, []).append(one)
    return {vat: same for vat, same in sorted(found.items()) if len(same) > 1}


def said_of(services: Services, pairs: Iterable[Pair], verdict: Verdict) -> list[Said]:
    """All of it, or nothing: raises CannotDecide for the first that cannot be said."""
    said = [Said(one.entity, one.left, one.right, verdict, one.labels, "") for one in pairs]
    return checked(services, said)


def _pair(
    services: Services, link: Link, own: str, name: tuple[str, str, str], other: Link | None, label: str
) -> Pair:
    flow, crm = services.flow.entities[link.entity], services.flow.crm
    ours = (link.origin_id, own or link.origin_id, _vat(flow, link, link.origin_system))
    theirs = (name[2], label or name[2], _vat(flow, other, name[0]) if other is not None else "")
    left, right = (ours, theirs) if link.origin_system == crm else (theirs, ours)
    vat = left[2] if left[2] == right[2] else ""
    return Pair(link.entity, left[0], right[0], (left[1], right[1]), vat)


def _vat(flow: EntityFlow, link: Link, system: str) -> str:
    side, object_map = link.sides.get(system), flow.maps.get(system)
    if side is None or object_map is None:
        return ""
    native: Mapping[str, object] = side.seen if side.shown is None else side.shown
    paths = object_map.native_paths.get("vat_number", ())
    shown = read_seen(object_map, {path: native[path] for path in paths if path in native}, {})
    number = vat_key(str(shown.get("vat_number") or ""))
    return number.number if number is not None else ""


def _other(crm: str, sage: str, link: Link) -> str:
    return sage if link.origin_system == crm else crm
