"""Which records of two lists belong together: the single best candidate is taken before anything is held."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from shared.domain.record import record, replace
from shared.sync.matching.facts import Facts
from shared.sync.matching.verdict import Rank, Verdict

Judge = Callable[[Facts, Facts], Verdict]
Pair = tuple[str, str]


@record
class Settled:
    """`pairs`: left id -> (right id, verdict). `held`: what nobody can tell, as (left id, right id) ->
    verdict."""

    pairs: Mapping[str, tuple[str, Verdict]] = field(default_factory=dict)
    held: Mapping[Pair, Verdict] = field(default_factory=dict)

    def held_with(self, side: int, record_id: str) -> list[tuple[str, Verdict]]:
        """The candidates of a held record; `side` 0 is left, 1 right."""
        return [(pair[1 - side], one) for pair, one in self.held.items() if pair[side] == record_id]


def settle(
    left: Sequence[Facts],
    right: Sequence[Facts],
    judge: Judge,
    names: Counter[str],
    holders: tuple[Mapping[str, set[str]], Mapping[str, set[str]]] = ({}, {}),
) -> Settled:
    """`names`: how many records of each list have a name, as `many` counts them; what is proved by a name
    alone is not proved where that name is there more than once."""
    edges: dict[Pair, Verdict] = {}
    for one in left:
        for other in right:
            verdict = _weighed(judge(one, other), one, names)
            verdict = _doubted(verdict, one, other, holders)
            if verdict.kind != "different":
                edges[one.id, other.id] = verdict
    return _taken(edges)


def many(records: Sequence[Facts]) -> Counter[str]:
    return Counter(name for one in records if (name := name_of(one)))


def name_of(one: Facts) -> str | None:
    return one.person or (one.name.text if one.name else None)


def _weighed(verdict: Verdict, one: Facts, names: Counter[str]) -> Verdict:
    if verdict.kind != "same" or not verdict.alone or verdict.decided or names[name_of(one) or ""] < 2:
        return verdict
    told_apart = one.person is None and any(
        key in verdict.by for key in ("billing_postcode", "phone", "email")
    )
    return verdict if told_apart else replace(verdict, kind="unsure")


def _doubted(
    verdict: Verdict, one: Facts, other: Facts, holders: tuple[Mapping[str, set[str]], Mapping[str, set[str]]]
) -> Verdict:
    """An equal reference under two names, where somebody else has one of the names: one of the references may
    be a slip."""
    if verdict.kind != "same" or verdict.decided or "name" not in verdict.against:
        return verdict
    rivals = holders[1].get(name_of(one) or "", set()) | holders[0].get(name_of(other) or "", set())
    return replace(verdict, kind="unsure") if rivals - {one.id, other.id} else verdict


def _taken(edges: dict[Pair, Verdict]) -> Settled:
    pairs: dict[str, tuple[str, Verdict]] = {}
    left = dict(edges)
    while True:
        best = (_best(left, 0), _best(left, 1))
        found = [
            pair
            for pair, verdict in left.items()
            if verdict.kind == "same" and best[0].get(pair[0]) == pair and best[1].get(pair[1]) == pair
        ]
        if not found:
            return Settled(pairs, left)
        for one, other in found:
            pairs[one] = (other, left[one, other])
        gone = ({one for one, _ in found}, {other for _, other in found})
        left = {pair: v for pair, v in left.items() if pair[0] not in gone[0] and pair[1] not in gone[1]}


def _best(edges: Mapping[Pair, Verdict], side: int) -> dict[str, Pair]:
    """Record -> its best pair, where one pair is better than all others."""
    ranks: dict[str, tuple[Rank, Pair | None]] = {}
    for pair, verdict in edges.items():
        rank, before = _rank(verdict), ranks.get(pair[side])
        if before is None or rank > before[0]:
            ranks[pair[side]] = (rank, pair)
        elif rank == before[0]:
            ranks[pair[side]] = (rank, None)
    return {one: pair for one, (_, pair) in ranks.items() if pair is not None}


def _rank(verdict: Verdict) -> Rank:
    """What a person said comes before everything."""
    return (int(verdict.decided), *verdict.rank)
