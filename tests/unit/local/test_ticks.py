"""An interval that is shorter than the clock's own is told, with what to set."""

from types import SimpleNamespace

import pytest

from local.cli._ticks import tick_findings
from local.stack.target import Target
from shared.settings import Integration


def told(ticks: str, intervals: dict[str, int], endpoint: str | None = None) -> str:
    target = Target("tieout", None, endpoint, {}, {"PollMinutes": ticks} if ticks else {})
    found = tick_findings(target, Integration("main", "sugarcrm--sage_50", {}, intervals=intervals))
    assert all(one.level == "warning" for one in found)
    return " ".join(one.message for one in found)


def test_what_is_shorter_is_named_with_the_parameter() -> None:
    said = told("15", {"product": 5, "sales_order": 10, "account": 60, "default": 30})
    assert "ticks every 15 minutes" in said and ": product, sales order." in said
    assert said.endswith("For 5 minutes, deploy it with PollMinutes=5.")
    assert "all others" in told("30", {"default": 15})


def test_on_this_machine_a_start_sets_it() -> None:
    assert "`tieout down` and `tieout up`" in told("15", {"product": 5}, "http://127.0.0.1:4566")


@pytest.mark.parametrize(
    ("ticks", "intervals"),
    [("15", {}), ("5", {"product": 5}), ("", {"product": 5}), ("x", {"product": 5})],
)
def test_nothing_is_said_where_it_is_right_or_not_known(ticks: str, intervals: dict[str, int]) -> None:
    assert told(ticks, intervals) == ""


def test_a_stack_that_has_no_clock_yet() -> None:
    assert tick_findings(SimpleNamespace(), Integration("main", "x", {}, intervals={"product": 5})) == []
