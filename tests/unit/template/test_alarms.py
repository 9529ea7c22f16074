"""Alarms: each thing that a person must see reaches the topic."""

from typing import Any

import pytest

from local.ci.template_file import Template, resources

from .shape import functions

DEAD = 864_000


def alarms(template: Template, metric: str) -> list[dict[str, Any]]:
    found = [alarm["Properties"] for alarm in resources(template, "AWS::CloudWatch::Alarm").values()]
    return [alarm for alarm in found if alarm["MetricName"] == metric]


def watched(template: Template, metric: str) -> list[str]:
    """Logical names in the alarms' dimensions."""
    values = [alarm["Dimensions"][0]["Value"] for alarm in alarms(template, metric)]
    return sorted(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0] for value in values)


@pytest.mark.parametrize(
    ("metric", "threshold"),
    [("ApproximateNumberOfMessagesVisible", 0), ("ApproximateAgeOfOldestMessage", DEAD)],
)
def test_every_dead_letter_queue_is_watched(template: Template, metric: str, threshold: int) -> None:
    dead = sorted(name for name in resources(template, "AWS::SQS::Queue") if name.endswith("DeadLetters"))
    assert watched(template, metric) == dead
    assert {alarm["Threshold"] for alarm in alarms(template, metric)} == {threshold}
    assert {alarm["ComparisonOperator"] for alarm in alarms(template, metric)} == {"GreaterThanThreshold"}


def test_every_function_is_watched_for_errors(template: Template) -> None:
    assert watched(template, "Errors") == sorted(functions(template))


def test_throttles_are_watched_for_the_account(template: Template) -> None:
    (alarm,) = alarms(template, "Throttles")
    assert "Dimensions" not in alarm


def test_an_hour_without_a_poll_is_an_alarm(template: Template) -> None:
    (heartbeat,) = alarms(template, "Invocations")
    assert watched(template, "Invocations") == ["PollFunction"]
    assert (heartbeat["Period"], heartbeat["Threshold"], heartbeat["ComparisonOperator"]) == (
        3600,
        1,
        "LessThanThreshold",
    )
    assert heartbeat["TreatMissingData"] == "breaching"
    assert template["Parameters"]["PollMinutes"]["MaxValue"] * 60 * 2 <= heartbeat["Period"]


def test_all_alarms_tell_the_topic(template: Template) -> None:
    for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["Properties"]["AlarmDescription"]


def test_the_topic_reaches_a_mailbox_when_one_is_given(template: Template) -> None:
    subscription = template["Resources"]["AlarmSubscription"]
    assert subscription["Condition"] == "HasAlarmEmail"
    assert subscription["Properties"]["TopicArn"] == {"Ref": "AlarmTopic"}
