"""`sync --wait` says what it waits for, and an address that is shown once can be copied."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from local.cli import _findings
from local.cli._app import Usage, out
from local.cli._poll import wait_for, waits_for
from shared.ports import Finding, Run
from shared.settings import ENTITIES

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ADDRESS = f"https://abc123def456.lambda-url.eu-west-2.on.aws/main/vtiger/{'t' * 43}?object=Accounts"


def test_it_is_said_in_words() -> None:
    assert waits_for(0, {"poll": (0, 0, 0), "account": (0, 0, 0)}) == ""
    assert waits_for(1, {"poll": (1, 0, 0)}) == "waiting for 1 poll to end; 1 message to poll (1 not begun)"
    told = waits_for(0, {"sales_order": (2, 3, 1), "account": (0, 1, 0)})
    assert told == (
        "waiting for 6 sales order events (2 not begun, 1 being worked on, 3 put off for a moment); "
        "1 account event (1 put off for a moment)"
    )


class Queues:
    """Each look finds one message less."""

    def __init__(self, left: int) -> None:
        self.left = left

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> Any:
        if QueueUrl != "sales_order":
            return {"Attributes": dict.fromkeys(AttributeNames, "0")}
        self.left = max(0, self.left - 1)
        return {"Attributes": dict(zip(AttributeNames, ("0", "0", str(self.left)), strict=True))}


def target(left: int) -> Any:
    run = Run("r1", "manual", "sales_order", "sugarcrm", NOW, NOW, "done")
    queues = Queues(left)
    return SimpleNamespace(
        stores=lambda name: SimpleNamespace(log=SimpleNamespace(runs=lambda limit: [run])),
        client=lambda name: queues,
        queue=lambda entity: entity,
        outputs={"PollQueue": "poll"},
    )


def test_f18_while_it_waits_and_when_it_gives_up() -> None:
    said: list[str] = []
    assert [run.run_id for run in wait_for(target(3), "main", ["r1"], said.append, pause=lambda _: None)]
    assert said[0] == "1 of 1 poll finished, waiting for 2 sales order events (2 being worked on)"
    assert said[-1] == "1 of 1 poll finished" and len(said) == 5
    with pytest.raises(Usage, match=r"waiting for \d+ sales order events"):
        wait_for(target(10**6), "main", ["r1"], said.append, patience=0.05, pause=lambda _: None)
    assert set(ENTITIES) >= {"sales_order"}


def test_f7_an_address_that_is_shown_once_is_in_one_piece(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "width", 80)
    _findings.report([Finding("ok", "webhook for Accounts", f"Enter {ADDRESS} there.")], as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert f"webhook for Accounts: {ADDRESS}" in lines
    assert any("Enter (below) there." in line for line in lines)
