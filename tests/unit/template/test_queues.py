"""Queues: nothing is lost before a person had time to look, and replay from the AWS console works."""

import re
from pathlib import Path

import pytest

from local.ci.template_file import Template, resources
from shared.settings import ENTITIES

from .shape import block_name, event_sources, functions

DAY = 86_400
SOURCES = (*(f"{block_name(entity)}Queue" for entity in ENTITIES), "PollQueue", "SweepQueue")
HANDLER = Path(__file__).parents[3] / "src" / "functions" / "sync_entity" / "app.py"


def queue(template: Template, name: str) -> Template:
    found: Template = template["Resources"][name]["Properties"]
    return found


def test_every_queue_is_a_source_or_dead_letter_queue(template: Template) -> None:
    dead = {name.removesuffix("Queue") + "DeadLetters" for name in SOURCES}
    assert set(resources(template, "AWS::SQS::Queue")) == {*SOURCES, "ClockDeadLetters"} | dead


@pytest.mark.parametrize("name", SOURCES)
def test_retention_is_four_days_and_fourteen_for_dead_letters(template: Template, name: str) -> None:
    assert queue(template, name)["MessageRetentionPeriod"] == 4 * DAY
    assert queue(template, name.removesuffix("Queue") + "DeadLetters")["MessageRetentionPeriod"] == 14 * DAY


@pytest.mark.parametrize("name", SOURCES)
def test_dead_letters_go_to_the_own_queue_and_only_from_there(template: Template, name: str) -> None:
    dead = name.removesuffix("Queue") + "DeadLetters"
    redrive = queue(template, name)["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead, "Arn"]}
    assert redrive["maxReceiveCount"] in (4, 5)
    allowed = queue(template, dead)["RedriveAllowPolicy"]
    assert allowed["redrivePermission"] == "byQueue"
    (source,) = allowed["sourceQueueArns"]
    assert source["Fn::Sub"].endswith(":" + queue(template, name)["QueueName"]["Fn::Sub"])


def test_standard_queues_encrypted_by_sqs(template: Template) -> None:
    for found in resources(template, "AWS::SQS::Queue").values():
        assert found["Properties"]["SqsManagedSseEnabled"] is True
        assert "FifoQueue" not in found["Properties"]


def test_visibility_outlasts_six_invocations(template: Template) -> None:
    for properties in functions(template).values():
        for source in event_sources(properties, "SQS"):
            name = source["Queue"]["Fn::GetAtt"][0]
            assert queue(template, name)["VisibilityTimeout"] >= 6 * properties["Timeout"]


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_prefix_and_the_entity_make_the_address(template: Template, entity: str) -> None:
    prefix = template["Globals"]["Function"]["Environment"]["Variables"]["QUEUE_PREFIX"]["Fn::Sub"]
    dead = template["Outputs"]["DeadLetterPrefix"]["Value"]["Fn::Sub"]
    name = block_name(entity)
    assert (prefix + entity).endswith("/" + queue(template, f"{name}Queue")["QueueName"]["Fn::Sub"])
    assert (dead + entity).endswith("/" + queue(template, f"{name}DeadLetters")["QueueName"]["Fn::Sub"])


def test_the_handler_knows_the_last_try(template: Template) -> None:
    """It writes `failed` into the log on the try after which SQS moves the message."""
    found = re.search(r"^MAX_RECEIVES = (\d+)$", HANDLER.read_text(), re.M)
    assert found
    tries = {
        queue(template, f"{block_name(entity)}Queue")["RedrivePolicy"]["maxReceiveCount"]
        for entity in ENTITIES
    }
    assert tries == {int(found[1])}


def test_functions_that_feed_their_own_queue_may_loop(template: Template) -> None:
    """Lambda drops the 17th hop otherwise, and no emulator shows it."""
    loops = {
        name for name, properties in functions(template).items() if properties["RecursiveLoop"] == "Allow"
    }
    assert loops == {
        name for name, properties in functions(template).items() if event_sources(properties, "SQS")
    }
