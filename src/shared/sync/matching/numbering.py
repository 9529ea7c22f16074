"""Which keys are none: numbers that many unrelated names carry, and numbers that the two systems give each on
their own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from shared.domain.record import record
from shared.sync.matching.facts import Facts
from shared.sync.matching.keys import related
from shared.sync.matching.ranking import many, name_of
from shared.sync.matching.verdict import STRONG, companies

MOST_NAMES = 5
LEAST_PAIRS = 10
"""Of fewer pairs nothing is concluded: two customers of one name are no numbering."""


@record
class Numbering:
    """In how many of the pairs that everything else proves a key differs."""

    key: str
    differing: int
    compared: int

    @property
    def is_one(self) -> bool:
        return self.compared < LEAST_PAIRS or self.differing * 10 <= self.compared


def numberings(left: Sequence[Facts], right: Sequence[Facts]) -> dict[str, Numbering]:
    """For each strong key. Only records whose name is there once on each side are compared."""
    once = [{name for name, count in many(side).items() if count == 1} for side in (left, right)]
    there = {name: one for one in right if (name := name_of(one)) in once[1]}
    pairs = [(one, there[name]) for one in left if (name := name_of(one)) in once[0] and name in there]
    return {key: _counted(key, pairs) for key in STRONG}


def _counted(key: str, pairs: Iterable[tuple[Facts, Facts]]) -> Numbering:
    differing = compared = 0
    for one, other in pairs:
        if companies(one, other, frozenset({key})).kind == "same":
            whole = companies(one, other)
            differing += key in whole.against
            compared += key in whole.against or key in whole.by
    return Numbering(key, differing, compared)


def worthless(records: Iterable[Facts]) -> frozenset[tuple[str, str]]:
    """(key, value) that more than five unrelated names carry: "123456789", "see notes"."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in records:
        for held in strong_values(one):
            names[held].add(name_of(one) or one.id)
    return frozenset(held for held, some in names.items() if len(some) > MOST_NAMES and _unrelated(some))


def strong_values(one: Facts) -> list[tuple[str, str]]:
    values: Mapping[str, str | None] = {
        "reference": one.reference,
        "vat_number": one.vat.number if one.vat else None,
    }
    return [(key, value) for key, value in values.items() if value is not None]


def _unrelated(names: Iterable[str]) -> bool:
    apart: list[str] = []
    for name in sorted(names):
        if not any(related(name, other) for other in apart):
            apart.append(name)
    return len(apart) > MOST_NAMES
