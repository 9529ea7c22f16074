"""Lists that change while they are read: nothing is lost, whatever leaves, arrives or shares a second."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ports import Snapshot
from shared.systems.sugarcrm.paging import OVERLAP, Batch, Position, modified, watched, worklist
from tests.unit.systems.sugarcrm.fakes import Clock

START = datetime(2026, 1, 1, tzinfo=UTC)


class Table:
    """Rows of id -> time, answered in order behind a position. `meanwhile` runs after each page was read."""

    def __init__(
        self, rows: dict[str, datetime], size: int, meanwhile: Callable[["Table"], None] = lambda table: None
    ) -> None:
        self.rows, self.size, self.meanwhile, self.calls = rows, size, meanwhile, 0

    def by_id(self, position: Position) -> Batch:
        return self._batch(sorted((key, at) for key, at in self.rows.items() if key > (position.id or "")))

    def by_time(self, position: Position) -> Batch:
        return self._batch(
            sorted(
                ((key, at) for key, at in self.rows.items() if self._behind(key, at, position)),
                key=lambda row: (row[1], row[0]),
            )
        )

    def _behind(self, key: str, at: datetime, position: Position) -> bool:
        if position.at is not None:
            return (at, key) > (position.at, position.id or "")
        return position.since is None or (at > position.since if position.strict else at >= position.since)

    def _batch(self, found: list[tuple[str, datetime]]) -> Batch:
        self.calls += 1
        page = found[: self.size]
        batch = Batch(
            [Snapshot(key, {}, at, at.isoformat()) for key, at in page],
            page[-1][0] if page else None,
            page[-1][1] if page else None,
            len(found) > self.size,
        )
        self.meanwhile(self)
        return batch


def ids(pages: Any) -> list[str]:
    return [item.id for page in pages for item in page.records]


@given(st.integers(0, 40), st.integers(1, 9), st.sets(st.integers(0, 39)))
def test_a_worklist_reads_every_row_that_stays(count: int, size: int, leaving: set[int]) -> None:
    names = [f"{number:03d}" for number in range(count)]
    stay = {name for name in names if int(name) not in leaving}

    def leave(table: Table) -> None:
        for name in sorted(set(table.rows) - stay)[:2]:
            del table.rows[name]

    found = ids(worklist(None, Table(dict.fromkeys(names, START), size, leave).by_id))
    assert stay <= set(found)
    assert len(found) == len(set(found))


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(1, 5), st.sets(st.integers(0, 29)))
def test_a_cursor_reads_ties_and_rows_edited_meanwhile(
    seconds: list[int], size: int, edited: set[int]
) -> None:
    rows = {f"{number:03d}": START + timedelta(seconds=second) for number, second in enumerate(seconds)}
    waiting = [name for number, name in enumerate(rows) if number in edited]

    def edit(table: Table) -> None:
        if waiting:
            table.rows[waiting.pop()] = START + timedelta(seconds=10)

    table = Table(dict(rows), size, edit)
    assert set(ids(modified(None, table.by_time, Clock(START)))) == set(rows)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.integers(1, 5), st.integers(0, 10))
def test_a_pass_resumed_anywhere_is_the_same_pass(seconds: list[int], size: int, stop: int) -> None:
    rows = {f"{number:03d}": START + timedelta(seconds=second) for number, second in enumerate(seconds)}
    whole = ids(modified(None, Table(rows, size).by_time, Clock(START)))
    pages = list(modified(None, Table(rows, size).by_time, Clock(START)))[: stop + 1]
    rest = [] if pages[-1].last else ids(modified(pages[-1].cursor, Table(rows, size).by_time, Clock(START)))
    assert ids(pages) + rest == whole


def test_a_change_committed_late_is_still_found() -> None:
    clock, table = Clock(START), Table({"a": START}, 10)
    *_, last = modified(None, table.by_time, clock)
    table.rows["late"] = START - timedelta(minutes=4)
    clock.at += timedelta(minutes=15)
    *_, after = modified(last.cursor, table.by_time, clock)
    assert "late" in [item.id for item in after.records]


def test_quiet_passes_stop_reading_what_was_read() -> None:
    clock, table = Clock(START), Table({f"{number:03d}": START for number in range(25)}, 10)
    cursor = None
    calls = []
    for _ in range(5):
        table.calls = 0
        *_, last = modified(cursor, table.by_time, clock)
        cursor = last.cursor
        calls.append(table.calls)
        clock.at += timedelta(minutes=15)
    assert calls == [3, 3, 1, 1, 1]
    table.rows["new"] = START + timedelta(seconds=1)
    assert ids(modified(cursor, table.by_time, clock)) == ["new"]


def test_a_second_pass_too_soon_settles_nothing() -> None:
    clock, table = Clock(START), Table({"a": START}, 10)
    *_, first = modified(None, table.by_time, clock)
    clock.at += OVERLAP - timedelta(seconds=1)
    *_, second = modified(first.cursor, table.by_time, clock)
    assert "settled" not in second.cursor
    table.rows["late"] = START
    assert "late" in ids(modified(second.cursor, table.by_time, clock))


@pytest.mark.parametrize("size", [1, 10])
def test_a_row_of_a_time_to_come_hides_no_later_change(size: int) -> None:
    """It is listed again each time, and what was read before it is not."""
    clock = Clock(START)
    table = Table({"a": START, "b": START, "odd": START + timedelta(days=1500)}, size)
    cursor = None
    for _ in range(4):
        *_, last = modified(cursor, table.by_time, clock)
        cursor = last.cursor
        clock.at += timedelta(minutes=15)
    table.rows["new"] = clock.at
    assert ids(modified(cursor, table.by_time, clock)) == ["new", "odd"]


def test_a_row_of_a_time_to_come_hides_no_later_change_of_a_watched_list() -> None:
    clock, table = Clock(START), Table({"a": START, "odd": START + timedelta(days=1500)}, 10)
    asked: list[Position] = []

    def listed(position: Position) -> Batch:
        asked.append(position)
        return table.by_id(Position(id=position.id))

    *_, first = watched(None, listed, clock)
    list(watched(first.cursor, listed, clock))
    assert asked[-1].since is not None
    assert asked[-1].since <= START
