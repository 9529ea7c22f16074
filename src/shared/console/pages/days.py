"""What the last days came to: a chart, and the same numbers as a table."""

from collections import Counter
from datetime import date, timedelta

from shared.console.pages.log import OUTCOMES
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record

DAYS, RUNS = 14, 12_000
"""Runs read at most: five lists every quarter of an hour for three weeks."""
STACKED = ("created", "updated", "skipped", "waiting", "held", "failed")
"""What the chart shows, from the ground up; the table says everything."""
HEIGHT = 120


@record
class Bar:
    kind: str
    top: float
    height: float


@record
class Day:
    day: date
    counts: dict[str, int]
    bars: tuple[Bar, ...]


def show(visit: Visit) -> Reply:
    days = _days(visit)
    kinds = [kind for kind in OUTCOMES if any(day.counts.get(kind) for day in days)]
    return visit.show("days.html", "The last days", days=days, kinds=kinds, height=HEIGHT, stacked=STACKED)


def _days(visit: Visit) -> list[Day]:
    today = visit.now.date()
    first = today - timedelta(days=DAYS - 1)
    counts = {first + timedelta(days=number): Counter[str]() for number in range(DAYS)}
    for run in visit.services.stores.log.runs(RUNS):
        if run.started_at.date() < first:
            break
        if run.started_at.date() in counts:
            counts[run.started_at.date()].update(run.counts)
    most = max((sum(one[kind] for kind in STACKED) for one in counts.values()), default=0)
    return [Day(day, dict(one), _bars(one, most)) for day, one in counts.items()]


def _bars(counts: Counter[str], most: int) -> tuple[Bar, ...]:
    bars, ground = list[Bar](), float(HEIGHT)
    for kind in STACKED:
        if counts[kind]:
            height = max(1.5, counts[kind] / most * HEIGHT)
            ground -= height
            bars.append(Bar(kind, round(ground, 1), round(height, 1)))
    return tuple(bars)
