"""A trial within the time of a page: the newest archived readings of one entity through the rules as they are
and as they would be. Nothing is read from the systems, and nothing is stored."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.bootstrap import Services
from shared.domain.record import record
from shared.mapping.model import Flow
from shared.operations.known_tables import known_tables
from shared.operations.trial import Trial, Way
from shared.operations.trial_archive import KIND, age_of
from shared.operations.trial_compare import Difference
from shared.ports import Archive

DAYS, MOST_OBJECTS, MOST_SHOWN = 31, 150, 30
SECONDS = timedelta(seconds=12)
"""Of the function's 30: the page must still be made, and the archive's last answer may be slow."""


@record
class Tried:
    """`differences`: the first of them. `objects`: archive objects that were read; `oldest`: when the oldest
    record of them was. `whole`: whether these were all of the last `DAYS` days."""

    ways: tuple[Way, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]
    objects: int
    oldest: datetime | None
    whole: bool

    @property
    def records(self) -> int:
        return sum(way.tried for way in self.ways)

    @property
    def different(self) -> int:
        return sum(way.different for way in self.ways)


def try_settings(services: Services, new: Flow, entity: str) -> Tried:
    """Raises Unavailable where a reference table is not known, RuleInvalid never: `new` is compiled."""
    trial = Trial(services.flow, new, known_tables(services, services.flow, new))
    end = datetime.now(UTC) + SECONDS
    newest = Newest(services.stores.archive, services.clock.now(), lambda: datetime.now(UTC) > end)
    shown = list[Difference]()
    for one in trial.run(newest.readings(entity)):
        if len(shown) < MOST_SHOWN:
            shown.append(one)
    notes = tuple(trial.notes())
    return Tried(tuple(trial.ways), notes, tuple(shown), newest.objects, newest.oldest, newest.whole)


class Newest:
    """The newest objects of an archive, a day after the other and no more than `MOST_OBJECTS`, until `late`
    says so."""

    def __init__(self, archive: Archive, now: datetime, late: Callable[[], bool]) -> None:
        self._archive, self._now, self._late = archive, now, late
        self.objects, self.whole = 0, True
        self.oldest: datetime | None = None

    def readings(self, entity: str) -> Iterator[Mapping[str, Any]]:
        """The last reading of each record of that kind."""
        seen: set[tuple[str, str]] = set()
        for name in self._names():
            for line in reversed(self._archive.lines(name, KIND)):
                key = (line["system"], line["id"])
                if line.get("erased") or line["entity"] != entity or key in seen:
                    continue
                seen.add(key)
                at = datetime.fromisoformat(line["at"])
                self.oldest = min(self.oldest or at, at)
                yield line

    def _names(self) -> Iterator[str]:
        for back in range(DAYS):
            day = (self._now - timedelta(days=back)).date()
            for name in sorted(self._archive.objects_of(day), key=age_of, reverse=True):
                if self.objects >= MOST_OBJECTS or self._late():
                    self.whole = False
                    return
                self.objects += 1
                yield name
