"""What the platform promises around the sync: rules versions, recovery, counters, metrics, logs, lanes,
parking, replay."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.bootstrap import open_services
from shared.errors import LaneTaken
from shared.operations.reconcile import sweep
from shared.ports import Run
from shared.systems._lanes import HeldLanes
from tests.e2e.world import World, context, world


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as made:
        yield made


def swept(here: World) -> str:
    services = open_services(
        "main",
        stores=here.aws.stores("main"),
        integrations=here.aws.integrations,
        environment=here.aws.env,
        owner="sweep",
        deadline=datetime.now(UTC) + timedelta(minutes=2),
    )
    try:
        return sweep(services).message()
    finally:
        services.close()


def test_new_rules_look_again_at_what_was_skipped(here: World) -> None:
    record = here.opportunity(amount="0.5")
    skipped = here.opportunity(amount="0")
    here.tick()
    here.drain()
    assert (here.outcome(record).kind, here.outcome(skipped).kind) == ("created", "skipped")
    rules = {"flows/sugarcrm--sage_50.toml": "[sales_order.require]\namount_positive = false\n"}
    here.aws.integrations.save(replace(here.aws.integrations.load("main"), rules=rules))
    here.tick()
    here.drain()
    assert here.outcome(skipped).kind == "created"
    assert len(here.orders()) == 2


def test_after_a_lost_table_recovery_relinks_and_doubles_nothing(here: World) -> None:
    record = here.opportunity()
    here.tick()
    here.drain()
    number = here.shown(record)["sales_order_no_c"]
    for link in list(here.aws.stores("main").links.all()):
        here.aws.stores("main").links.erase(link.link_id)
    here.opportunity(edit=True, id=record, sales_order_no_c="")
    since = datetime.now(UTC) - timedelta(minutes=10)
    before = here.aws.integrations.state("main")
    here.aws.integrations.change_state("main", before, replace(before, recovering_since=since))
    assert re.search(r"\d lost links? found again", swept(here))
    assert here.aws.integrations.state("main").recovering_since is None
    here.drain()
    here.tick()
    here.drain()
    assert len(here.orders()) == 1
    assert here.shown(record)["sales_order_no_c"] == number


def test_a_recovery_said_by_a_clock_that_was_ahead_begins_now(here: World) -> None:
    before, ahead = here.aws.integrations.state("main"), datetime.now(UTC) + timedelta(hours=1)
    here.aws.integrations.change_state("main", before, replace(before, recovering_since=ahead))
    here.opportunity()
    here.tick()
    since = here.aws.integrations.state("main").recovering_since
    assert since is not None and since < ahead - timedelta(minutes=59)


def test_while_recovering_a_create_looks_first(here: World) -> None:
    record = here.opportunity()
    here.tick()
    here.drain()
    for link in list(here.aws.stores("main").links.all()):
        here.aws.stores("main").links.erase(link.link_id)
    here.opportunity(edit=True, id=record, sales_order_no_c="")
    since = datetime.now(UTC) - timedelta(minutes=10)
    before = here.aws.integrations.state("main")
    here.aws.integrations.change_state("main", before, replace(before, recovering_since=since))
    here.tick()
    here.drain()
    assert len(here.orders()) == 1 and "earlier try" in here.outcome(record).reason


def test_a_run_counts_what_became_of_its_records(here: World) -> None:
    here.opportunity()
    here.opportunity(amount="0")
    here.tick()
    here.drain()
    run: Run = next(one for one in here.aws.stores("main").log.runs(9) if one.entity == "sales_order")
    assert dict(run.counts) == {"created": 1, "skipped": 1}
    assert run.state == "done" and run.message == "2 read, 2 queued"


def test_a_quiet_tick_queues_nothing(here: World) -> None:
    here.opportunity()
    here.tick()
    here.drain()
    here.tick()
    assert here.aws.messages("sales_order") == []
    runs = here.aws.stores("main").log.runs(9)  # two runs of one second stand in either order
    said = [run.message for run in runs if run.entity == "sales_order"][:2]
    # the second one sees our own write-back on its list, and knows it
    assert sorted(said) == ["1 read, 0 queued", "1 read, 1 queued"]


def test_metrics_have_few_dimensions_and_logs_the_run(
    here: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    here.opportunity()
    here.tick()
    runs = here.aws.stores("main").log.runs(5)  # that of the customers' balances begins in the same second
    run = next(one.run_id for one in runs if one.entity == "sales_order")
    capsys.readouterr()
    here.drain()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    metric = next(line for line in lines if "_aws" in line)
    assert metric["created"] == [1.0]
    assert metric["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["entity", "service"]]
    assert any(
        getattr(record, "correlation_id", "") == run for record in caplog.records if record.message == "batch"
    )


def test_one_caller_at_a_time_per_resource(here: World) -> None:
    class Still:
        """A clock that does not wait."""

        def now(self) -> datetime:
            return datetime.now(UTC)

        def sleep(self, seconds: float) -> None:
            pass

    lanes = here.aws.stores("main").lanes
    until = datetime.now(UTC) + timedelta(minutes=1)
    first, second = (HeldLanes(lanes, "sage_50", owner, until, Still()) for owner in ("one", "two"))
    first.take("salesorder")
    first.take("salesorder")
    with pytest.raises(LaneTaken):
        second.take("salesorder")
    second.take("customer")
    first.release()
    second.take("salesorder")


def test_what_is_parked_wakes_when_it_is_due(here: World) -> None:
    stores = here.aws.stores("main")
    stores.gate.cool("sage_50", datetime.now(UTC) + timedelta(hours=1), "closed for the night")
    record = here.opportunity()
    here.hook({"data": {"id": record}})
    here.drain()
    assert here.outcome(record).kind == "parked" and "closed for the night" in here.outcome(record).reason
    assert stores.parks.count() == 1
    parked = stores.parks.due(datetime.now(UTC) + timedelta(hours=2), 10)
    stores.parks.remove(parked)
    stores.parks.park([replace(parked[0], wake_at=datetime.now(UTC))])
    stores.gate.open("sage_50")
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created" and stores.parks.count() == 0


def test_a_batch_out_of_time_sends_again_what_it_has_not_begun(here: World) -> None:
    from functions.sync_entity import app

    here.opportunity()
    here.tick()
    message = here._take("sales_order", 1)[0]
    record = {"messageId": "1", "body": message["Body"], "attributes": {"ApproximateReceiveCount": "1"}}
    assert app.handler({"Records": [record]}, context(20)) == {"batchItemFailures": []}
    assert here.orders() == [], "less time was left than one create may take"
    here.tick()
    here.drain()
    assert len(here.orders()) == 1


@pytest.mark.parametrize("times", [1, 3])
def test_replaying_dead_letters_any_number_of_times_doubles_nothing(here: World, times: int) -> None:
    record = here.opportunity()
    here.tick()
    body = here._take("sales_order", 1)[0]["Body"]
    for _ in range(times):
        here.aws.clients.sqs.send_message(
            QueueUrl=here.aws.env.queue_prefix + "sales_order", MessageBody=body
        )
        here.aws.clients.sqs.send_message(
            QueueUrl=here.aws.env.queue_prefix + "sales_order", MessageBody=body
        )
        here.drain()
    assert len(here.orders()) == 1
    assert here.shown(record)["sales_order_no_c"] == str(here.orders()[0]["orderNumber"])


def test_an_unexpected_fault_ends_in_the_dead_letters_with_a_reason_in_the_log(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.systems.sage_50.system import Sage50

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Sage50, "find", broken)
    record = here.opportunity()
    other = here.opportunity(amount="0")
    here.tick()
    here.drain()
    assert len(here.dead) == 1 and here.outcome(other).kind == "skipped"
    assert here.outcome(record).kind == "failed" and "a bug" in here.outcome(record).reason
    monkeypatch.undo()
