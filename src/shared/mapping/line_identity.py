"""Which line is which, when neither system keeps a line's id through a save. Pure.

Known lines are aligned with those shown now in three passes: equal in item, quantity, price, discount and
text; then the same vendor id on the same item; then the same item, where one candidate is left or where it
makes no difference which one is taken. What makes a difference is `kept`: what hangs on a line and is not
seen in it, such as its nominal account on the other side. Whatever is left open is named, never guessed.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.record import record

Line = Mapping[str, Any]
_TEXT_ONLY = ("S1", "S2", "S3", "M")
"""Codes of Sage 50 that stand for no item of its own: such a line is what its text says."""


@record
class LineFacts:
    """What tells a line from others. `told`: item, quantity, price, discount and text; `vendor_id` blank
    where the vendor gives no id that means anything; `kept`: the same for lines that may stand for each
    other."""

    told: tuple[Any, ...]
    rate: Any = None
    vendor_id: str = ""
    kept: Hashable = None

    @property
    def item(self) -> Any:
        return self.told[0]


@record
class Alignment:
    """`same`: for each line now, the place of the known line that it is, or None for a new one. `parts`:
    place now -> place of the known line that it was split from. `unsure`: (known places, places now) of
    which nobody can tell which is which."""

    same: tuple[int | None, ...]
    parts: Mapping[int, int]
    unsure: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()


def facts_of(line: Line, vendor_id: str = "", kept: Hashable = None) -> LineFacts:
    """`line` is canonical. A line without an item of its own is known by its text."""
    text, sku = line.get("description"), line.get("sku")
    own = line.get("product") or line.get("service") or (sku if sku not in _TEXT_ONLY else None)
    discount = line.get("discount_amount") or line.get("discount") or Decimal(0)
    told = (own or ("text", sku, text), line.get("quantity"), line.get("unit_price"), discount, text)
    return LineFacts(told, line.get("tax_rate"), vendor_id, kept)


def align(known: Sequence[LineFacts], now: Sequence[LineFacts]) -> Alignment:
    """Each known line is given to at most one line of now."""
    work = _Work(known, now)
    work.equal(lambda one: (one.told, one.rate, one.vendor_id or object()))
    work.equal(lambda one: (one.told, one.rate))
    work.equal(lambda one: one.told, whole=False)
    work.by_vendor_id()
    work.by_item()
    return Alignment(tuple(work.same), work.parts, tuple(work.unsure))


class _Work:
    """What is aligned so far."""

    def __init__(self, known: Sequence[LineFacts], now: Sequence[LineFacts]) -> None:
        self.known, self.now = known, now
        self.free, self.open = list(range(len(known))), list(range(len(now)))
        self.same: list[int | None] = [None] * len(now)
        self.parts: dict[int, int] = {}
        self.unsure: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def equal(self, key: Any, whole: bool = True) -> None:
        """Lines of one key, in their order. Where some of several equal ones are gone or edited (or changed
        in what the key leaves out, if it is not the `whole` line), it matters which, unless nothing hangs on
        them: then these places stay open for the passes that follow."""
        for free, opened in self._groups(key):
            several = not whole and max(len(free), len(opened)) > 1
            if (several or len(free) > len(opened)) and self._differ(self.known, free):
                continue
            if (several or len(opened) > len(free)) and self._differ(self.now, opened):
                continue
            for place, at in zip(free, opened, strict=False):
                self._pair(place, at)

    def by_vendor_id(self) -> None:
        for free, opened in self._groups(lambda one: (one.vendor_id or object(), one.item)):
            if len(free) == len(opened) == 1:
                self._pair(free[0], opened[0])

    def by_item(self) -> None:
        for free, opened in self._groups(lambda one: one.item):
            one_left = len(free) == len(opened) == 1
            if not one_left and (self._differ(self.known, free) or self._differ(self.now, opened)):
                self.unsure.append((tuple(free), tuple(opened)))
            elif len(opened) <= len(free):
                self._closest(free, opened)
            elif self._split(free, opened):
                self._closest(free, opened)
                self.parts |= {at: free[0] for at in opened if self.same[at] is None}
            else:
                self.unsure.append((tuple(free), tuple(opened)))

    def _split(self, free: list[int], opened: list[int]) -> bool:
        """One line divided into several at its price: what was one is what they are together."""
        if len(free) != 1:
            return False
        whole, parts = self.known[free[0]], [self.now[at] for at in opened]
        return (
            all(one.told[2] == whole.told[2] for one in parts)
            and _sum(one.told[1] for one in parts) == whole.told[1]
        )

    def _closest(self, free: list[int], opened: list[int]) -> None:
        """It makes no difference which is taken; the log reads best with the most alike."""
        left = list(free)
        for at in opened:
            if not left:
                return
            best = max(left, key=lambda place: _alike(self.known[place], self.now[at]))
            left.remove(best)
            self._pair(best, at)

    def _pair(self, place: int, at: int) -> None:
        self.same[at] = place
        self.free.remove(place)
        self.open.remove(at)

    def _groups(self, key: Any) -> list[tuple[list[int], list[int]]]:
        """Places of one key on both sides, in order, where there are any on both."""
        known: dict[Any, list[int]] = {}
        for place in self.free:
            known.setdefault(key(self.known[place]), []).append(place)
        now: dict[Any, list[int]] = {}
        for at in self.open:
            now.setdefault(key(self.now[at]), []).append(at)
        return [(free, now[one]) for one, free in known.items() if one in now]

    @staticmethod
    def _differ(lines: Sequence[LineFacts], places: Iterable[int]) -> bool:
        return len({lines[place].kept for place in places}) > 1


def _alike(one: LineFacts, other: LineFacts) -> int:
    pairs = zip((*one.told[1:], one.rate), (*other.told[1:], other.rate), strict=True)
    return sum(mine == theirs for mine, theirs in pairs)


def _sum(values: Iterable[Any]) -> Decimal:
    return sum((value or Decimal(0) for value in values), Decimal(0))
