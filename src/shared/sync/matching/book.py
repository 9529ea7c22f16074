"""Both lists in memory, and what in them could be one with a record: everything that shares a key with it,
and whatever shares one with that."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from shared.domain.record import replace
from shared.sync.matching import keys
from shared.sync.matching.facts import Facts
from shared.sync.matching.numbering import Numbering, numberings, strong_values, worthless
from shared.sync.matching.people import persons, shared_mailboxes
from shared.sync.matching.ranking import Judge, Settled, many, name_of, settle
from shared.sync.matching.verdict import Verdict, companies

MOST = 400
"""A group of look-alikes larger than this is looked at only from the record itself."""
Side = dict[str, Facts]
Decided = Mapping[tuple[str, str], str]
"""(left id, right id) -> "same" or "different"."""


class Book:
    """`sides`: left and right, record id -> facts. `kind`: "company" or "person"; people are compared only
    within `customers`, which gives the customer's id on the left for one on the right."""

    def __init__(
        self, kind: str, left: Iterable[Facts], right: Iterable[Facts], mailboxes: Iterable[str | None] = ()
    ) -> None:
        self.kind = kind
        self.sides: tuple[Side, Side] = ({one.id: one for one in left}, {one.id: one for one in right})
        self.mailboxes = frozenset(one for one in mailboxes if one)

    @cached_property
    def junk(self) -> frozenset[tuple[str, str]]:
        """Values that prove nothing, as (key, value)."""
        return worthless([*self.sides[0].values(), *self.sides[1].values()])

    @cached_property
    def numbering(self) -> dict[str, Numbering]:
        if self.kind == "person":
            return {}
        return numberings(*([self.bare(one) for one in side.values()] for side in self.sides))

    @cached_property
    def left_out(self) -> frozenset[str]:
        return frozenset(key for key, one in self.numbering.items() if not one.is_one)

    @cached_property
    def shared(self) -> frozenset[str]:
        """Mailboxes that are nobody's own."""
        return shared_mailboxes([*self.sides[0].values(), *self.sides[1].values()], self.mailboxes)

    @cached_property
    def _index(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        made: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
        for side, found in zip(self.sides, made, strict=True):
            for one in side.values():
                for key in self._keys(one):
                    found[key].add(one.id)
        return made

    def put(self, side: int, one: Facts) -> None:
        """A record that is new, or not as it was. What is no key stays as it was found in the whole lists."""
        self.drop(side, one.id)
        self.sides[side][one.id] = one
        for key in self._keys(one):
            self._index[side][key].add(one.id)

    def drop(self, side: int, record_id: str) -> None:
        before = self.sides[side].get(record_id)
        for key in self._keys(before) if before else ():
            self._index[side][key].discard(record_id)
        self.sides[side].pop(record_id, None)

    def bare(self, one: Facts) -> Facts:
        """Without the numbers that prove nothing."""
        held = dict(strong_values(one))
        return replace(
            one,
            reference=None if ("reference", held.get("reference", "")) in self.junk else one.reference,
            vat=None if ("vat_number", held.get("vat_number", "")) in self.junk else one.vat,
        )

    def group(
        self, side: int, record_id: str, decided: Decided | None = None
    ) -> tuple[list[Facts], list[Facts]]:
        """The record and everything that may be one with it, or with what may be one with it."""
        said = [pair for pair, verdict in (decided or {}).items() if verdict == "same"]
        found: tuple[dict[str, Facts], dict[str, Facts]] = ({}, {})
        found[side][record_id] = self.sides[side][record_id]
        ahead = [(side, record_id)]
        while ahead and len(found[0]) + len(found[1]) < MOST:
            here, one = ahead.pop(0)
            for pair in said:
                other = pair[1 - here]
                if pair[here] == one and other in self.sides[1 - here] and other not in found[1 - here]:
                    found[1 - here][other] = self.sides[1 - here][other]
                    ahead.append((1 - here, other))
            for key in self._keys(self.sides[here][one]):
                for there in (0, 1):
                    for other in self._index[there].get(key, ()):
                        if other not in found[there]:
                            found[there][other] = self.sides[there][other]
                            ahead.append((there, other))
        return [*found[0].values()], [*found[1].values()]

    def judge(self, decided: Decided) -> Judge:
        def judged(one: Facts, other: Facts) -> Verdict:
            said = decided.get((one.id, other.id))
            if self.kind == "company":
                verdict = companies(self.bare(one), self.bare(other), self.left_out)
            elif one.account and other.account and one.account == other.account:
                verdict = persons(one, other, self.shared)
            else:
                verdict = Verdict("different")
            if said is not None:
                verdict = replace(verdict, kind="same" if said == "same" else "different", decided=True)
            return verdict

        return judged

    def settled(
        self,
        group: tuple[Sequence[Facts], Sequence[Facts]],
        decided: Decided,
        free: Collection[tuple[int, str]],
    ) -> Settled:
        """`free`: (side, record id) of those that have no counterpart yet. What has one counts only where its
        name is there more than once."""
        left, right = ([one for one in group[n] if (n, one.id) in free] for n in (0, 1))
        return settle(
            left, right, self.judge(decided), self._names(group), (_holders(group[0]), _holders(group[1]))
        )

    def twice(
        self,
        group: tuple[Sequence[Facts], Sequence[Facts]],
        decided: Decided,
        free: Collection[tuple[int, str]],
        side: int,
        record_id: str,
    ) -> tuple[str, Verdict] | None:
        """A record of the other side that is joined with another one of this side, and that this one looks
        like. One name in two places is two companies."""
        judge, own = self.judge(decided), self.sides[side][record_id]
        found = []
        for other in group[1 - side]:
            if (1 - side, other.id) not in free:
                verdict = judge(*((own, other) if side == 0 else (other, own)))
                if verdict.kind == "same" and not (verdict.alone and _elsewhere(own, other)):
                    found.append((other.id, verdict))
        return max(found, key=lambda one: one[1].rank, default=None)

    def _names(self, group: tuple[Sequence[Facts], Sequence[Facts]]) -> Counter[str]:
        """How often a name is there, on the side that has it more often; of people, at one customer."""
        return many(group[0]) | many(group[1])

    def _keys(self, one: Facts) -> list[str]:
        if self.kind == "person":
            named = [f"n {one.account} {one.person}"] if one.person else []
            return named + (
                [f"e {one.account} {one.email}"] if one.email and one.email not in self.shared else []
            )
        held = [held for held in strong_values(one) if held not in self.junk and held[0] not in self.left_out]
        return [
            *(f"{key} {value}" for key, value in held),
            *([f"n {name}"] if (name := name_of(one)) else []),
        ]


def _elsewhere(one: Facts, other: Facts) -> bool:
    towns = [keys.person_name(side.shown.get("billing_town")) for side in (one, other)]
    return any(
        None not in places and places[0] != places[1] for places in ((one.postcode, other.postcode), towns)
    )


def _holders(records: Sequence[Facts]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in records:
        if name := name_of(one):
            found[name].add(one.id)
    return found
