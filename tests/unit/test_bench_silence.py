"""The measurement of silence can fail: a way to stop is not told where its alarm is taken out."""

from random import Random
from types import ModuleType
from typing import Any

import pytest

from bench.silence import told
from bench.silence.alarms import Metrics, alarms, rings
from bench.silence.run import HOUR, KNOWN_INTERVAL, TEMPLATE, until_told
from shared.operations import poll, silence, warnings

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
    assert until_told(found, kind, HOUR, Random(1)) <= HOUR
    without = {name: one for name, one in found.items() if name != alarm}
    assert until_told(without, kind, HOUR, Random(1)) == NEVER


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


def test_one_metric_for_two_stacks_rings_the_wrong_ones_alarm(found: dict[str, dict[str, Any]]) -> None:
    """So it was before metrics carried the stack's name."""
    assert until_told(found, "neighbour", HOUR, Random(1)) <= HOUR
    shared = {"Dimensions": [{"Name": "service", "Value": "tieout"}]}
    before = {**found, "PollStoppedAlarm": {**found["PollStoppedAlarm"], **shared}}
    assert until_told(before, "neighbour", HOUR, Random(1)) == NEVER


@pytest.mark.parametrize(
    ("kind", "module", "step"),
    [
        ("hook dead", silence, "_unheard"),
        ("filter dropped", poll, "outside"),
        ("clock wrong", warnings, "clocks_that_differ"),
    ],
)
def test_what_tieout_does_not_look_for_is_silent(
    kind: str, module: ModuleType, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told.after(kind) <= KNOWN_INTERVAL[kind]
    monkeypatch.setattr(module, step, lambda *given: {})
    assert told.after(kind) == NEVER
