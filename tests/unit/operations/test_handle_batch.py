"""One bad message never fails another."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from functions.poll_changes import app as poll_app
from functions.sync_entity import app as sync_app
from functions.sync_entity.app import _messages
from shared import bootstrap_deployment
from shared.domain.link import ChangeEvent
from shared.operations import handle_batch
from shared.operations.handle_batch import Handled, Message, handle
from shared.operations.poll import Polled
from shared.operations.poll_tasks import PollTask
from shared.stores._messages import body

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def event(
    record_id: str, system: str = "sugarcrm", entity: str = "sales_order", integration: str = "main"
) -> ChangeEvent:
    return ChangeEvent(integration, system, entity, record_id, "webhook", "20261130T000000Z-hook", NOW)


def services_for(name: str) -> Any:
    if name == "gone":
        raise KeyError(name)
    return SimpleNamespace(systems={"sugarcrm": None, "sage_50": None}, close=lambda: None)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records that were handled; those named "bad" make a whole batch fail, as a fault of ours would."""
    found: list[str] = []

    def group(services: Any, messages: list[Message], handled: Handled) -> None:
        if len({message.event.entity for message in messages}) > 1:
            raise AssertionError("two entities in one batch")
        if any(message.event.record_id.startswith("bad") for message in messages):
            raise RuntimeError("a fault that nobody expected")
        found.extend(message.event.record_id for message in messages)

    monkeypatch.setattr(handle_batch, "_handle_group", group)
    return found


def failed(*events: ChangeEvent) -> list[str]:
    return handle([Message(str(number), one) for number, one in enumerate(events)], services_for).failed


def test_f19_a_message_that_fails_fails_alone(done: list[str]) -> None:
    assert failed(event("1"), event("bad"), event("2"), event("bad too"), event("3")) == ["1", "3"]
    assert done == ["1", "2", "3"]


@pytest.mark.parametrize("odd", [event("1", system="nosystem"), event(""), event("9", integration="gone")])
def test_an_event_that_nobody_made_fails_alone(done: list[str], odd: ChangeEvent) -> None:
    assert failed(event("1"), odd, event("2")) == ["1"]
    assert done == ["1", "2"]


def test_entity_and_integration_are_taken_from_each_message(done: list[str]) -> None:
    assert failed(event("1"), event("2", entity="account"), event("3")) == []
    assert sorted(done) == ["1", "2", "3"]


LIST = {"integration": "main", "entity": "a", "system": "s", "cause": "poll", "run_id": "r"}
POISON = [
    json.dumps(LIST),
    json.dumps({**LIST, "kind": "sweep"}),
    json.dumps({**LIST, "kind": ["list"]}),
    json.dumps({**LIST, "kind": "list", "run_id": 7}),
    json.dumps({**LIST, "kind": "list", "more": "x"}),
    json.dumps({**LIST, "kind": "tick"}),
    "[]",
    "null",
    "7",
    '"text"',
    "{",
    "{}",
    '{"schema": []}',
    '{"integration": "nope"}',
    "\ud800",
    "x" * 200_000,
]


@pytest.mark.parametrize("text", POISON)
def test_f19_poison_on_the_poll_queue_fails_alone(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch may hold several; what is good among them is polled."""
    polled: list[PollTask] = []

    def run(deployment: object, task: PollTask) -> Polled:
        if task.integration != "main":
            raise KeyError(task.integration)
        polled.append(task)
        return Polled()

    monkeypatch.setattr(poll_app, "run_task", run)
    monkeypatch.setattr(poll_app, "read_environment", lambda: None)
    monkeypatch.setattr(bootstrap_deployment.Deployment, "open", lambda *given: None)
    good = {**LIST, "kind": "list"}
    records = [{"messageId": "bad", "body": text}, {"messageId": "good", "body": json.dumps(good)}]
    answer = poll_app.handler({"Records": records}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]} and len(polled) == 1


@pytest.mark.parametrize("text", ["[]", "null", "7", '"text"', "{", "{}", '{"schema": []}', "\ud800"])
def test_a_body_of_any_shape_fails_alone(text: str) -> None:
    records = [
        {"messageId": "bad", "body": text},
        {"messageId": "good", "body": body(event("1"))},
    ]
    messages, unreadable = _messages(records)
    assert [message.message_id for message in messages] == ["good"] and unreadable == ["bad"]


ODD: list[Any] = [None, 7, True, [], {}, 1.5, "", "x" * 5000, "a\0b", "\ud800", "../../x#%", -1, 10**40]
NAMED = (
    "integration",
    "system",
    "entity",
    "record_id",
    "cause",
    "run_id",
    "first_seen_at",
    "attempt",
    "snapshot",
)


@pytest.mark.parametrize("name", NAMED)
def test_f19_whatever_stands_in_one_message_the_others_are_done(
    done: list[str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole function: an id that was a number was handled alone, and then failed the report on it."""
    monkeypatch.setattr(sync_app, "read_environment", lambda: SimpleNamespace(entity="sales_order"))
    monkeypatch.setattr(sync_app, "integration_store", lambda *given: None)
    monkeypatch.setattr(sync_app, "open_stores", lambda *given: None)
    monkeypatch.setattr(sync_app, "open_services", lambda name, **given: services_for(name))
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000, aws_request_id="r")
    plain = json.loads(body(event("odd")))
    for value in ODD:
        done.clear()
        text = json.dumps({**plain, name: value})
        records = [{"messageId": "odd", "body": text}, {"messageId": "good", "body": body(event("1"))}]
        answer = sync_app.handler({"Records": records}, context)
        assert "1" in done and {"itemIdentifier": "good"} not in answer["batchItemFailures"], value
