"""Adds what the real template needs and the emulator lacks. Imported only by `server.py`; nothing in `src/`
depends on it."""

from typing import Any

from ministack.core import iam_actions
from ministack.services.cloudformation import provisioners

_SQS_BATCH = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def fill() -> None:
    _alarms_on_several_metrics()
    _rights_of_sqs_batches()
    _saved_queries()


def _saved_queries() -> None:
    """Queries that are kept for people in CloudWatch: nothing here can run them, so a name is enough."""
    handlers = provisioners._RESOURCE_HANDLERS
    handlers.setdefault("AWS::Logs::QueryDefinition", {"create": _named, "delete": lambda *_: None})


def _named(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return str(props["Name"]), {"QueryDefinitionId": str(props["Name"])}


def _rights_of_sqs_batches() -> None:
    """On AWS the right to send one message includes sending batches; there is no separate action for a
    batch."""
    original = iam_actions.extract_iam_action

    def action(*args: Any, **kwargs: Any) -> Any:
        found = original(*args, **kwargs)
        return _SQS_BATCH.get(found, found) if isinstance(found, str) else found

    iam_actions.extract_iam_action = action


def _alarms_on_several_metrics() -> None:
    """Alarms never fire in the emulator, so an alarm on an expression can be replaced by one on a metric that
    nothing writes."""
    original = provisioners._cw_metric_alarm_record

    def record(name: str, props: dict[str, Any]) -> Any:
        if props.get("Metrics"):
            kept = {key: value for key, value in props.items() if key != "Metrics"}
            props = {
                **kept,
                "Namespace": "Tieout",
                "MetricName": "expression",
                "Period": 60,
                "Statistic": "Sum",
            }
        return original(name, props)

    provisioners._cw_metric_alarm_record = record
