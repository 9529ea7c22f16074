"""Alarms: each thing that a person must see reaches the topic."""

from typing import Any

import pytest

from local.ci.template_file import Template, resources

from .shape import event_sources, functions

DEAD = 864_000
WAITING = 3_600
DAILY = 86_400
"""A list may wait for others of the day's sweep, but not until the next one."""


def alarms(template: Template, metric: str) -> list[dict[str, Any]]:
    found = [alarm["Properties"] for alarm in resources(template, "AWS::CloudWatch::Alarm").values()]
    return [alarm for alarm in found if alarm.get("MetricName") == metric]


def watched(template: Template, metric: str) -> list[str]:
    """Logical names in the alarms' dimensions."""
    values = [alarm["Dimensions"][0]["Value"] for alarm in alarms(template, metric)]
    return sorted(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0] for value in values)


def dead_letter_queues(template: Template) -> list[str]:
    return sorted(name for name in resources(template, "AWS::SQS::Queue") if name.endswith("DeadLetters"))


def test_every_dead_letter_queue_is_watched(template: Template) -> None:
    assert watched(template, "ApproximateNumberOfMessagesVisible") == dead_letter_queues(template)
    found = alarms(template, "ApproximateNumberOfMessagesVisible")
    assert {(alarm["Threshold"], alarm["ComparisonOperator"]) for alarm in found} == {
        (0, "GreaterThanThreshold")
    }


@pytest.mark.parametrize(("kind", "threshold"), [("DeadLetters", DEAD), ("Queue", WAITING)])
def test_what_grows_old_in_a_queue_is_told(template: Template, kind: str, threshold: int) -> None:
    """A dead letter before it vanishes, and work that nothing takes up: a mapping disabled, concurrency 0.
    A tick that could not be delivered may vanish: the next one asks the same."""
    old = alarms(template, "ApproximateAgeOfOldestMessage")
    found = [one for one in old if one["Dimensions"][0]["Value"]["Fn::GetAtt"][0].endswith(kind)]
    named = {one["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for one in found}
    every = {name for name in resources(template, "AWS::SQS::Queue") if name.endswith(kind)}
    assert named == every - {"ClockDeadLetters"}
    of_sweeps = DAILY if kind == "Queue" else threshold
    assert {
        (
            one["Dimensions"][0]["Value"]["Fn::GetAtt"][0] == f"Sweep{kind}",
            one["Threshold"],
            one["ComparisonOperator"],
        )
        for one in found
    } == {(False, threshold, "GreaterThanThreshold"), (True, of_sweeps, "GreaterThanThreshold")}


def test_every_function_is_watched_for_errors(template: Template) -> None:
    assert watched(template, "Errors") == sorted(functions(template))


def test_calls_turned_away_are_watched_where_no_queue_keeps_them(template: Template) -> None:
    """Of this stack alone: the account's other functions may be turned away without a word from us."""
    alarm = template["Resources"]["ThrottleAlarm"]["Properties"]
    metrics = [one["MetricStat"]["Metric"] for one in alarm["Metrics"] if "MetricStat" in one]
    assert {one["MetricName"] for one in metrics} == {"Throttles"}
    called = {one["Dimensions"][0]["Value"]["Ref"] for one in metrics}
    assert called == {
        name for name in functions(template) if not event_sources(functions(template)[name], "SQS")
    } | {"PollFunction", "ReconcileFunction"}


def test_an_hour_without_a_poll_is_an_alarm(template: Template) -> None:
    heartbeat = template["Resources"]["PollHeartbeatAlarm"]["Properties"]
    assert watched(template, "Invocations") == ["PollFunction"]
    assert (heartbeat["Period"], heartbeat["Threshold"], heartbeat["ComparisonOperator"]) == (
        3600,
        1,
        "LessThanThreshold",
    )
    assert heartbeat["TreatMissingData"] == "breaching"
    assert template["Parameters"]["PollMinutes"]["MaxValue"] * 60 * 2 <= heartbeat["Period"]


@pytest.mark.parametrize("name", ["Reconcile", "Notify"])
def test_a_day_without_a_sweep_or_a_digest_is_an_alarm(template: Template, name: str) -> None:
    """A little more than a day, so that one that begins late is no false alarm."""
    heartbeat = template["Resources"][f"{name}HeartbeatAlarm"]["Properties"]
    own, polls = (one["MetricStat"] for one in heartbeat["Metrics"][1:])
    assert {own["Period"], polls["Period"]} == {3600} and 24 < heartbeat["EvaluationPeriods"] <= 30
    assert own["Metric"]["Dimensions"][0]["Value"] == {"Ref": f"{name}Function"}
    assert polls["Metric"]["Dimensions"][0]["Value"] == {"Ref": "PollFunction"}
    assert (heartbeat["Threshold"], heartbeat["ComparisonOperator"]) == (1, "LessThanThreshold")
    assert heartbeat["TreatMissingData"] == "notBreaching", "nothing rings on the day of the first deployment"


def test_all_alarms_tell_the_topic(template: Template) -> None:
    for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["Properties"]["AlarmDescription"]


def test_alarms_and_digests_reach_the_chat_whose_address_nobody_else_reads(template: Template) -> None:
    notify = functions(template)["NotifyFunction"]
    assert notify["Events"]["Alarms"] == {"Type": "SNS", "Properties": {"Topic": {"Ref": "AlarmTopic"}}}
    assert template["Parameters"]["ChatWebhook"]["NoEcho"] is True
    secret = template["Resources"]["ChatSecret"]
    assert secret["Condition"] == "HasChat"
    assert secret["Properties"]["Name"] == {"Fn::Sub": "${AWS::StackName}-chat"}, "not under SECRET_PREFIX"
    shown = [found["Environment"]["Variables"] for found in functions(template).values()]
    assert not [one for one in shown if "ChatWebhook" in str(one)]


def test_the_digest_has_a_topic_of_its_own(template: Template) -> None:
    """So that it does not come back to the function that sends it, and a bookkeeper gets no alarms."""
    subscription = template["Resources"]["DigestSubscription"]
    assert subscription["Properties"]["TopicArn"] == {"Ref": "DigestTopic"}
    assert subscription["Condition"] == "HasDigestEmail"


def test_the_topic_reaches_a_mailbox_when_one_is_given(template: Template) -> None:
    subscription = template["Resources"]["AlarmSubscription"]
    assert subscription["Condition"] == "HasAlarmEmail"
    assert subscription["Properties"]["TopicArn"] == {"Ref": "AlarmTopic"}
