"""`sync --wait` says what it waits for, and an address that is shown once can be copied."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from local.cli import _findings
from local.cli._app import Usage, out
from local.cli._waiting import wait_for, waits_for
from shared.ports import Finding, Parked, Run
from shared.settings import ENTITIES, Connection, Integration
from shared.stores.memory import MemoryWorld
from tests.contract.stored import event

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


class Poison(Queues):
    """A message that nobody can handle, in the queue of invoices."""

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> Any:
        left = "2" if QueueUrl == "invoice" else "0"
        return {"Attributes": dict(zip(AttributeNames, ("0", "0", left), strict=True))}


def target(left: int, queues: Any = None, here: MemoryWorld | None = None, state: str = "done") -> Any:
    world = here or MemoryWorld(lambda: NOW)
    stores, clients = world.stores("main"), queues or Queues(left)
    world.integrations.save(Integration("main", "sugarcrm--sage_50", {"sugarcrm": Connection("sugarcrm")}))
    ended = NOW if state == "done" else None
    stores.log.put_run(Run("r1", "manual", "sales_order", "sugarcrm", NOW, ended, state))
    return SimpleNamespace(
        stores=lambda name: stores,
        integrations=lambda: world.integrations,
        client=lambda name: clients,
        queue=lambda entity: entity,
        outputs={"PollQueue": "poll"},
    )


def test_d3_a_poison_message_of_another_entity_is_not_waited_for() -> None:
    said: list[str] = []
    assert wait_for(target(0, Poison(0)), "main", ["r1"], said.append, "account", pause=lambda _: None)
    assert len(said) == 3 and "invoice" not in "".join(said)


def test_d3_what_does_not_move_any_more_is_given_up_and_named() -> None:
    with pytest.raises(Usage, match=r"Nothing has moved for 0 seconds, waiting for 2 invoice events") as told:
        wait_for(
            target(0, Poison(0)), "main", ["r1"], lambda _: None, "invoice", still=0, pause=lambda _: None
        )
    assert "`tieout dead`" in str(told.value)


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (
            lambda stores: stores.gate.pause("sugarcrm", "wrong password"),
            "SugarCRM is paused: wrong password",
        ),
        (
            lambda stores: stores.gate.cool("sugarcrm", datetime.now(UTC) + timedelta(hours=1), "no answer"),
            "SugarCRM is not called until",
        ),
        (lambda stores: stores.parks.park([Parked(event(), NOW, "busy")]), "1 record parked until later"),
    ],
)
def test_it_says_what_holds_it_up(happens: Any, told: str) -> None:
    """During an outage nothing was printed, and only `status` gave the reason."""
    world, said = MemoryWorld(lambda: datetime.now(UTC)), list[str]()
    happens(world.stores("main"))
    queues = Queues(10**6)
    with pytest.raises(Usage):
        wait_for(
            target(0, queues, world),
            "main",
            ["r1"],
            said.append,
            patience=0.05,
            pause=lambda _: None,
        )
    assert told in said[0]


def test_a_connection_that_cools_is_waited_for_even_if_nothing_moves() -> None:
    world = MemoryWorld(lambda: datetime.now(UTC))
    world.stores("main").gate.cool("sugarcrm", datetime.now(UTC) + timedelta(hours=1), "no answer")
    with pytest.raises(Usage, match=r"Still not finished after 0 seconds"):
        wait_for(
            target(0, Poison(0), world), "main", ["r1"], lambda _: None, "invoice",
            patience=0.03, still=0.0, pause=lambda _: None,
        )  # fmt: skip


def test_a_poll_that_has_only_counted_is_not_over() -> None:
    with pytest.raises(Usage, match="1 poll to end"):
        wait_for(
            target(0, state="running"), "main", ["r1"], lambda _: None, patience=0.02, pause=lambda _: None
        )


def test_a_full_queue_is_said_to_be_full() -> None:
    told = waits_for(0, {"account": (2_000, 0, 1)})
    assert told.endswith("(2000 not begun, 1 being worked on, a full queue: the next poll goes on)")


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
