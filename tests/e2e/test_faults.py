"""Vendor faults over real HTTP, both Sugar APIs: nothing lost, nothing doubled, and a message that says what
to do."""

import time
from collections.abc import Iterator

import pytest

from tests.e2e.world import World, world

CREATE = {"method": "POST", "path": "(?i)/api/salesorder"}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(
        monkeypatch, options={"sugarcrm": {"timeout_seconds": "3"}, "sage_50": {"timeout_seconds": "3"}}
    ) as made:
        yield made


def settle(here: World, rounds: int = 12) -> None:
    """Runs on until nothing moves: short waits are real, cooling gates are opened as time would."""
    for _ in range(rounds):
        for system in ("sugarcrm", "sage_50"):
            here.aws.stores("main").gate.open(system)
        here.tick()
        here.drain()
        if len(here.orders()) >= 1 and all(here.shown(one["id"])["sales_order_no_c"] for one in here.won()):
            return
        time.sleep(1)


@pytest.mark.parametrize(
    "kind",
    [
        "429",
        "503",
        "500",
        "lost_reply",
        "lost_request",
        "late_commit",
        "html",
        "truncated_json",
        "busy",
        "exclusive",
    ],
)
def test_a_fault_at_the_create_makes_exactly_one_order(here: World, kind: str) -> None:
    record = here.opportunity()
    here.faults(here.sage, {"match": CREATE, "kind": kind, "times": 1, "after": 1})
    settle(here)
    assert len(here.orders()) == 1
    assert here.shown(record)["sales_order_no_c"] == str(here.orders()[0]["orderNumber"])
    assert here.dead == []
    here.tick()
    here.drain()
    assert len(here.orders()) == 1


@pytest.mark.parametrize("kind", ["429", "503", "lost_reply", "lost_request", "html"])
def test_a_fault_at_the_write_back_never_makes_a_second_order(here: World, kind: str) -> None:
    record = here.opportunity()
    here.faults(
        here.sugar,
        {
            "match": {"path": "/bulk|/Opportunities/", "method": "PUT|POST"},
            "kind": kind,
            "times": 1,
            "skip": 1,
        },
    )
    settle(here)
    assert len(here.orders()) == 1
    assert here.shown(record)["sales_order_no_c"] == str(here.orders()[0]["orderNumber"])


def test_a_wrong_sage_token_pauses_the_connection_once_with_the_reason(here: World) -> None:
    here.aws.stores("main").secrets.put("sage_50", {"token": "wrong"})
    records = [here.opportunity(name=f"Deal {n}") for n in range(3)]
    here.tick()
    here.drain()
    gate = here.aws.stores("main").gate.read(["sage_50"])["sage_50"]
    assert gate.state == "paused" and "token" in gate.reason.lower()
    assert all(here.outcome(record).kind == "parked" for record in records)
    assert here.orders() == [] and here.dead == []


def test_wrong_sugar_credentials_stop_the_poll_with_sugars_own_words(here: World) -> None:
    here.aws.stores("main").secrets.put("sugarcrm", {"user": "sync", "password": "wrong"})
    here.tick()
    run = next(one for one in here.aws.stores("main").log.runs(9) if one.entity == "sales_order")
    assert run.state == "stopped" and "SugarCRM refused to sign in" in run.message
    assert here.aws.stores("main").gate.read(["sugarcrm"])["sugarcrm"].state == "paused"


def test_a_missing_custom_field_stops_the_poll_and_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from local.vendors.sugarcrm.options import SugarOptions

    with world(monkeypatch, sugar=SugarOptions(cron_seconds=0, order_field=None)) as here:
        here.opportunity()
        here.tick()
        run = next(one for one in here.aws.stores("main").log.runs(9) if one.entity == "sales_order")
        assert run.state == "stopped" and "sales_order_no_c" in run.message


def test_the_archive_holds_every_exchange_and_no_secret(here: World) -> None:
    here.opportunity()
    here.tick()
    here.drain()
    archive = here.aws.stores("main").archive
    lines = [line for name in archive.objects() for line in archive.lines(name)]
    text = str(lines)
    assert "salesOrder" in text and "Opportunities" in text
    assert "sync-password" not in text and "demo-token" not in text


def test_a_poison_message_ends_in_the_dead_letters_and_its_replay_doubles_nothing(here: World) -> None:
    here.aws.clients.sqs.send_message(
        QueueUrl=here.aws.env.queue_prefix + "sales_order", MessageBody="not json"
    )
    record = here.opportunity()
    here.tick()
    here.drain()
    assert here.dead == ["not json"] and here.outcome(record).kind == "created"
    here.hook({"data": {"id": record}})
    here.hook({"data": {"id": record}})
    here.drain()
    assert len(here.orders()) == 1
