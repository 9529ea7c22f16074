"""A changing list loses nothing: cursors after any page, ties, and what changes behind the reader."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from shared.systems.vtiger.values import stamp
from shared.systems.vtiger.walk import Walk

NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def text(seconds: float) -> str:
    return stamp(at(seconds))


def test_a_pass_of_one_page() -> None:
    first = Walk.load({}, at(100))
    assert first.where() == []
    done = first.read("11x9", [text(3), text(7)]).finish(at(101), 1)
    assert done.dump() == {"since": text(7), "newest": text(7), "seen_at": at(101).isoformat()}
    again = Walk.load(done.dump(), at(110))
    assert again.where() == [f"modifiedtime >= '{text(2)}'"]
    assert again.read("11x9", [text(7)]).finish(at(111), 1).dump() == done.dump()
    settled = Walk.load(done.dump(), at(162)).finish(at(162), 1)
    assert settled.where() == [f"modifiedtime > '{text(7)}'"]
    assert Walk.load(settled.dump(), at(900)).finish(at(900), 1).dump() == settled.dump()


def test_a_half_read_pass_goes_on_where_it_stopped_and_begins_the_next_one_earlier() -> None:
    half = Walk.load({}, at(0)).read("11x100", [text(-50)]).dump()
    assert half == {"newest": text(-50), "after": "11x100", "began": at(0).isoformat()}
    rest = Walk.load(half, at(900))
    assert rest.where() == ["id > '11x100'"]
    done = rest.read("11x150", [text(890)]).finish(at(901), 2)
    assert done.since <= text(0)
    assert done.newest == text(890)


YEARS = text(5 * 366 * 86_400)


def test_a_time_that_has_not_come_yet_does_not_move_the_list_on() -> None:
    done = Walk.load({}, at(100)).read("11x9", [YEARS, text(7)]).finish(at(101), 1)
    assert Walk.load(done.dump(), at(200)).where() == [f"modifiedtime >= '{text(2)}'"]
    later = Walk.load(done.dump(), at(200)).read("11x9", [YEARS, text(150)]).finish(at(201), 1)
    assert (later.since, later.newest) == (text(150), text(150))
    ahead = Walk.load({}, at(100)).read("11x9", [text(80_000)]).finish(at(101), 1)
    assert ahead.since == text(80_000), "clocks may differ by a day"


@pytest.mark.parametrize(
    ("kept", "where"),
    [
        ({"since": YEARS, "newest": YEARS, "settled": True, "seen_at": at(0).isoformat()}, []),
        ({"since": text(7), "newest": YEARS}, [f"modifiedtime >= '{text(2)}'"]),
    ],
)
def test_a_list_that_went_along_with_such_a_time_comes_back(kept: dict[str, Any], where: list[str]) -> None:
    walk = Walk.load(kept, at(900))
    assert walk.where() == where
    assert walk.read("11x9", [text(800), YEARS]).finish(at(901), 1).newest == text(800)


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_no_change_is_ever_missed(seed: int) -> None:
    """A list of records that people change at any moment, read page by page by a reader that is slow and
    interrupted."""
    for one in range(seed, seed + 20):
        _story(Random(one))


def _story(chance: Random) -> None:
    records = dict.fromkeys(range(1, 40), 0.0)
    seen: dict[int, float] = {}
    cursor: dict[str, Any] = {}
    clock = 0.0
    for step in range(70):
        clock += chance.choice([0, 0.2, 1, 7, 70])
        if step < 40 and chance.random() < 0.4:
            records[chance.randint(1, 39)] = float(int(clock))
        cursor = _page(records, seen, cursor, clock, chance)
    assert seen == records


def _page(
    records: dict[int, float], seen: dict[int, float], cursor: dict[str, Any], clock: float, chance: Random
) -> dict[str, Any]:
    walk = Walk.load(cursor, at(clock))
    pages = 2 if walk.after else 1
    after = int(walk.after.split("x")[1]) if walk.after else 0
    since = [part for part in walk.where() if part.startswith("modifiedtime")]
    rows = [
        (number, moment)
        for number, moment in sorted(records.items())
        if number > after and (not since or _meets(since[0], text(moment)))
    ][:10]
    for number, moment in rows:
        seen[number] = moment
    if rows:
        walk = walk.read(f"11x{rows[-1][0]}", [text(moment) for _, moment in rows])
    return walk.dump() if len(rows) == 10 else walk.finish(at(clock + chance.random()), pages).dump()


def _meets(condition: str, moment: str) -> bool:
    _, operator, day, time = condition.split(" ")
    limit = f"{day} {time}".strip("'")
    return moment > limit if operator == ">" else moment >= limit
