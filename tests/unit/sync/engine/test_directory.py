"""A whole list in memory: read once, kept, and brought up to date by what changed since."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.mapping.compile import compile_flow
from shared.ports import Gone, ObjectSpec, Page, Reading, Snapshot
from shared.stores.memory import MemoryWorld
from shared.sync.engine import kept_lists
from shared.sync.engine.directory import Directory
from shared.sync.engine.kept_lists import KEPT_FOR, Kept

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


def directory(vendor: Listed, world: MemoryWorld, clock: Clock, kept: Kept | None = None) -> Directory:
    return Directory(vendor, MAP, world.stores("main").cache, clock, kept)  # type: ignore[arg-type]


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


def test_what_another_worker_read_since_is_there_in_the_next_batch() -> None:
    vendor, world, clock, kept = Listed(), MemoryWorld(lambda: START), Clock(), Kept()
    vendor.pages = [[organisation(n) for n in range(450)]]
    for _ in range(2):  # the second one reads what the first one stored
        first = directory(vendor, world, clock, kept)
        assert first.refresh(lambda: False)
    vendor.pages = [[organisation(3, "Borg"), Gone("11x4", START)]]
    assert directory(vendor, world, clock).refresh(lambda: False)
    again = directory(vendor, world, clock, kept)
    assert again.refresh(lambda: False) and len(again.rows) == 449, "an older list"
    assert again.rows["11x3"][1] == {"accountname": "Borg"} and "11x4" not in again.rows
    assert again.rows["11x5"] is first.rows["11x5"]


def test_of_two_workers_that_keep_the_same_list_the_later_one_is_believed() -> None:
    """Each adds a part to the list that both began with; the head names that of the one who wrote last."""
    vendor, world, clock = Listed(), MemoryWorld(lambda: START), Clock()
    mine, theirs = Kept(), Kept()
    vendor.pages = [[organisation(1)]]
    assert directory(vendor, world, clock, mine).refresh(lambda: False)
    one, other = directory(vendor, world, clock, mine), directory(vendor, world, clock, theirs)
    vendor.pages = [[organisation(1, "Borg")]]
    assert one.refresh(lambda: False)
    vendor.pages = [[organisation(1, "Cyan"), organisation(2)]]
    assert other.refresh(lambda: False)
    for kept in (mine, theirs, None):
        third = directory(vendor, world, clock, kept)
        assert third.refresh(lambda: False)
        assert {n: row[1]["accountname"] for n, row in third.rows.items()} == {"11x1": "Cyan", "11x2": "Acme"}


def test_a_part_that_is_kept_is_not_read_again_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor, world, clock, kept = Listed(), MemoryWorld(lambda: START), Clock(), Kept()
    vendor.pages = [[organisation(n) for n in range(450)]]
    assert directory(vendor, world, clock, kept).refresh(lambda: False)
    cache, asked = world.stores("main").cache, list[int]()
    get = type(cache).get

    def counted(self: Any, kind: str, keys: Any, now: datetime) -> Any:
        asked.append(len(keys))
        return get(self, kind, keys, now)

    monkeypatch.setattr(type(cache), "get", counted)
    for _ in range(2):
        assert directory(vendor, world, clock, kept).refresh(lambda: False)
    assert asked == [1, 3, 1], "the head, its three parts, and the head again"
    clock.sleep(KEPT_FOR.total_seconds() + 1)
    assert directory(vendor, world, clock, kept).refresh(lambda: False) and asked[3:] == [1, 3]


def test_a_list_of_which_a_part_was_erased_is_read_anew() -> None:
    vendor, world, clock, kept = Listed(), MemoryWorld(lambda: START), Clock(), Kept()
    vendor.pages = [[organisation(n, "Ann" if n == 3 else "Acme") for n in range(450)]]
    assert directory(vendor, world, clock, kept).refresh(lambda: False)
    assert directory(vendor, world, clock, kept).refresh(lambda: False)
    assert world.stores("main").cache.erase(lambda text: '"Ann"' in text, True) == 1
    vendor.pages = [[organisation(n) for n in range(450) if n != 3]]
    anew = directory(vendor, world, clock, kept)
    assert anew.refresh(lambda: False) and len(anew.rows) == 449 and "11x3" not in anew.rows
    assert vendor.asked[-1] is None


def test_a_worker_that_reads_no_new_parts_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def those_it_has(self: kept_lists.Parts, names: list[str], now: datetime) -> Any:
        return {name: self._parts.get(name, {}) for name in names} if self._parts else {}

    monkeypatch.setattr(kept_lists.Parts, "of", those_it_has)
    with pytest.raises(AssertionError, match="an older list"):
        test_what_another_worker_read_since_is_there_in_the_next_batch()
