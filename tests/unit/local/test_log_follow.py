"""`tieout log --follow`: each row once, in order, however many come between two looks."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from local.cli._log_follow import Coming
from shared.domain.link import LogRow, Outcome
from shared.ports import SyncLog
from tests.stories.orders import SUGAR, Orders

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def enter(log: SyncLog, numbers: Sequence[int], run: str = "run") -> None:
    log.append(
        [
            LogRow(
                NOON + timedelta(seconds=number),
                run,
                SUGAR,
                "sales_order",
                str(number),
                "poll",
                Outcome("created", ""),
                seq=f"{number:05}",
            )
            for number in numbers
        ]
    )


def told(rows: Sequence[LogRow]) -> list[int]:
    return [int(row.record_id) for row in rows]


def test_all_that_came_is_shown_once_and_in_order() -> None:
    log = Orders().rig.stores.log
    enter(log, range(500))
    coming = Coming(log, None)
    assert coming.new() == [], "what was there was shown"
    enter(log, range(500, 1_500))
    assert told(coming.new()) == [*range(500, 1_500)]
    enter(log, [1_501])
    assert told(coming.new()) == [1_501]
    enter(log, [1_500])
    assert told(coming.new()) == [1_500], "another worker was slower"
    assert coming.new() == []


def test_what_came_before_the_first_list_was_printed_is_not_told_again() -> None:
    log = Orders().rig.stores.log
    coming = Coming(log, "run")
    enter(log, [1])
    coming.told(log.rows())
    enter(log, [2])
    enter(log, [3], run="another")
    assert told(coming.new()) == [2]


def test_what_is_erased_while_somebody_looks_on_brings_nothing_old_back() -> None:
    log = Orders().rig.stores.log
    enter(log, range(500))
    coming = Coming(log, None)
    for number in range(450, 500):
        log.erase((SUGAR, "sales_order", str(number)))
    assert coming.new() == []
