"""What the strong keys of two lists of companies are worth, kept right while records come and go.

It says at any time what it would say of the two lists as they are now, had it just been made of them: a
record that changes costs the looks at those who share its name or number, not at everybody.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from shared.domain.record import replace
from shared.sync.matching.facts import Facts
from shared.sync.matching.numbering import (
    MOST_NAMES,
    Count,
    Held,
    Numbering,
    counted,
    strong_values,
    unrelated,
)
from shared.sync.matching.ranking import name_of
from shared.sync.matching.verdict import STRONG

Side = dict[str, Facts]
Who = tuple[int, str]
"""(0 for left or 1 for right, record id)."""


class StrongKeys:
    """`sides` are the two lists, changed by whoever owns them, who tells of each change by `put` and
    `drop`."""

    def __init__(self, sides: tuple[Side, Side]) -> None:
        self._sides = sides
        self._holders: dict[Held, dict[Who, str]] = defaultdict(dict)
        self._named: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
        self._junk: set[Held] = set()
        self._pairs: dict[str, dict[str, Count]] = {}
        self._sums: Counter[tuple[str, int]] = Counter()
        self._held_anew: set[Held] = set()
        self._named_anew: set[str] = set()
        self._turned: set[Held] = set()
        self._left_out: frozenset[str] = frozenset()

    def put(self, side: int, one: Facts) -> None:
        for held in strong_values(one):
            self._holders[held][side, one.id] = name_of(one) or one.id
            self._held_anew.add(held)
        if name := name_of(one):
            self._named[side][name].add(one.id)
            self._named_anew.add(name)

    def drop(self, side: int, one: Facts) -> None:
        for held in strong_values(one):
            self._holders[held].pop((side, one.id), None)
            self._held_anew.add(held)
        if name := name_of(one):
            self._named[side][name].discard(one.id)
            self._named_anew.add(name)

    @property
    def junk(self) -> frozenset[Held]:
        """Values that more than five unrelated names carry: "123456789", "see notes"."""
        self._judge_values()
        return frozenset(self._junk)

    @property
    def numbering(self) -> dict[str, Numbering]:
        """For each strong key. Only records whose name is there once on each side are compared."""
        self._count_pairs()
        return self._numbering()

    @property
    def left_out(self) -> frozenset[str]:
        """Keys that the two systems give each on their own."""
        self._count_pairs()
        return self._left_out

    def bare(self, one: Facts) -> Facts:
        """Without the numbers that prove nothing."""
        self._judge_values()
        none = {key for key, value in strong_values(one) if (key, value) in self._junk}
        if not none:
            return one
        return replace(
            one,
            reference=None if "reference" in none else one.reference,
            vat=None if "vat_number" in none else one.vat,
        )

    def proving(self, one: Facts) -> Sequence[Held]:
        """Its numbers that prove something."""
        left_out = self.left_out
        return [held for held in strong_values(one) if held not in self._junk and held[0] not in left_out]

    def turned(self) -> set[Who]:
        """Whose numbers prove something now and did not when this was last asked, or the other way round."""
        self._judge_values()
        turned, self._turned = self._turned, set()
        return {who for held in turned for who in self._holders.get(held, ())}

    def _numbering(self) -> dict[str, Numbering]:
        return {key: Numbering(key, self._sums[key, 0], self._sums[key, 1]) for key in STRONG}

    def _judge_values(self) -> None:
        """A value becomes junk, or is none any more."""
        if not self._held_anew:
            return
        anew, self._held_anew = self._held_anew, set()
        for held in anew:
            names = set(self._holders[held].values())
            junk = len(names) > MOST_NAMES and unrelated(names)
            if junk != (held in self._junk):
                (self._junk.add if junk else self._junk.discard)(held)
                self._turned.add(held)
                self._named_anew |= names
            if not names:
                del self._holders[held]

    def _count_pairs(self) -> None:
        """The pairs of those names that have come, gone or changed."""
        self._judge_values()
        if not self._named_anew:
            return
        anew, self._named_anew = self._named_anew, set()
        for name in anew:
            self._count(name, -1)
            ids = [self._named[side].get(name, ()) for side in (0, 1)]
            for side in (0, 1):
                if not ids[side]:
                    self._named[side].pop(name, None)
            if len(ids[0]) == len(ids[1]) == 1:
                one, other = (self.bare(self._sides[n][record]) for n in (0, 1) for record in ids[n])
                self._pairs[name] = {key: counted(key, one, other) for key in STRONG}
            else:
                self._pairs.pop(name, None)
            self._count(name, 1)
        self._left_out = frozenset(key for key, one in self._numbering().items() if not one.is_one)

    def _count(self, name: str, times: int) -> None:
        for key, (differing, compared) in self._pairs.get(name, {}).items():
            self._sums[key, 0] += times * differing
            self._sums[key, 1] += times * compared
