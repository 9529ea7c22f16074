"""What is polled and never taken up is told before anybody waits for it."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cli._unread import unread
from shared.settings import Integration

INTEGRATION = Integration("main", "vtiger--sage_accounting", {})


def target(states: dict[str, str], fault: str = "") -> Any:
    """A stack whose queues have triggers in these states."""

    def listed(Marker: str = "") -> dict[str, Any]:
        if fault:
            raise ClientError({"Error": {"Code": fault, "Message": "no"}}, "ListEventSourceMappings")
        arn = "arn:aws:sqs:eu-west-2:123456789012:tieout-"
        made = [{"EventSourceArn": f"{arn}{one}", "State": state} for one, state in states.items()]
        first, rest = {"EventSourceMappings": made[:2], "NextMarker": "2"}, {"EventSourceMappings": made[2:]}
        return rest if Marker == "2" else first

    client = SimpleNamespace(list_event_source_mappings=listed)
    return SimpleNamespace(
        client=lambda service: client,
        queue=lambda entity: f"https://sqs.eu-west-2.amazonaws.com/123456789012/tieout-{entity}",
    )


ALL = dict.fromkeys(("account", "contact", "product", "service", "invoice"), "Enabled")


def test_nothing_is_said_where_all_are_read() -> None:
    assert unread(target(ALL), INTEGRATION) == []
    assert unread(target({**ALL, "contact": "Updating"}), INTEGRATION) == []


@pytest.mark.parametrize("state", ["Disabled", "Disabling", ""])
def test_a_trigger_that_is_off_or_missing_is_named_with_its_switch(state: str) -> None:
    states = {one: state if one == "invoice" else on for one, on in ALL.items() if state or one != "invoice"}
    (sentence,) = unread(target(states), INTEGRATION)
    assert "invoice records" in sentence and "SyncInvoice=yes" in sentence


def test_what_the_integration_switches_off_is_not_missed() -> None:
    off = Integration("main", "sugarcrm--sage_50", {})
    assert unread(target({"sales_order": "Enabled", "account": "Enabled"}), off) == []
    (sentence,) = unread(target({"account": "Enabled"}), off)
    assert "SyncSalesOrder=yes" in sentence


def test_who_may_not_look_is_told_nothing() -> None:
    assert unread(target({}, fault="AccessDeniedException"), INTEGRATION) == []
