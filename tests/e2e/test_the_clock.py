"""The clock tells every integration, and what belongs to one integration stops no other."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.poll_changes import app
from functions.reconcile import app as reconcile
from shared.bootstrap_deployment import Deployment
from shared.domain.link import ChangeEvent
from shared.operations import schedule
from shared.operations.poll_messages import Tick, message_of
from shared.ports import Parked
from shared.settings import read_environment
from tests.e2e.world import World, context, world


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as found:
        yield found


def messages(here: World, queue: str = "poll") -> list[dict[str, Any]]:
    return [json.loads(one["Body"]) for _ in range(3) for one in here._take(queue, 10)]


def work_off(*bodies: dict[str, Any]) -> list[dict[str, str]]:
    records = [{"messageId": str(number), "body": json.dumps(one)} for number, one in enumerate(bodies)]
    failed = app.handler({"Records": records}, context())["batchItemFailures"]
    return list(failed)


def test_a_tick_is_one_message_for_each_integration_and_asks_no_vendor(here: World) -> None:
    integrations = here.aws.integrations
    whole = integrations.load("main")
    for number in range(11):
        integrations.save(replace(whole, name=f"other-{number}"))
    before = here.calls(here.sugar)
    assert app.handler({"source": "aws.scheduler"}, context()) == {"told": 12}
    assert here.calls(here.sugar) == before
    told = messages(here)
    assert sorted(one["integration"] for one in told) == sorted(integrations.names())
    assert len({one["tick"] for one in told}) == 1


def test_f26_a_tick_after_a_clock_that_was_ahead_wakes_what_that_one_parked(here: World) -> None:
    stores, now = here.aws.stores("main"), datetime.now(UTC)
    ahead = now + timedelta(hours=2)
    event = ChangeEvent("main", "sugarcrm", "sales_order", "1", "webhook", "20261130T000000Z-hook", ahead)
    stores.parks.park([Parked(event, ahead + timedelta(minutes=15), "away", since=ahead)])
    app.handler({"source": "aws.scheduler"}, context())
    work_off(*messages(here))
    assert stores.parks.count() == 1, "nobody has seen that the clock was ahead"
    assert here.aws.integrations.take_tick("main", "ahead", ahead, ahead)
    app.handler({"source": "aws.scheduler"}, context())
    work_off(*messages(here))
    assert stores.parks.count() == 0 and stores.queue.depth("sales_order") == 1


def test_a_backlog_of_ticks_is_one_poll(here: World) -> None:
    for _ in range(4):
        app.handler({"source": "aws.scheduler"}, context())
    assert work_off(*messages(here)) == []
    lists = [run.entity for run in here.aws.stores("main").log.runs()]
    assert lists.count("sales_order") == 1
    app.handler({"source": "aws.scheduler"}, context())
    work_off(*messages(here))
    lists = [run.entity for run in here.aws.stores("main").log.runs()]
    assert lists.count("sales_order") == 2, "what was told after the poll began is new"


def test_broken_rules_of_one_integration_stop_no_other(here: World) -> None:
    whole = here.aws.integrations.load("main")
    broken = replace(whole, name="broken", rules={"systems/sugarcrm/sales_order.toml": "[fields]\nx = 1\n"})
    here.aws.integrations.save(broken)
    here.tick()
    [run] = here.aws.stores("broken").log.runs()
    assert run.state == "stopped" and "sales_order.toml" in run.message
    assert here.aws.stores("main").log.runs()[0].state == "done"


def test_a_list_with_an_unexpected_fault_stops_no_other_and_is_seen_in_its_own_message(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = schedule.run_task

    def faulty(deployment: Any, task: Any) -> Any:
        if task.entity == "sales_order":
            raise RuntimeError("nobody thought of this")
        return real(deployment, task)

    monkeypatch.setattr(schedule, "run_task", faulty)
    app.handler({"source": "aws.scheduler"}, context())
    assert work_off(*messages(here)) == []
    [alone] = messages(here)
    assert alone["entity"] == "sales_order"


def test_lists_for_which_no_time_is_left_get_a_message_each(here: World) -> None:
    app.handler({"source": "aws.scheduler"}, context())
    [tick] = messages(here)
    short = Deployment.open(read_environment(), app._clients, context())
    late = replace(short, deadline=datetime.now(UTC) + timedelta(seconds=5))
    told = message_of(tick)
    assert isinstance(told, Tick) and schedule.take_up(late, told) == []
    assert {one["entity"] for one in messages(here)} >= {"sales_order"}


def sweep(*bodies: dict[str, Any]) -> list[dict[str, str]]:
    records = [{"messageId": str(number), "body": json.dumps(one)} for number, one in enumerate(bodies)]
    return list(reconcile.handler({"Records": records}, context(900))["batchItemFailures"])


def test_the_sweep_is_one_message_for_each_integration_then_one_for_each_list(here: World) -> None:
    assert reconcile.handler({"source": "aws.scheduler"}, context(900)) == {"told": 1}
    whole = messages(here, "sweep")
    assert [(one["integration"], one["entity"]) for one in whole] == [("main", "")]
    assert sweep(*whole) == []
    lists = messages(here, "sweep")
    assert [(one["entity"], one["system"]) for one in lists] == [("sales_order", "sugarcrm")]
    assert sweep(*lists, {"no": "sweep"}) == [{"itemIdentifier": "1"}], "a bad message fails alone"
    runs = here.aws.stores("main").log.runs()
    assert {(run.cause, run.entity, run.state) for run in runs} >= {
        ("reconcile", "", "done"),
        ("reconcile", "sales_order", "done"),
    }
    assert messages(here, "sweep") == []
