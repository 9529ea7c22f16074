"""`tieout log --since … --until …`: what became of each record in that time, of all rows of that time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from local.cli.log import _rows
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
    rows, _ = _rows(stores, None, Wanted(frozenset(kinds), since=NOON))
    assert told(rows) == [("b", "held")]
    rows, _ = _rows(stores, None, Wanted(frozenset(kinds), until=minute(1)))
    assert told(rows) == [("b", "held"), ("a", "held")], "as it was then"
