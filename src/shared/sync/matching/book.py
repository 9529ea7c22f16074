"""Both lists in memory, and what in them could be one with a record: everything that shares a key with it,
and whatever shares one with that."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from shared.domain.record import replace
from shared.sync.matching import keys
from shared.sync.matching.facts import Facts
from shared.sync.matching.index import Index
from shared.sync.matching.numbering import Held, Numbering
from shared.sync.matching.people import persons, shared_mailboxes
from shared.sync.matching.ranking import Judge, Settled, many, name_of, settle
from shared.sync.matching.strong_keys import Side, StrongKeys
from shared.sync.matching.verdict import Verdict, companies

MOST = 400
"""A group of look-alikes larger than this is looked at only from the record itself."""
Decided = Mapping[tuple[str, str], str]
"""(left id, right id) -> "same" or "different"."""


class Book:
    """`sides`: left and right, record id -> facts. `kind`: "company" or "person"; people are compared only
    within `customers`, which gives the customer's id on the left for one on the right. Records may come, go
    and change: it then is as if it had been made of them as they are."""

    def __init__(
        self, kind: str, left: Iterable[Facts], right: Iterable[Facts], mailboxes: Iterable[str | None] = ()
    ) -> None:
        self.kind = kind
        self.sides: tuple[Side, Side] = ({}, {})
        self.mailboxes = frozenset(one for one in mailboxes if one)
        self._strong = StrongKeys(self.sides)
        self._index = Index(self.sides)
        self._shared: frozenset[str] | None = None
        for side, records in enumerate((left, right)):
            for one in records:
                self.put(side, one)

    @property
    def junk(self) -> frozenset[Held]:
        """Values that prove nothing, as (key, value)."""
        return self._strong.junk

    @property
    def numbering(self) -> dict[str, Numbering]:
        return {} if self.kind == "person" else self._strong.numbering

    @property
    def left_out(self) -> frozenset[str]:
        return self._strong.left_out

    @property
    def shared(self) -> frozenset[str]:
        """Mailboxes that are nobody's own."""
        if self._shared is None:
            people = [*self.sides[0].values(), *self.sides[1].values()]
            self._shared = shared_mailboxes(people, self.mailboxes)
        return self._shared

    def put(self, side: int, one: Facts) -> None:
        """A record that is new, or not as it was."""
        self.drop(side, one.id)
        self.sides[side][one.id] = one
        self._index.touch(side, one.id)
        self._shared = None
        if self.kind == "company":
            self._strong.put(side, one)

    def drop(self, side: int, record_id: str) -> None:
        before = self.sides[side].pop(record_id, None)
        if before is not None:
            self._index.touch(side, record_id)
            self._shared = None
            if self.kind == "company":
                self._strong.drop(side, before)

    def bare(self, one: Facts) -> Facts:
        """Without the numbers that prove nothing."""
        return self._strong.bare(one)

    def group(
        self, side: int, record_id: str, decided: Decided | None = None
    ) -> tuple[list[Facts], list[Facts]]:
        """The record and everything that may be one with it, or with what may be one with it."""
        said = [pair for pair, verdict in (decided or {}).items() if verdict == "same"]
        found: tuple[dict[str, Facts], dict[str, Facts]] = ({}, {})
        found[side][record_id] = self.sides[side][record_id]
        ahead = [(side, record_id)]
        mailboxes = self.shared if self.kind == "person" else frozenset()
        self._index.bring_up(self._keys, self._strong.turned(), (self.left_out, mailboxes))
        while ahead and len(found[0]) + len(found[1]) < MOST:
            here, one = ahead.pop(0)
            for pair in said:
                other = pair[1 - here]
                if pair[here] == one and other in self.sides[1 - here] and other not in found[1 - here]:
                    found[1 - here][other] = self.sides[1 - here][other]
                    ahead.append((1 - here, other))
            for there, other in self._index.sharing(here, one):
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
        return [
            *(f"{key} {value}" for key, value in self._strong.proving(one)),
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
