"""What the emulator lacks and the real template needs. Imported by `server.py` only; nothing in `src/` knows
of it."""

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


def _rights_of_sqs_batches() -> None:
    """On AWS the right to send one message is the right to send ten; there is no action of the batch's
    name."""
    original = iam_actions.extract_iam_action

    def action(*args: Any, **kwargs: Any) -> Any:
        found = original(*args, **kwargs)
        return _SQS_BATCH.get(found, found) if isinstance(found, str) else found

    iam_actions.extract_iam_action = action


def _alarms_on_several_metrics() -> None:
    """Alarms never fire in the emulator, so one on an expression may stand as an alarm on a metric nobody
    writes."""
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
