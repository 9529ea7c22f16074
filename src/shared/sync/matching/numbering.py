"""Which keys are none: numbers that many unrelated names carry, and numbers that the two systems give each on
their own."""

from collections.abc import Iterable, Mapping

from shared.domain.record import record
from shared.sync.matching.facts import Facts
from shared.sync.matching.keys import related
from shared.sync.matching.verdict import companies

MOST_NAMES = 5
LEAST_PAIRS = 10
"""Of fewer pairs nothing is concluded: two customers of one name are no numbering."""
Held = tuple[str, str]
"""(strong key, its value in normal form)."""
Count = tuple[int, int]
"""In how many pairs a key differs, and in how many it is filled on both sides."""


@record
class Numbering:
    """In how many of the pairs that everything else proves a key differs."""

    key: str
    differing: int
    compared: int

    @property
    def is_one(self) -> bool:
        return self.compared < LEAST_PAIRS or self.differing * 10 <= self.compared


def counted(key: str, one: Facts, other: Facts) -> Count:
    """What a pair says of a key: nothing unless all else proves that they are one."""
    if companies(one, other, frozenset({key})).kind != "same":
        return 0, 0
    whole = companies(one, other)
    differs = key in whole.against
    return int(differs), int(differs or key in whole.by)


def unrelated(names: Iterable[str]) -> bool:
    """Whether more than five of the names have nothing in common with each other."""
    apart: list[str] = []
    for name in sorted(names):
        if not any(related(name, other) for other in apart):
            apart.append(name)
            if len(apart) > MOST_NAMES:
                return True
    return False


def strong_values(one: Facts) -> list[Held]:
    values: Mapping[str, str | None] = {
        "reference": one.reference,
        "vat_number": one.vat.number if one.vat else None,
    }
    return [(key, value) for key, value in values.items() if value is not None]
