"""The sample events are of the shapes that the code reads."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.ci.check_artifact import SAMPLES
from shared.domain import codec
from shared.operations.poll_messages import PreviewTask, Tick, message_of
from shared.operations.poll_tasks import PollTask
from shared.settings import ENTITIES

EVENTS = Path(__file__).parents[3] / "events"


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text())


def test_every_sample_is_listed_in_the_page_beside_it() -> None:
    page = (EVENTS / "README.md").read_text()
    assert [path.name for path in EVENTS.glob("*.json") if f"`{path.name}`" not in page] == []
    assert {path.name for path in EVENTS.glob("*.json")} >= set(SAMPLES.values())


@pytest.mark.parametrize("name", ["sync_entity.sales_order_batch.json", "sync_entity.redriven_message.json"])
def test_queue_messages_hold_change_events(name: str) -> None:
    for record in sample(name)["Records"]:
        event = codec.event(codec.loads(record["body"]))
        assert codec.dumps(event) == record["body"]
        assert event.entity in ENTITIES
        assert record["eventSourceARN"].endswith(f"-sync-{event.entity}")


def test_a_poll_message_holds_a_poll_task() -> None:
    (record,) = sample("poll_changes.poll_message.json")["Records"]
    task = message_of(json.loads(record["body"]))
    assert isinstance(task, PollTask) and task.entity in ENTITIES


def test_a_message_of_the_console_holds_a_preview_task() -> None:
    (record,) = sample("poll_changes.preview_message.json")["Records"]
    task = message_of(json.loads(record["body"]))
    assert isinstance(task, PreviewTask) and task.entity in ENTITIES


def test_a_message_of_the_clock_names_its_integration() -> None:
    (record,) = sample("poll_changes.tick_message.json")["Records"]
    tick = message_of(json.loads(record["body"]))
    assert isinstance(tick, Tick) and tick.sent.tzinfo is not None
    assert record["attributes"]["MessageGroupId"] == tick.integration


@pytest.mark.parametrize("path", sorted(EVENTS.glob("receive_webhook.*_*d.json")), ids=lambda path: path.stem)
def test_a_hook_names_its_object_and_record(path: Path) -> None:
    event = sample(path.name)
    assert event["version"] == "2.0"
    assert event["queryStringParameters"]["object"] in ("Opportunities", "Accounts")
    assert json.loads(event["body"])["data"]["id"]
