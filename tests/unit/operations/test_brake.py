"""When a run stops to ask, what it says, and what is remembered of the question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.link import Link, Outcome, Side
from shared.mapping.compile import compile_flow
from shared.operations.brake import RECORDS, Brake, brake_for, note
from shared.operations.poll_diff import is_edit_of_others
from shared.operations.poll_tasks import PollTask
from shared.ports import Commit, LinkStore, Snapshot
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
FLOW = compile_flow("vtiger--sage_accounting")
ASK = ": none of it was carried over. If this is right, continue with `tieout sync --release`"


class Uncounted:
    """Links that must not be counted: on AWS that costs a request for each megabyte of keys."""

    def count(self, entity: str) -> int:
        raise AssertionError("counted for nothing")


def links(known: int, entity: str = "account") -> LinkStore:
    store = MemoryWorld(lambda: NOW).stores("acme").links
    for number in range(known):
        store.commit(Commit(Link(f"L{number:04}", entity, "vtiger", str(number)), 0, "w"), NOW)
    store.commit(Commit(Link("OTHER", "invoice", "vtiger", "i1"), 0, "w"), NOW)
    return store


def brake(changed: int = 0, **limits: int) -> Brake:
    return Brake("account", "vtiger", limits, released=False, changed=changed)


@pytest.mark.parametrize(
    ("made", "known", "why"),
    [
        (brake(50), 60, ""),
        (brake(51), 102, ""),
        (brake(51), 101, "51 of 101 account records in Vtiger changed, more than 50 %"),
        (brake(51), 0, "51 of 0 account records in Vtiger changed, more than 50 %"),
        (brake(11, records=10), 100, "more than 10 account records in Vtiger changed"),
        (brake(60, percent=70), 80, "60 of 80 account records in Vtiger changed, more than 70 %"),
        (brake(60, percent=100), 60, ""),
        (
            replace(brake(51), entity="sales_order", system="sage_50"),
            0,
            "51 of 0 sales order records in Sage 50 changed, more than 50 %",
        ),
    ],
)
def test_when_it_stops_and_what_it_says(made: Brake, known: int, why: str) -> None:
    assert made.why(links(known)) == (why and why + ASK)


@pytest.mark.parametrize(
    "made",
    [brake(), brake(50), brake(RECORDS + 1), replace(brake(10**6), released=True)],
)
def test_the_links_are_counted_only_when_it_matters(made: Brake) -> None:
    assert (made.why(Uncounted()) != "") == (not made.released and made.changed > RECORDS)  # type: ignore[arg-type]


def services(**state: Any) -> Services:
    world, clock = MemoryWorld(lambda: NOW), Ticker()
    systems = {name: MemorySystem(name, clock) for name in (FLOW.crm, FLOW.sage)}
    integration = Integration(
        "acme", FLOW.name, {name: Connection(name) for name in systems}, brake={"records": 5}
    )
    world.integrations.save(integration)
    stored = IntegrationState(live=True, **state)
    world.integrations.change_state("acme", IntegrationState(), stored)
    return Services(
        integration,
        stored,
        FLOW,
        world.stores("acme"),
        world.integrations,
        systems,
        clock,
        "w",
        NOW + timedelta(minutes=5),
    )


def test_the_limits_are_the_integrations_and_a_release_is_for_one_list() -> None:
    made = services(released=("account.vtiger",))
    assert brake_for(made, "account", "vtiger").released
    held = brake_for(made, "account", "sage_accounting")
    assert (held.key, held.released, held.limits) == ("account.sage_accounting", False, {"records": 5})
    held.changed = 6
    assert held.why(made.stores.links) == f"more than 5 account records in Sage Accounting changed{ASK}"


def test_a_question_is_kept_until_the_list_goes_through() -> None:
    made = services(braked={"contact.vtiger": "asked before"}, released=("product.vtiger",))
    one = brake_for(made, "account", "vtiger")
    note(made, one, "too many")
    asked = made.integrations.state("acme")
    assert asked.braked == {"contact.vtiger": "asked before", "account.vtiger": "too many"}
    assert asked.released == ("product.vtiger",) and asked.live and made.state == asked
    made.state = replace(asked, released=("product.vtiger", "account.vtiger"))
    note(made, one, "")
    through = made.integrations.state("acme")
    assert through.braked == {"contact.vtiger": "asked before"} and through.released == ("product.vtiger",)


def test_a_release_that_was_asked_for_outlives_a_run_that_still_stops() -> None:
    made = services(released=("account.vtiger",))
    note(made, brake_for(made, "account", "vtiger"), "too many")
    assert made.integrations.state("acme").released == ("account.vtiger",)


def test_nothing_is_written_when_nothing_changed() -> None:
    made = services(braked={"account.vtiger": "too many"})

    class Silent:
        def change_state(self, name: str, before: IntegrationState, after: IntegrationState) -> bool:
            assert before == after, "written for nothing"
            return True

    made.integrations = Silent()  # type: ignore[assignment]
    note(made, brake_for(made, "account", "vtiger"), "too many")
    note(made, brake_for(made, "contact", "vtiger"), "")


WROTE = datetime(2026, 11, 27, 8, 59, tzinfo=UTC)
LATER = WROTE + timedelta(minutes=1)
OURS = Side(
    "s1", seen={"email": "a@acme.example"}, written_at=WROTE, observed_at=WROTE - timedelta(seconds=1)
)
"""As a record is known that was just made: what we wrote, and nothing of what the system filled in."""
READ = Side(
    "s1",
    "v1",
    {"email": "a@acme.example", "notes": "from a single read"},
    written_at=WROTE,
    observed_at=LATER,
)


@pytest.mark.parametrize(
    ("side", "values", "version", "counted"),
    [
        (OURS, {"email": "a@acme.example", "fax": ""}, "v2", False),
        (OURS, {"email": "b@acme.example", "fax": ""}, "v2", True),
        (READ, {"email": "a@acme.example"}, "v1", False),
        (READ, {"email": "a@acme.example"}, "v2", True),
        (READ, {"email": "b@acme.example"}, "v1", True),
        (replace(OURS, gone=True), {"email": "a@acme.example"}, "v2", True),
    ],
)
def test_what_we_wrote_ourselves_is_nobodys_edit(
    side: Side, values: dict[str, Any], version: str, counted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a first load of more than fifty customers the next poll stopped, and asked about them all."""
    monkeypatch.setattr("shared.operations.poll_diff.seen_values", lambda _, found: dict(found))
    link = Link(
        "L1", "account", "vtiger", "v1", sides={"sage_accounting": side}, outcome=Outcome("created", "")
    )
    task = PollTask("acme", "account", "sage_accounting", "poll", "r1")
    reading = Snapshot("s1", values, NOW, version)
    monkeypatch.setattr("shared.operations.poll_diff.same_as_seen", lambda *_: False)
    assert is_edit_of_others(services(), task, link, reading) is counted
