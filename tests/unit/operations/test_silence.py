"""What should have happened and did not is found in the runs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.run_ids import hook_run_id
from shared.operations.silence import read_and_queued, silent
from shared.ports import Run
from shared.settings import Connection, Integration, IntegrationState, WebhookToken

NOW = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)


def integration(since: datetime = LONG_AGO, entities: Sequence[str] = ("account",)) -> Integration:
    return Integration(
        "main",
        "vtiger--sage_accounting",
        {system: Connection(system) for system in ("vtiger", "sage_accounting")},
        webhook_tokens={"vtiger": (WebhookToken("d", since),), "console": (WebhookToken("d", since),)},
        hook_objects={"vtiger": {f"{name}s": name for name in entities}, "sage_accounting": {"x": "account"}},
    )


def polled(hours: float, queued: int = 1, entity: str = "account", system: str = "vtiger") -> Run:
    at = NOW - timedelta(hours=hours)
    words = read_and_queued(queued + 2, queued) + "; 1 no longer waiting"
    return Run(f"{at:%Y%m%dT%H%M%SZ}-aaaa", "poll", entity, system, at, at, "done", words)


def hooked(hours: float, entity: str = "account") -> Run:
    at = (NOW - timedelta(hours=hours)).replace(minute=0)
    return Run(hook_run_id(at, "vtiger", entity), "", "", "", at, counts={"updated": 2})


def told(*runs: Run, since: datetime = LONG_AGO, live_since: datetime | None = LONG_AGO) -> list[str]:
    swept = Run("20261130T023000Z-bbbb", "reconcile", "", "", NOW - timedelta(hours=3), None, "done")
    quiet = polled(0.1, 0)
    newest_first = sorted([*runs, swept, quiet], key=lambda run: run.run_id, reverse=True)
    state = IntegrationState(live=True, live_since=live_since)
    return silent(integration(since), state, newest_first, NOW)


DAY_OF_FINDS = [polled(hours) for hours in (20, 18, 15, 12, 9)]


def test_a_hook_that_is_dead_while_polls_keep_finding_changes() -> None:
    (sentence,) = told(hooked(30), *DAY_OF_FINDS)
    assert "no webhook of Vtiger" in sentence and "account" in sentence and "5 polls" in sentence
    assert "since 29 November, 01:00 UTC" in sentence
    (never,) = told(*DAY_OF_FINDS)
    assert "yet, although" in never


@pytest.mark.parametrize(
    "runs",
    [
        [*DAY_OF_FINDS, hooked(1)],
        [polled(20), polled(2)],
        [polled(3), polled(2.5), polled(2)],
        [polled(hours, 0) for hours in (20, 15, 10, 5)],
        [polled(hours, entity="contact") for hours in (20, 15, 10, 5)],
        [polled(hours, system="sage_accounting") for hours in (20, 15, 10, 5)],
        [*DAY_OF_FINDS, Run("20261130T000000Z-hook", "", "", "", NOW - timedelta(hours=6))],
    ],
    ids=["heard", "twice", "one night", "quiet", "no hook for it", "other system", "release before"],
)
def test_nothing_is_said_of_a_hook_that_may_be_well(runs: list[Run]) -> None:
    assert told(*runs) == []


def test_a_first_load_and_a_new_address_are_given_their_time() -> None:
    assert told(*DAY_OF_FINDS, live_since=NOW - timedelta(days=1)) == []
    assert told(*DAY_OF_FINDS, live_since=None) == []
    assert told(*DAY_OF_FINDS, since=NOW - timedelta(hours=20)) == []


def test_warnings_of_the_day_are_told_once_each() -> None:
    at = NOW - timedelta(hours=2)
    runs = [
        Run(f"20261130T235959Z-warn-{name}", "poll", "", "", at, at, "warning", f"{name[:1]} is wrong")
        for name in ("a", "ab", "b")
    ]
    old = Run("20261128T235959Z-warn", "poll", "", "", NOW - timedelta(days=2), None, "warning", "old")
    assert sorted(told(*runs, old)) == ["a is wrong", "b is wrong"]
