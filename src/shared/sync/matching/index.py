"""Who has a key: each record of both lists under its keys, filed anew when it changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from shared.sync.matching.facts import Facts
from shared.sync.matching.strong_keys import Side, Who

Keys = Callable[[Facts], Sequence[str]]


class Index:
    """`sides` are the two lists, changed by whoever owns them, who tells of each change by `touch`."""

    def __init__(self, sides: tuple[Side, Side]) -> None:
        self._sides = sides
        self._having: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
        self._filed: tuple[dict[str, Sequence[str]], dict[str, Sequence[str]]] = ({}, {})
        self._touched: set[Who] = set()
        self._under: object = None

    def touch(self, side: int, record_id: str) -> None:
        self._touched.add((side, record_id))

    def bring_up(self, keys: Keys, turned: Iterable[Who], under: object) -> None:
        """Files what was touched, and whose keys `turned`; everybody where `under`, which says what counts as
        a key at all, is not as it was."""
        anew = self._touched | set(turned)
        if under != self._under:
            anew |= {(side, one) for side in (0, 1) for one in self._sides[side]}
        self._touched, self._under = set(), under
        for side, record_id in anew:
            self._unfile(side, record_id)
            if (one := self._sides[side].get(record_id)) is not None:
                self._filed[side][record_id] = found = keys(one)
                for key in found:
                    self._having[side][key].add(record_id)

    def sharing(self, side: int, record_id: str) -> Iterable[Who]:
        """Everybody who has a key in common with it, itself included."""
        for key in self._filed[side][record_id]:
            for there in (0, 1):
                for other in self._having[there].get(key, ()):
                    yield there, other

    def _unfile(self, side: int, record_id: str) -> None:
        for key in self._filed[side].pop(record_id, ()):
            self._having[side][key].discard(record_id)
            if not self._having[side][key]:
                del self._having[side][key]
