"""`tieout log --since … --until …`: what became of each record in that time, of all rows of that time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from local.cli import _log_read
from local.cli._log_read import looked_at
from shared.domain.link import LogRow, Outcome, OutcomeKind
from shared.operations.log_rows import Wanted
from shared.ports import Stores
from tests.stories.orders import SUGAR, Orders

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def minute(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def entered(*rows: tuple[int, str, OutcomeKind]) -> Stores:
    stores = Orders().rig.stores
    stores.log.append(
        [
            LogRow(minute(at), "run", SUGAR, "sales_order", record, "poll", Outcome(kind, ""), seq=str(at))
            for at, record, kind in rows
        ]
    )
    return stores


def told(rows: Iterable[LogRow]) -> list[tuple[str, str]]:
    return [(row.record_id, row.outcome.kind) for row in rows]


@pytest.mark.parametrize("kinds", [{"held"}, {"held", "failed"}])
def test_what_was_settled_in_that_time_is_not_held(kinds: set[str]) -> None:
    stores = entered((0, "a", "held"), (1, "b", "held"), (2, "a", "created"))
    rows, _ = looked_at(stores, None, Wanted(frozenset(kinds), since=NOON))
    assert told(rows) == [("b", "held")]
    rows, _ = looked_at(stores, None, Wanted(frozenset(kinds), until=minute(1)))
    assert told(rows) == [("b", "held"), ("a", "held")], "as it was then"


def test_an_older_time_is_reached_however_much_came_since(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_log_read, "MOST", 3)
    stores = entered((0, "a", "held"), (1, "b", "created"), *((n, f"c{n}", "created") for n in range(2, 9)))
    assert [told(rows) for rows, cut in [looked_at(stores, None, Wanted(until=minute(1)))] if not cut] == [
        [("b", "created"), ("a", "held")]
    ]
    rows, cut = looked_at(stores, None, Wanted(since=NOON, until=minute(7)))
    assert [row.record_id for row in rows] == ["c7", "c6", "c5"]
    assert "the newest 3 rows of that time" in cut
    assert f"back to {minute(5).astimezone():%Y-%m-%d %H:%M}:01" in cut
    assert looked_at(stores, None, Wanted(since=minute(6)))[1] == "", "just so many as are looked at"
    assert "rows of the log" in looked_at(stores, None, Wanted())[1]
