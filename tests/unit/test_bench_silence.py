"""The measurement of silence can fail: a way to stop is not told where its alarm is taken out."""

from random import Random
from typing import Any

import pytest

from bench.silence.alarms import Metrics, alarms, rings
from bench.silence.run import HOUR, TEMPLATE, _until_told

NEVER = float("inf")


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    return alarms(TEMPLATE)


@pytest.mark.parametrize(
    ("kind", "alarm"),
    [("SalesOrderQueue", "SalesOrderWaitingAlarm"), ("ClockDeadLetters", "ClockDeadLetterAlarm")],
)
def test_without_its_alarm_a_way_to_stop_is_silent(
    found: dict[str, dict[str, Any]], kind: str, alarm: str
) -> None:
    assert _until_told(found, kind, HOUR, Random(1)) <= HOUR
    without = {name: one for name, one in found.items() if name != alarm}
    assert _until_told(without, kind, HOUR, Random(1)) == NEVER


def test_missing_data_means_what_the_alarm_says(found: dict[str, dict[str, Any]]) -> None:
    nothing = Metrics()
    assert {name for name, one in found.items() if rings(one, nothing, 1e6)} == {"PollHeartbeatAlarm"}
    with pytest.raises(ValueError, match="unknown expression"):
        rings(
            {
                **found["ThrottleAlarm"],
                "Metrics": [{"Expression": "SLOPE(a)"}, *found["ThrottleAlarm"]["Metrics"][1:]],
            },
            nothing,
            1e6,
        )
