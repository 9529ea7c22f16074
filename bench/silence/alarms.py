"""The template's own alarms, evaluated as CloudWatch does: over windows that slide, with missing data treated
as each alarm says.

Only what the template uses is known; anything else raises, so that no new kind of alarm passes unmeasured.
"""

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.ci.template_file import read_template, resources

Key = tuple[str, str]
"""Metric and the logical name of what it is about."""
Points = dict[Key, list[tuple[float, float]]]
SHARED = "="
"""Before a name that does not say which stack it is of."""
_IF = re.compile(r"IF\((\w+) > 0, FILL\((\w+), 0\)\)")


class Metrics:
    """(time in seconds, value) by key, of an account, as one of its stacks puts and sees them. What is not
    named for a stack is the same for all."""

    def __init__(self, stack: str = "north", kept: Points | None = None) -> None:
        self._stack = stack
        self._points: Points = defaultdict(list) if kept is None else kept

    def of(self, stack: str) -> "Metrics":
        """The same account, as another stack sees it."""
        return Metrics(stack, self._points)

    def put(self, key: Key, at: float, value: float = 1.0) -> None:
        insort(self._points[self._named(key)], (at, value))

    def window(self, key: Key, start: float, end: float, stat: str) -> float | None:
        points = self._points[self._named(key)]
        found = [value for _, value in points[bisect_left(points, (start,)) : bisect_left(points, (end,))]]
        if not found:
            return None
        return sum(found) if stat == "Sum" else max(found)

    def _named(self, key: Key) -> Key:
        metric, name = key
        return key if name.startswith(SHARED) else (metric, f"{self._stack}.{name}")


def alarms(template: Path) -> dict[str, dict[str, Any]]:
    """Logical name -> properties, of all that the default parameters switch on."""
    found = resources(read_template(template), "AWS::CloudWatch::Alarm")
    on = {"SyncsAccount", "SyncsSalesOrder", None}
    return {name: one["Properties"] for name, one in found.items() if one.get("Condition") in on}


def rings(alarm: dict[str, Any], metrics: Metrics, now: float) -> bool:
    """Whether it is in alarm at this moment."""
    count = alarm["EvaluationPeriods"]
    breaching = [_breaches(alarm, point) for point in _points(alarm, metrics, now, count)]
    return sum(breaching) >= alarm.get("DatapointsToAlarm", count)


def _points(alarm: dict[str, Any], metrics: Metrics, now: float, count: int) -> Iterator[float | None]:
    period = alarm.get("Period") or alarm["Metrics"][1]["MetricStat"]["Period"]
    for back in range(count):
        yield _point(alarm, metrics, now - (back + 1) * period, now - back * period)


def _point(alarm: dict[str, Any], metrics: Metrics, start: float, end: float) -> float | None:
    if "Metrics" not in alarm:
        return metrics.window(_key(alarm), start, end, alarm["Statistic"])
    expression, *parts = alarm["Metrics"]
    values = {
        one["Id"]: metrics.window(_key(one["MetricStat"]["Metric"]), start, end, one["MetricStat"]["Stat"])
        for one in parts
    }
    if expression["Expression"] == "SUM(METRICS())":
        known = [value for value in values.values() if value is not None]
        return sum(known) if known else None
    found = _IF.fullmatch(expression["Expression"])
    if found is None:
        raise ValueError(f"unknown expression {expression['Expression']}")
    return (values[found[2]] or 0.0) if (values[found[1]] or 0) > 0 else None


def _key(metric: dict[str, Any]) -> Key:
    """Of metrics without a resource of the stack: those of nobody, which no fault of ours moves."""
    value = metric.get("Dimensions", [{"Value": "account"}])[0]["Value"]
    if isinstance(value, str):
        return metric["MetricName"], SHARED + value
    return metric["MetricName"], value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]


def _breaches(alarm: dict[str, Any], point: float | None) -> bool:
    if point is None:
        return {"breaching": True, "notBreaching": False}[alarm["TreatMissingData"]]
    if alarm["ComparisonOperator"] == "GreaterThanThreshold":
        return bool(point > alarm["Threshold"])
    if alarm["ComparisonOperator"] == "LessThanThreshold":
        return bool(point < alarm["Threshold"])
    raise ValueError(f"unknown comparison {alarm['ComparisonOperator']}")
