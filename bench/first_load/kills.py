"""A first load whose worker is killed once, at each of several points, and what had to be done again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.figures import Figures, at_most, exactly
from bench.first_load.world import BATCH, Killed, Load
from shared.domain.record import record
from shared.systems.sage_sales_management.writer import Writer


@record
class Point:
    """The `turn`-th call of a method; `late`: after it was answered, and before anybody heard of it."""

    name: str
    owner: Callable[[Any], Any]
    method: str
    turn: int = 1
    late: bool = False


POINTS = (
    Point("before a page is on the queue", lambda load: load.stores.queue, "send"),
    Point("before a page's position is saved", lambda load: load.stores.cursors, "save"),
    Point("after a page's position was saved", lambda load: load.stores.cursors, "save", late=True),
    Point("while intents are saved", lambda load: load.stores.links, "commit", BATCH // 2),
    Point("before a call is sent", lambda load: Writer, "create_many", 2),
    Point("after a call was answered", lambda load: Writer, "create_many", 2, late=True),
    Point("while what was made is saved", lambda load: load.stores.links, "commit", BATCH + BATCH // 2),
    Point("before the archive is written", lambda load: load.stores.archive, "write", 2),
)


def killed(load: Load, point: Point, records: int) -> Figures:
    load.fill(0, 0, records)
    with _counted() as sent, dying(point, load):
        load.load()
    rows = load.rows("products")
    name = f"first load, {records} products, killed {point.name}"
    return {
        f"{name}: records made twice": exactly(sum(rows.values()) - len(rows), 0, "records"),
        f"{name}: records lost": exactly(records - len(rows), 0, "records"),
        f"{name}: records sent again": at_most(sum(sent) - records, BATCH, "records", "one page at most"),
    }


@contextmanager
def dying(point: Point, here: Any) -> Iterator[None]:
    """Fails where the worker was never killed: then the point is none."""
    owner, left = point.owner(here), [point.turn]
    real = getattr(owner, point.method)

    def deadly(*given: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not point.late:
            raise Killed
        made = real(*given, **named)
        if left[0] == 0:
            raise Killed
        return made

    setattr(owner, point.method, deadly)
    try:
        yield
    finally:
        setattr(owner, point.method, real)
    assert left[0] <= 0, f"nothing was killed {point.name}"


@contextmanager
def _counted() -> Iterator[list[int]]:
    """How many new records each call carried that reached the vendor."""
    sent: list[int] = []
    many, one = Writer.create_many, Writer.create

    def counted_many(self: Writer, spec: Any, records: Any) -> Any:
        sent.append(len(records))
        return many(self, spec, records)

    def counted_one(self: Writer, *given: Any) -> Any:
        sent.append(1)
        return one(self, *given)

    Writer.create_many, Writer.create = counted_many, counted_one  # type: ignore[method-assign, assignment]
    try:
        yield sent
    finally:
        Writer.create_many, Writer.create = many, one  # type: ignore[method-assign]
