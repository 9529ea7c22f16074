"""The identity of lines through one pass of observation: which agreed line each line of each side is. Pure.

Our ids are small numbers of one link, never used twice; "7~3" is line 7, which was split from line 3. A
side's lines are compared with what that same side showed before, so nothing is lost to another system's form.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from shared.domain.link import Link
from shared.domain.record import record
from shared.mapping.line_identity import Alignment, LineFacts, align, facts_of

FIELD = "lines"
Ids = tuple[str, ...]


@record
class LinesShown:
    """The lines of one side. `before` and `now` are canonical, with the vendor's own ids beside them; `kept`
    is what that side alone knows of each line now; `rewritten`: its lines are to be written anew."""

    before: Sequence[Mapping[str, Any]]
    before_ids: Sequence[str]
    now: Sequence[Mapping[str, Any]]
    now_ids: Sequence[str]
    kept: Sequence[Hashable]
    rewritten: bool


@record
class Doubt:
    """`known`: our ids of the lines that could be meant; `places`: lines of which nobody can tell which of
    them they are. On a side that is rewritten (`system`), or in what is agreed now ("")."""

    system: str
    known: Ids
    places: tuple[int, ...]


@record
class Identified:
    """`agreed`: our id of each agreed line; `sides`: of each line that a side shows."""

    agreed: Ids
    sides: Mapping[str, Ids]
    doubts: tuple[Doubt, ...]


def identify(before: Link, after: Link, shown: Mapping[str, LinesShown]) -> Identified:
    """`after` is the link as observed. Doubts are reported only where somebody's coding hangs on them."""
    return _Pass(before, after, shown).run()


def part_of(line_id: str) -> str:
    """Our id of the line that this one was split from, or ""."""
    return line_id.partition("~")[2]


def agreed_lines(link: Link) -> list[Mapping[str, Any]]:
    base = link.base.get(FIELD)
    return list(base.value) if base is not None and isinstance(base.value, list) else []


class _Pass:
    def __init__(self, before: Link, after: Link, shown: Mapping[str, LinesShown]) -> None:
        self.before, self.after, self.shown = before, after, shown
        self.last = max(
            (_number(one) for ids in _all_ids(before) for one in ids),
            default=0,
        )
        self.lines = agreed_lines(before)
        self.ids = self._agreed_before()
        self.kept: dict[str, tuple[Hashable, ...]] = {}
        """Our id -> what the sides that are to be rewritten know of that line."""
        self.doubts: list[Doubt] = []

    def run(self) -> Identified:
        rewritten = [system for system, one in self.shown.items() if one.rewritten]
        sides = {system: self._side(system) for system in rewritten}
        others = {system: self._side(system) for system in self.shown if system not in sides}
        agreed = self._agreed({**sides, **others})
        settled = {system: self._settled(system, ids, agreed) for system, ids in {**sides, **others}.items()}
        doubts = tuple(self.doubts) if rewritten else ()
        return Identified(agreed, settled, doubts)

    def _agreed_before(self) -> Ids:
        if len(self.before.lines) == len(self.lines):
            return self.before.lines
        return tuple(self._fresh() for _ in self.lines)

    def _side(self, system: str) -> Ids:
        """Ids of what it shows now; those of new lines are fresh. Without anything known: none."""
        one, known = self.shown[system], self._known(system)
        if known is None:
            return ()
        ids, facts = known
        on_it: Callable[[str], Hashable] = (lambda line: line) if one.rewritten else self._hangs_on
        now = _facts(one.now, one.now_ids, one.kept if one.rewritten else ())
        found = align([_with(fact, on_it(line)) for line, fact in zip(ids, facts, strict=True)], now)
        made = self._named(system, ids, found)
        if one.rewritten:
            for line, kept in zip(made, one.kept, strict=True):
                self.kept[line] = (*self.kept.get(line, ()), kept)
        return made

    def _known(self, system: str) -> tuple[Ids, list[LineFacts]] | None:
        """What is known of a side's lines: as it showed them before, or else as they were agreed."""
        one, side = self.shown[system], self.before.sides.get(system)
        agreed = _facts(self.lines)
        if one.before:
            facts = _facts(one.before, one.before_ids)
            if side is not None and len(side.lines) == len(facts):
                return side.lines, facts
            found = align(agreed, facts)
            ids = tuple(self._fresh() if place is None else self.ids[place] for place in found.same)
            return ids, facts
        return (self.ids, agreed) if self.lines else None

    def _named(self, system: str, ids: Ids, found: Alignment) -> Ids:
        for known, places in found.unsure:
            self.doubts.append(Doubt(system, tuple(ids[place] for place in known), places))
        made = []
        for at, place in enumerate(found.same):
            origin = f"~{ids[found.parts[at]].partition('~')[0]}" if at in found.parts else ""
            made.append(ids[place] if place is not None else self._fresh() + origin)
        return tuple(made)

    def _agreed(self, sides: Mapping[str, Ids]) -> Ids:
        """Ids of what is agreed now: those of the side that it came from, where it shows just that."""
        base, old = self.after.base.get(FIELD), self.before.base.get(FIELD)
        lines = agreed_lines(self.after)
        if base is None or (old is not None and base.rev == old.rev):
            return self.ids if base is not None else ()
        origin = self.shown.get(base.origin)
        if origin is not None and sides[base.origin] and list(origin.now) == lines:
            return sides[base.origin]
        if not self.lines:
            return tuple(self._fresh() for _ in lines)
        known = [
            _with(fact, self._hangs_on(line)) for line, fact in zip(self.ids, _facts(self.lines), strict=True)
        ]
        return self._named("", self.ids, align(known, _facts(lines)))

    def _settled(self, system: str, ids: Ids, agreed: Ids) -> Ids:
        """A side that shows what is agreed has its ids; one that was never compared is aligned with that."""
        one, base = self.shown[system], self.after.base.get(FIELD)
        side = self.after.sides.get(system)
        if base is not None and side is not None and side.rev.get(FIELD, -1) >= base.rev:
            return agreed if len(agreed) == len(one.now) else ids
        if ids or base is None:
            return ids
        now = _facts(one.now, one.now_ids, one.kept if one.rewritten else ())
        return self._named(system, agreed, align(_facts(agreed_lines(self.after)), now))

    def _hangs_on(self, line: str) -> Hashable:
        return self.kept.get(line)

    def _fresh(self) -> str:
        self.last += 1
        return str(self.last)


def _facts(
    lines: Sequence[Mapping[str, Any]], vendor_ids: Sequence[str] = (), kept: Sequence[Hashable] = ()
) -> list[LineFacts]:
    blank = [""] * len(lines)
    return [
        facts_of(line, vendor_id, hangs)
        for line, vendor_id, hangs in zip(
            lines, vendor_ids or blank, kept or [None] * len(lines), strict=True
        )
    ]


def _with(fact: LineFacts, kept: Hashable) -> LineFacts:
    return LineFacts(fact.told, fact.rate, fact.vendor_id, kept)


def _all_ids(link: Link) -> list[Ids]:
    return [link.lines, *(side.lines for side in link.sides.values())]


def _number(line_id: str) -> int:
    return int(line_id.partition("~")[0])
