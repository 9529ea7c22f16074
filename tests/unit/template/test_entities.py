"""The eight entity blocks are written out, so a test keeps them alike and complete."""

import json

import pytest

from local.ci.template_file import Template, resources
from local.stack.integrations import switches
from shared.settings import ENTITIES

from .shape import SYNC_FUNCTIONS, block, block_name, event_sources, functions, sync_function

PARTS = {
    "Function",
    "Queue",
    "DeadLetters",
    "Role",
    "Logs",
    "ErrorAlarm",
    "WaitingAlarm",
    "DeadLetterAlarm",
    "DeadLetterAgeAlarm",
}
AWS_WORDS = ("${AWS::AccountId}", '"Service": "lambda.amazonaws.com"')
"""Say `Account` and `Service` and mean neither entity."""
BATCHES = {"account": 100, "contact": 100, "product": 100}
"""Master data is made in bulk calls; a document takes several calls of its own, and 50 of them fit a run."""


def neutral(template: Template, entity: str) -> str:
    """A block as text in which nothing but `@` names the entity."""
    text = json.dumps(block(template, entity), sort_keys=True)
    for aws in AWS_WORDS:
        text = text.replace(aws, "")
    for name in (block_name(entity), entity, entity.replace("_", " ")):
        text = text.replace(name, "@")
    size = BATCHES.get(entity, 50)
    return text.replace('"An @', '"A @').replace(f'"BatchSize": {size},', '"BatchSize": 0,')


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_entity_has_a_whole_block(template: Template, entity: str) -> None:
    assert set(block(template, entity)) == PARTS


@pytest.mark.parametrize("entity", ENTITIES)
def test_blocks_are_equal_but_for_names(template: Template, entity: str) -> None:
    assert neutral(template, entity) == neutral(template, ENTITIES[0])


def test_no_function_is_outside_the_known_thirteen(template: Template) -> None:
    others = {"WebhookFunction", "PollFunction", "ReconcileFunction", "ConsoleFunction", "NotifyFunction"}
    assert set(functions(template)) == others | set(SYNC_FUNCTIONS)


def test_each_sync_function_handles_its_own_entity(template: Template) -> None:
    found = {
        name: properties["Environment"]["Variables"].get("ENTITY")
        for name, properties in functions(template).items()
        if "ENTITY" in properties["Environment"]["Variables"]
    }
    assert found == {sync_function(entity): entity for entity in ENTITIES}


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_entity_can_be_switched_off(template: Template, entity: str) -> None:
    name = block_name(entity)
    (source,) = event_sources(functions(template)[sync_function(entity)], "SQS")
    assert source["Enabled"] == {"Fn::If": [f"Syncs{name}", True, False]}
    assert template["Conditions"][f"Syncs{name}"] == {"Fn::Equals": [{"Ref": f"Sync{name}"}, "yes"]}
    assert template["Parameters"][f"Sync{name}"]["AllowedValues"] == ["yes", "no"]


def test_the_local_stack_switches_entities_by_the_templates_own_parameters(template: Template) -> None:
    assert switches([]).keys() == {
        name for name in template["Parameters"] if name.startswith("Sync") and name != "SyncLogDays"
    }


def test_an_entity_that_is_off_has_no_alarm_to_pay_for(template: Template) -> None:
    for entity in ENTITIES:
        alarms = [part for name, part in block(template, entity).items() if name.endswith("Alarm")]
        assert {alarm["Condition"] for alarm in alarms} == {f"Syncs{block_name(entity)}"}


def test_only_what_the_first_flow_uses_is_on_by_default(template: Template) -> None:
    on = {
        entity
        for entity in ENTITIES
        if template["Parameters"][f"Sync{block_name(entity)}"]["Default"] == "yes"
    }
    assert on == {"account", "sales_order"}


@pytest.mark.parametrize("entity", ENTITIES)
def test_batches_report_single_failures_and_leave_room_for_others(template: Template, entity: str) -> None:
    (source,) = event_sources(functions(template)[sync_function(entity)], "SQS")
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BatchSize"] == BATCHES.get(entity, 50)
    assert 1 <= source["MaximumBatchingWindowInSeconds"] <= 5
    assert source["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert source["Queue"] == {"Fn::GetAtt": [f"{block_name(entity)}Queue", "Arn"]}


def test_no_function_takes_reserved_concurrency_but_the_open_webhook_by_a_parameter(
    template: Template,
) -> None:
    """An account that has few must be able to deploy the stack as it comes."""
    found = {
        name: one["ReservedConcurrentExecutions"]
        for name, one in functions(template).items()
        if "ReservedConcurrentExecutions" in one
    }
    limit = {"Fn::If": ["LimitsWebhooks", {"Ref": "WebhookConcurrency"}, {"Ref": "AWS::NoValue"}]}
    assert found == {"WebhookFunction": limit}
    assert template["Parameters"]["WebhookConcurrency"]["Default"] == 0
    assert template["Conditions"]["LimitsWebhooks"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "WebhookConcurrency"}, 0]}]
    }
    assert len(resources(template, "AWS::Serverless::Function")) == 13
