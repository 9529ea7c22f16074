"""Where a poll stands: nothing is lost between two passes, and an idle list asks for one known record."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.systems.sage_sales_management.walk import Walk

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def row(number: int, stamp: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "dateCreated": stamp, **more}


def passed(cursor: dict[str, Any], now: datetime, *rows: dict[str, Any], took: float = 0) -> dict[str, Any]:
    walk = Walk.load(cursor, now, 100).read(rows)
    return walk.finish(now + timedelta(seconds=took)).dump()


def test_the_first_pass_asks_for_everything_and_the_next_overlaps() -> None:
    assert Walk.load({}, NOW, 100).where() == ""
    cursor = passed({}, NOW, row(7, "2026-11-21T09:59:58.18Z"), row(8, "2026-11-21T09:00:00Z"))
    assert "dateCreated>'2026-11-21T09:59:53Z'" in Walk.load(cursor, NOW, 100).where()
    assert "id=" not in Walk.load(cursor, NOW, 100).where()


def test_a_pass_of_several_pages_overlaps_by_as_long_as_it_took() -> None:
    walk = Walk.load({}, NOW, 2).read([row(7, "2026-11-21T09:59:58Z"), row(6, "2026-11-21T09:00:00Z")])
    walk = walk.read([row(5, "2026-11-21T09:00:00Z")]).finish(NOW + timedelta(seconds=90))
    assert "dateCreated>'2026-11-21T09:58:23Z'" in Walk.load(walk.dump(), NOW, 2).where()


def test_once_settled_only_newer_rows_and_the_newest_are_asked_for() -> None:
    first = passed({}, NOW, row(7, "2026-11-21T09:59:58.18Z"))
    early = passed(first, NOW + timedelta(seconds=30), row(7, "2026-11-21T09:59:58.18Z"))
    assert early["since"] == first["since"] and "settled" not in early
    late = passed(first, NOW + timedelta(seconds=61), row(7, "2026-11-21T09:59:58.18Z"))
    walk = Walk.load(late, NOW, 100)
    assert walk.where().endswith("OR id=7)") and "dateUpdated>'2026-11-21T09:59:59Z'" in walk.where()
    assert walk.news([row(7, "2026-11-21T09:59:58.18Z")]) == []
    changed = row(7, "2026-11-21T09:59:58.18Z", dateUpdated="2026-11-21T10:05:00Z")
    assert walk.news([changed]) == [changed]
    again = passed(late, NOW + timedelta(seconds=400), changed)
    assert "settled" not in again and again["newest"] == "2026-11-21T10:05:00.000+00:00"


def test_a_pass_that_broke_off_goes_on_with_its_own_pages() -> None:
    walk = Walk.load({}, NOW, 2).read([row(7, "2026-11-21T09:00:00Z"), row(6, "2026-11-21T09:00:00Z")])
    later = Walk.load(walk.dump(), NOW + timedelta(hours=1), 100)
    assert (later.page, later.size, later.began) == (1, 2, NOW.isoformat())
