"""Every state an opportunity can be in ends in one outcome that a bookkeeper understands; nothing wrong
reaches Sage."""

from collections.abc import Iterator

import pytest

from shared.settings import IntegrationState
from tests.e2e.world import World, world

LONG = "x" * 300


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as made:
        yield made


@pytest.mark.parametrize(
    "values, kind, words",
    [
        ({"amount": None}, "skipped", "amount is blank"),
        ({"amount": "-5"}, "held", "credit note"),
        ({"amount": "0"}, "skipped", "above zero"),
        ({"amount": "10.005"}, "skipped", "two decimal places"),
        ({"amount": "123456789012.00"}, "skipped", "larger than Sage takes"),
        ({"account_id": ""}, "skipped", "no account"),
    ],
)
def test_a_record_that_breaks_a_rule_is_skipped_and_goes_through_once_mended(
    here: World, values: dict[str, str | None], kind: str, words: str
) -> None:
    record = here.opportunity(**values)
    here.tick()
    here.drain()
    assert here.orders() == []
    outcome = here.outcome(record)
    assert (outcome.kind, words in outcome.reason) == (kind, True), outcome
    here.tick()
    here.drain()
    assert len(here.log()) == 1, "an unchanged skip is not handled again"
    here.opportunity(edit=True, id=record, amount="12.34", account_id="acc-1")
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created"
    assert len(here.orders()) == 1


@pytest.mark.parametrize(
    "name", ['O\'Brien "& Sons" <ltd>', "Pallets 📦🚚", LONG, "a < b & c > d", "%00\\n'; DROP TABLE x; --"]
)
def test_odd_names_arrive_whole_or_are_cut_with_a_note(here: World, name: str) -> None:
    record = here.opportunity(name=name)
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created"
    line = here.orders()[0]["invoiceItems"][0]
    assert line["description"] == name[:60].rstrip()
    assert (len(name) > 60) == any("cut from 300 to 60" in note for note in here.outcome(record).notes)


def test_a_missing_reference_waits_and_goes_by_itself(here: World) -> None:
    here.account(id="acc-2", name="No reference Ltd", sales_account_ref_c="")
    record = here.opportunity(account_id="acc-2")
    here.tick()
    here.drain()
    outcome = here.outcome(record)
    assert outcome.kind == "waiting" and "No reference Ltd" in outcome.reason
    here.account(id="acc-2", sales_account_ref_c="SMITH001")
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created"


def test_an_unknown_customer_waits_until_it_is_made_in_sage(here: World) -> None:
    here.account(id="acc-2", name="Newcomer Ltd", sales_account_ref_c="NEWCO001")
    record = here.opportunity(account_id="acc-2")
    here.tick()
    here.drain()
    outcome = here.outcome(record)
    assert outcome.kind == "waiting" and "NEWCO001" in outcome.reason
    here.tick()
    here.drain()
    assert here.orders() == []
    here.customer(accountRef="NEWCO001", name="Newcomer Ltd")
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created"
    assert here.aws.stores("main").waits.all() == []


def test_the_account_webhook_wakes_the_opportunity(here: World) -> None:
    here.account(id="acc-2", name="No reference Ltd", sales_account_ref_c="")
    record = here.opportunity(account_id="acc-2")
    here.tick()
    here.drain()
    here.account(id="acc-2", sales_account_ref_c="SMITH001")
    status, _ = here.hook(
        {"bean": "Account", "data": {"id": "acc-2"}}, query={"object": "Accounts", "event": "after_save"}
    )
    assert status == 202
    here.drain("account")
    here.drain()
    assert here.outcome(record).kind == "created"


@pytest.mark.parametrize(
    "customer, words",
    [
        ({"onHold": True}, "on hold"),
        ({"inactiveAccount": True}, "inactive"),
        ({"currency": 2}, "currency"),
    ],
)
def test_a_customer_that_may_not_order_gets_no_order(
    here: World, customer: dict[str, object], words: str
) -> None:
    here.customer(accountRef="OTHER001", name="Other", **customer)
    here.account(id="acc-2", sales_account_ref_c="OTHER001")
    record = here.opportunity(account_id="acc-2")
    here.tick()
    here.drain()
    assert here.orders() == []
    assert here.outcome(record).kind == "skipped" and words in here.outcome(record).reason


def test_a_lower_case_reference_is_understood(here: World) -> None:
    here.account(id="acc-2", sales_account_ref_c=" smith001 ")
    record = here.opportunity(account_id="acc-2")
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created"


def test_an_order_is_never_made_twice_and_later_edits_are_drift(here: World) -> None:
    record = here.opportunity()
    here.tick()
    here.drain()
    number = here.shown(record)["sales_order_no_c"]
    here.hook({"data": {"id": record}})
    here.drain()
    assert here.outcome(record).kind == "unchanged", "our own write-back comes back as a hook"
    here.opportunity(edit=True, id=record, amount="999.00", sales_order_no_c="")
    here.tick()
    here.drain()
    assert len(here.orders()) == 1
    assert here.shown(record)["sales_order_no_c"] == number
    here.opportunity(edit=True, id=record, amount="1000.00")
    here.hook({"data": {"id": record}})
    here.drain()
    assert here.outcome(record).kind == "skipped" and f"already order {number}" in here.outcome(record).reason


def test_before_going_live_nothing_is_written_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, live=False) as here:
        record = here.opportunity()
        here.hook({"data": {"id": record}})
        here.drain()
        here.tick()
        here.drain()
        assert here.orders() == [] and "not live" in here.outcome(record).reason
        here.aws.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))
        here.tick()
        here.drain()
        assert here.outcome(record).kind == "created"
