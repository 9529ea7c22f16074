"""Which records that look alike are the same: one pair, those that were ticked, or all of one VAT number.

All of it is kept, or nothing. Calls no vendor: both records of each pair are looked at anew by the queue."""

from collections.abc import Sequence
from urllib.parse import quote

from shared.console.pages.open_group import ALL, KEY, find
from shared.console.pages.record import candidates, checked, link_of
from shared.console.visit import Done, Visit
from shared.domain.decision import Verdict
from shared.domain.link import Link
from shared.operations.alike_pairs import Pair, by_vat, pairs_of, said_of
from shared.operations.decide import CannotDecide, store

_VERDICTS: dict[str, Verdict] = {"same": "same", "different": "different"}


def pair_name(pair: Pair) -> str:
    """What a form calls it."""
    return f"{quote(pair.left, safe='')}/{quote(pair.right, safe='')}"


def decide(visit: Visit) -> Done:
    """From the record's page: `other` once for each candidate that is meant."""
    said = visit.request.said
    subject = checked(visit, said("system"), said("entity"), said("record"))
    since = str(int(visit.now.timestamp()))
    page = {"system": subject[0], "entity": subject[1], "record": subject[2], "since": since}
    link, verdict = link_of(visit, subject), _VERDICTS.get(said("verdict"))
    others = set(visit.request.form.get("other", ()))
    known = {one.id for one in candidates(visit, link, link.outcome)} if link and link.outcome else set()
    if link is None or verdict is None or not others or not others <= known:
        return Done("not-decided", "record", page)
    pairs = [one for one in _pairs(visit, [link]) if {one.left, one.right} & others]
    run_id = _keep(visit, pairs, verdict)
    if run_id is None:
        return Done("not-decided", "record", page)
    return Done("decided" if run_id else "decided-already", "record", page)


def decide_many(visit: Visit) -> Done:
    """From the page of a group: `one` or `vat` with the verdict in front of it, or `verdict` with `pair` once
    for each that was ticked. Looked for among those of the group as it is now."""
    key = {name: visit.request.said(name) for name in KEY}
    look = visit.request.said("look")
    group = find(visit, key, ALL if visit.request.said("vat") else look)
    if group is None:
        return Done("not-decided-all")
    chosen, verdict = _chosen(visit, _pairs(visit, group.links))
    run_id = _keep(visit, chosen, verdict) if chosen and verdict else None
    if run_id == "":
        return Done("decided-already")
    if run_id is None:
        return Done(
            "not-decided-all" if chosen else "none-ticked",
            "open",
            {**key, "look": ALL if look == ALL else ""},
        )
    looked_at = {(side, one) for pair in chosen for side, one in enumerate((pair.left, pair.right))}
    return Done("decided-many", query={"run": run_id}, count=len(looked_at))


def _pairs(visit: Visit, links: Sequence[Link]) -> list[Pair]:
    return [one for pairs in pairs_of(visit.services, links).values() for one in pairs]


def _chosen(visit: Visit, pairs: Sequence[Pair]) -> tuple[list[Pair], Verdict | None]:
    said, named = visit.request.said, {pair_name(one): one for one in pairs}
    if one := said("one"):
        verdict, _, name = one.partition(" ")
        return [named[name]] if name in named else [], _VERDICTS.get(verdict)
    if vat := said("vat"):
        verdict, _, number = vat.partition(" ")
        return by_vat(pairs).get(number, []), _VERDICTS.get(verdict)
    ticked = dict.fromkeys(visit.request.form.get("pair", ()))
    found = [named[name] for name in ticked if name in named]
    return found if len(found) == len(ticked) else [], _VERDICTS.get(said("verdict"))


def _keep(visit: Visit, pairs: Sequence[Pair], verdict: Verdict) -> str | None:
    """The run by which it can be undone; "" where all was decided so already, None where it cannot be."""
    try:
        return store(visit.services, said_of(visit.services, pairs, verdict))
    except CannotDecide:
        return None
