"""Two stacks in one account: no name, metric or alarm is shared.

Read from the *transformed* template, because SAM gives names of its own.
"""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local.ci.template_file import Template
from local.ci.transformed import PYTHON, resolved, transformed

from .shape import event_sources, functions

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="SAM's transform is in the local stack's environment"
)
NOT_NAMES = {"MetricName", "PolicyName", "AttributeName", "IndexName"}
IN_ANOTHER = (
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Url",
    "AWS::Cognito::UserPoolGroup",
    "AWS::Cognito::UserPoolUserToGroupAttachment",
)
"""They name their function or their pool's group, and have no name of their own in the account."""
SCHEDULE = "AWS::Scheduler::Schedule"


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return transformed()


def of_kind(whole: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one["Properties"] for name, one in whole["Resources"].items() if one["Type"] == kind}


def physical_names(whole: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every property of a resource that names the resource itself."""
    for name, one in whole["Resources"].items():
        if one["Type"] in IN_ANOTHER:
            continue
        for key, value in one.get("Properties", {}).items():
            if key == "Name" or (key.endswith("Name") and key not in NOT_NAMES):
                yield f"{name}.{key}", value


def test_every_physical_name_contains_the_stacks_name(whole: dict[str, Any]) -> None:
    named = dict(physical_names(whole))
    assert {"PollFunctionClock.Name", "ReconcileFunctionClock.Name", "AlarmTopic.TopicName"} <= set(named)
    for where, value in named.items():
        assert "north" in str(resolved(value, "north", whole)), where


def test_two_stacks_share_no_physical_name(whole: dict[str, Any]) -> None:
    north, south = (
        {(where, resolved(value, stack, whole)) for where, value in physical_names(whole)}
        for stack in ("north", "south")
    )
    assert north and not north & south


@mock_aws
def test_m2_the_schedules_of_a_second_stack_can_be_made(whole: dict[str, Any]) -> None:
    """moto, like AWS, refuses a schedule whose name is taken; the local emulator replaces it."""
    client = boto3.client("scheduler", region_name="eu-west-2")

    def make(stack: str) -> None:
        for one in of_kind(whole, SCHEDULE).values():
            made = resolved(one, stack, whole)
            wanted = {
                key: made[key]
                for key in ("Name", "ScheduleExpression", "FlexibleTimeWindow", "State")
                if key in made
            }
            client.create_schedule(
                **wanted, Target={"Arn": made["Target"]["Arn"], "RoleArn": "arn:aws:iam::1:role/r"}
            )

    make("north")
    make("south")
    listed = {one["Name"]: one["Target"]["Arn"] for one in client.list_schedules()["Schedules"]}
    assert listed == {
        f"{stack}-{name}": f"{stack}-{function}.Arn"
        for stack in ("north", "south")
        for name, function in (
            ("poll-changes", "PollFunction"),
            ("reconcile", "ReconcileFunction"),
            ("notify", "NotifyFunction"),
        )
    }
    with pytest.raises(ClientError, match="ConflictException"):
        make("north")


def test_m6_metrics_and_alarms_are_of_one_stack(whole: dict[str, Any]) -> None:
    """Each alarm watches something of the stack: a function, a queue, or the stack's own metrics."""
    for name, alarm in of_kind(whole, "AWS::CloudWatch::Alarm").items():
        watched = (
            [alarm]
            if "MetricName" in alarm
            else [one["MetricStat"]["Metric"] for one in alarm["Metrics"] if "MetricStat" in one]
        )
        assert watched, name
        for metric in watched:
            values = [str(resolved(one["Value"], "north", whole)) for one in metric.get("Dimensions", ())]
            assert values and all("north" in value for value in values), name
    for function in of_kind(whole, "AWS::Lambda::Function").values():
        variables = resolved(function["Environment"]["Variables"], "north", whole)
        assert variables["POWERTOOLS_SERVICE_NAME"] == "north"


def test_every_schedule_has_an_alarm_for_its_silence(whole: dict[str, Any]) -> None:
    silent = {
        one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"]
        for alarm in of_kind(whole, "AWS::CloudWatch::Alarm").values()
        for one in alarm.get("Metrics", ())
        if alarm["ComparisonOperator"] == "LessThanThreshold" and "MetricStat" in one
    }
    heartbeat = whole["Resources"]["PollHeartbeatAlarm"]["Properties"]
    assert heartbeat["Dimensions"][0]["Value"] == {"Ref": "PollFunction"}, "which the others lean on"
    assert heartbeat["TreatMissingData"] == "breaching"
    called = {one["Target"]["Arn"]["Fn::GetAtt"][0] for one in of_kind(whole, SCHEDULE).values()}
    assert silent == called
    for alarm in of_kind(whole, "AWS::CloudWatch::Alarm").values():
        stats = [one["MetricStat"]["Period"] for one in alarm.get("Metrics", ()) if "MetricStat" in one]
        period = alarm.get("Period") or min(stats)
        spread = period * alarm["EvaluationPeriods"]
        assert spread <= (604_800 if period >= 3600 else 86_400), "CloudWatch refuses more"


def test_every_schedule_keeps_what_it_could_not_deliver(whole: dict[str, Any]) -> None:
    for name, one in of_kind(whole, SCHEDULE).items():
        assert one["Target"]["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["ClockDeadLetters", "Arn"]}}
        role = whole["Resources"][one["Target"]["RoleArn"]["Fn::GetAtt"][0]]["Properties"]
        assert "sqs:SendMessage" in json.dumps(role), f"{name} has no right to the queue"


def test_all_queues_together_keep_to_the_declared_concurrency(template: Template) -> None:
    budget = template["Metadata"]["Tieout"]["ConcurrencyBudget"]
    sources = [one for found in functions(template).values() for one in event_sources(found, "SQS")]
    assert len(sources) == 10
    assert sum(one["ScalingConfig"]["MaximumConcurrency"] for one in sources) <= budget


def test_the_dashboard_shows_the_stacks_own_metrics(whole: dict[str, Any]) -> None:
    """Metrics are named one by one, or searched for with the stack's name in quotes: a search by a part of a
    name would find the neighbour's too."""
    (board,) = of_kind(whole, "AWS::CloudWatch::Dashboard").values()
    shown = json.loads(resolved(board["DashboardBody"], "north", whole).replace("north-StateTable", "north"))
    assert [one["properties"]["title"].split(" ")[0] for one in shown["widgets"]] == [
        "Lists", "What", "Oldest", "Dead", "Cost",
    ]  # fmt: skip
    names = set[str]()
    for widget in shown["widgets"]:
        for metric in widget["properties"]["metrics"]:
            if isinstance(metric[0], dict):
                search = metric[0]["expression"]
                assert "SEARCH" not in search or 'service="north"' in search, search
            elif metric[0] != ".":
                assert "north" in metric[3], metric
                names.add(metric[3].removeprefix("north-").removesuffix(".QueueName"))
    queues = set(of_kind(whole, "AWS::SQS::Queue"))
    assert queues <= names and set(of_kind(whole, "AWS::Lambda::Function")) <= names
