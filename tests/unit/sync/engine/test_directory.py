"""A whole list in memory: read once, kept, and brought up to date by what changed since."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.mapping.compile import compile_flow
from shared.ports import Gone, ObjectSpec, Page, Reading, Snapshot
from shared.stores.memory import MemoryWorld
from shared.sync.engine.directory import Directory

MAP = compile_flow("vtiger--sage_accounting").entities["account"].maps["vtiger"]
START = datetime(2026, 11, 30, 9, tzinfo=UTC)


class Clock:
    time = START

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Listed:
    """A vendor with cursors: `pages` are what the next reading gives, and `asked` the cursors it was
    given."""

    def __init__(self) -> None:
        self.pages: list[list[Reading]] = []
        self.asked: list[Any] = []

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        self.asked.append(cursor)
        pages, self.pages = self.pages, []
        for number, page in enumerate(pages or [[]], 1):
            yield Page(tuple(page), {"at": len(self.asked), "page": number}, number >= len(pages))

    def recent(self, spec: ObjectSpec, cursor: Mapping[str, Any]) -> Iterator[Page]:
        yield from self.changes(spec, {**cursor, "recent": True})


def organisation(number: int, name: str = "Acme") -> Snapshot:
    return Snapshot(f"11x{number}", {"accountname": name, "unmapped": "x"}, START, "1")


def directory(vendor: Listed, world: MemoryWorld, clock: Clock) -> Directory:
    return Directory(vendor, MAP, world.stores("main").cache, clock)  # type: ignore[arg-type]


def test_it_is_read_once_and_then_only_what_changed() -> None:
    vendor, world, clock = Listed(), MemoryWorld(lambda: START), Clock()
    vendor.pages = [[organisation(n) for n in range(200)], [organisation(n) for n in range(200, 450)]]
    first = directory(vendor, world, clock)
    assert first.refresh(lambda: False) and len(first.rows) == 450
    again = directory(vendor, world, clock)
    vendor.pages = [[organisation(3, "Borg"), Gone("11x4", START)]]
    assert again.refresh(lambda: False) and len(again.rows) == 449
    third = directory(vendor, world, clock)
    assert third.refresh(lambda: False) and third.rows == again.rows
    assert vendor.asked == [None, {"at": 1, "page": 2}, {"at": 2, "page": 1}]
    shown = third.snapshot("11x3")
    assert shown is not None and shown.values == {"accountname": "Borg"} and third.snapshot("11x4") is None


def test_what_was_read_just_now_is_not_asked_for_again() -> None:
    vendor, clock = Listed(), Clock()
    one = directory(vendor, MemoryWorld(lambda: START), clock)
    assert one.refresh(lambda: False) and one.refresh(lambda: False) and len(vendor.asked) == 1
    clock.sleep(11)
    assert one.refresh(lambda: False) and len(vendor.asked) == 2


def test_a_look_for_new_records_is_no_full_one() -> None:
    vendor, world, clock = Listed(), MemoryWorld(lambda: START), Clock()
    vendor.pages = [[organisation(1), organisation(2)]]
    assert directory(vendor, world, clock).refresh(lambda: False, records_only=True)
    assert vendor.asked == [None], "the first reading is of everything"
    one = directory(vendor, world, clock)
    vendor.pages = [[organisation(3)]]
    for _ in range(2):
        assert one.refresh(lambda: False, records_only=True) and set(one.rows) == {"11x1", "11x2", "11x3"}
    assert vendor.asked[1:] == [{"at": 1, "page": 1, "recent": True}]
    assert one.snapshot("11x1") is None, "nobody knows whether it is still there"
    vendor.pages = [[Gone("11x2", START)]]
    assert one.refresh(lambda: False) and set(one.rows) == {"11x1", "11x3"} and one.snapshot("11x1")
    assert one.refresh(lambda: False, records_only=True) and len(vendor.asked) == 3, "a full one is newer"


def test_a_list_that_takes_too_long_is_continued_by_the_next_invocation() -> None:
    vendor, world, clock = Listed(), MemoryWorld(lambda: START), Clock()
    vendor.pages = [[organisation(1)], [organisation(2)]]
    assert not directory(vendor, world, clock).refresh(lambda: True)
    vendor.pages = [[organisation(2)]]
    second = directory(vendor, world, clock)
    assert second.refresh(lambda: False) and set(second.rows) == {"11x1", "11x2"}
    assert vendor.asked == [None, {"at": 1, "page": 1}]


def test_many_small_parts_are_packed_together() -> None:
    vendor, world, clock = Listed(), MemoryWorld(lambda: START), Clock()
    for number in range(70):
        vendor.pages = [[organisation(number)]]
        assert directory(vendor, world, clock).refresh(lambda: False)
    kept = directory(vendor, world, clock)
    assert kept.refresh(lambda: False) and len(kept.rows) == 70 and len(kept._parts) < 20
