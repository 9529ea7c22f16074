"""Archived records put through other rules, against what the real engine makes under those rules."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.cli._trial_text import said_of
from shared.mapping.compile import compile_flow
from shared.mapping.model import Flow
from shared.operations import trial as operation
from shared.operations import trial_fields
from shared.operations.trial import Trial, open_trial, trial
from shared.operations.trial_compare import Difference, changes
from tests.stories.customers import SAGE as ACCOUNTING
from tests.stories.customers import VTIGER, Customers
from tests.stories.invoices import Invoices
from tests.stories.orders import SAGE, SUGAR, Orders

ORDERS, FLOW = "systems/sugarcrm/sales_order.toml", "flows/sugarcrm--sage_50.toml"
LEDGER = "systems/sage_50/sales_order.toml"
DEALS: dict[str, dict[str, Any]] = {
    "desks": {},
    "half": {"amount": "0.50"},
    "long": {"name": "Deal long " + "x" * 70, "account.name": "Smith & Co " + "y" * 40},
    "blank": {"amount": None},
    "credit": {"amount": "-5.00"},
    "pence": {"amount": "10.005"},
    "phone": {
        "account.phone_office": "0113 496 0000",
        "account.billing_address_street": "Unit 1\nHigh Street",
    },
}
RULES: dict[str, dict[str, str]] = {
    "the same": {},
    "gross prices": {FLOW: '[sales_order.pricing]\nprices = "gross"\npenny = "accept"\n'},
    "another text": {ORDERS: '[line]\ndescription = { path = "account.name", access = "read" }\n'},
    "shorter": {LEDGER: '[fields]\ndelivery_name = { path = "delName", max = 10 }\n'},
    "a default": {
        LEDGER: '[fields]\ncontact_name = { path = "contactName", max = 30, default = "Accounts" }\n'
    },
    "a field off": {FLOW: '[sales_order.fields]\nphone = { direction = "off" }\n'},
    "a rule off": {FLOW: "[sales_order.require]\namount_pence = false\n"},
    "a filter": {ORDERS: '[poll.where]\nname = { in = ["Deal desks", "Deal half"] }\n'},
}


def won(rules: Mapping[str, str] | None = None) -> Orders:
    here = Orders()
    if rules:
        here.rig.flow = compile_flow(here.rig.flow.name, rules)
    for name, values in DEALS.items():
        here.win(name, **values)
    here.sync()
    return here


def tried(here: Any, new: Flow, live: int = 0) -> tuple[dict[str, Difference], Trial]:
    services = here.rig.services()
    made = open_trial(services, new, live)
    found = list(trial(services, made, services.clock.now() - timedelta(days=30)))
    assert len({(one.source, one.record_id) for one in found}) == len(found), "each record is told once"
    return {one.record_id: one for one in found}, made


def in_sage(here: Orders) -> dict[str, Mapping[str, Any]]:
    """Opportunity -> the order that was made for it."""
    spec = here.rig.flow.entities[here.entity].maps[SAGE].spec
    orders = here.native(SAGE)
    assert spec.object
    return {
        link.sides[SUGAR].id: orders[link.sides[SAGE].id] for link in here.rig.links() if SAGE in link.sides
    }


@pytest.fixture(scope="module")
def before() -> Orders:
    return won()


@pytest.mark.parametrize("name", RULES)
def test_a_trial_says_what_the_engine_does_under_the_other_rules(before: Orders, name: str) -> None:
    after = won(RULES[name])
    found, _ = tried(before, after.rig.flow)
    was, now = in_sage(before), in_sage(after)
    nowhere = (frozenset[str](), frozenset[str]())
    own = {"orderNumber", "itemId"}
    for deal in DEALS:
        theirs = (
            set(changes(was.get(deal, {}), now.get(deal, {}), nowhere))
            if deal in was and deal in now
            else set()
        )
        theirs = {one for one in theirs if one[0].split()[-1] not in own}
        told = found.get(deal)
        assert set(told.fields if told else ()) == theirs, deal
        sent = told is None or (told.before == "sent") == (deal in was)
        assert sent and (told is None or (told.after == "sent") == (deal in now)), deal
        assert (deal in was) == (deal in now) or told is not None, deal
    assert bool(found) == (name != "the same")


UNFETCHED = {
    ORDERS: '[fields]\nnotes = { path = "lead_source", access = "read" }\n',
    LEDGER: '[fields]\nnotes = { path = "notes1", max = 60, default = "none" }\n',
}
CUSTOMER_NAME = {VTIGER: "accountname", ACCOUNTING: "name"}


def test_a_field_that_was_not_fetched_then_is_told_and_never_taken_for_blank(before: Orders) -> None:
    new = compile_flow("sugarcrm--sage_50", UNFETCHED)
    found, made = tried(before, new)
    (way,) = made.ways
    assert not found and not way.different and not way.undecided
    assert way.not_archived == {"notes": len(DEALS)} and way.tried == len(DEALS)
    told = list(said_of(made, before.rig.clock.now()))
    assert f"  notes: not in the archive ({len(DEALS)} records)" in told


def test_what_such_a_field_decides_is_not_claimed(before: Orders) -> None:
    """An amount from a field that was never read: no order may be said to come to nothing."""
    rules = {ORDERS: '[line]\nunit_price = "best_case"\n[poll.where]\ncampaign_id = "spring"\n'}
    found, made = tried(before, compile_flow("sugarcrm--sage_50", rules))
    (way,) = made.ways
    assert not found and way.undecided == len(DEALS) and not way.money
    assert set(way.not_archived) == {"lines.unit_price", "campaign_id"}


@pytest.mark.parametrize("live", [1, 3])
def test_so_many_records_are_read_now_as_are_asked_for(live: int) -> None:
    here = won()
    for name in DEALS:
        here.edit(name, lead_source="Trade fair")
    found, made = tried(here, compile_flow("sugarcrm--sage_50", UNFETCHED), live)
    (way,) = made.ways
    assert way.live == live and way.not_archived == {"notes": len(DEALS) - live}
    assert all(one.live for one in found.values()), "nothing is claimed of the others"
    assert {one.fields for one in found.values()} <= {(("notes1", None, "Trade fair"),)}


def test_money_is_summed_before_and_after(before: Orders) -> None:
    rules = {
        FLOW: "[sales_order.require]\n"
        + 'amount_positive = { rule = "at_most", value = 50, message = "Too much: {value}." }\n'
    }
    found, made = tried(before, compile_flow("sugarcrm--sage_50", rules))
    (way,) = made.ways
    was, now = way.money["GBP"]
    lost = sum(one.total_before or 0 for one in found.values() if one.after != "sent")
    assert lost and was - now == lost
    assert found["desks"].after == "skipped: Too much: 100.00."
    assert found["desks"].total_after is None


@pytest.mark.parametrize("system", [VTIGER, ACCOUNTING])
def test_customers_go_both_ways(system: str) -> None:
    """What the other system shows of a new customer under either set of rules is what the trial says."""
    other = ACCOUNTING if system == VTIGER else VTIGER
    path = CUSTOMER_NAME[other]
    rules = {
        f"systems/{other}/account.toml": f'[fields]\nname = {{ path = "{path}", max = 8, required = true }}\n'
    }

    def entered(own: dict[str, str]) -> Customers:
        here = Customers(own)
        here.enter(system, "smith", name="Smith and Sons", phone="0113 496 0000")
        here.enter(system, "jones", name="Jones", email="jones@example.test")
        here.sync()
        here.wait(minutes=3)
        return here

    here, there = entered({}), entered(rules)
    found, made = tried(here, there.rig.flow)
    names = sorted(str(one[path]) for one in there.native(other).values())
    assert names == ["Jones", "Smith an"]
    assert {name: one.fields for name, one in found.items() if one.source == system} == {
        "smith": ((path, "Smith and Sons", "Smith an"),)
    }
    assert not any(way.not_archived or way.undecided or way.money for way in made.ways)


def test_only_the_last_reading_of_a_record_counts_and_none_of_an_erased_one() -> None:
    here = won()
    services, archive = here.rig.services(), here.rig.stores.archive
    now = services.clock.now()
    line = next(
        one for name in archive.objects() for one in archive.lines(name, "read") if one["id"] == "desks"
    )
    later = {
        **line,
        "at": (now + timedelta(hours=1)).isoformat(),
        "values": {**line["values"], "amount": "7.00"},
    }
    here.rig.clock.advance(3600)
    archive.write(line["run_id"], [later, {"kind": "read", "at": later["at"], "erased": True}])
    rules = {FLOW: '[sales_order]\ndirection = "off"\n'}
    found, made = tried(here, compile_flow("sugarcrm--sage_50", rules))
    assert found["desks"].total_before == Decimal("8.40") and made.ways[0].tried == len(DEALS)
    none = list(trial(services, open_trial(services, here.rig.flow), now + timedelta(days=3)))
    assert not none


def _blank_is_unfetched(self: trial_fields.Asked, line: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


def test_a_trial_that_takes_what_was_not_fetched_for_blank_is_caught(
    before: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_fields.Asked, "unfetched", _blank_is_unfetched)
    for story in (
        test_a_field_that_was_not_fetched_then_is_told_and_never_taken_for_blank,
        test_what_such_a_field_decides_is_not_claimed,
    ):
        with pytest.raises(AssertionError):
            story(before)


def test_a_trial_that_compares_only_what_is_sent_is_caught(
    before: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that is not made any more differs most of all."""
    monkeypatch.setattr(operation, "alike", lambda was, now: was.kind != now.kind or was.values == now.values)
    with pytest.raises(AssertionError):
        test_a_trial_says_what_the_engine_does_under_the_other_rules(before, "a filter")


@pytest.mark.parametrize("status", ["Sent", "Approved"])
def test_invoices_are_tried_with_their_totals(status: str) -> None:
    """A document with lines of its own, from the ledger to the CRM."""
    here = Invoices.issued(status=status)
    path = here.rig.flow.entities["invoice"].maps[VTIGER].native_paths["billing_street"][0]
    rules = {"systems/vtiger/invoice.toml": f'[fields]\nbilling_street = {{ path = "{path}", max = 4 }}\n'}
    new = compile_flow(here.rig.flow.name, rules)
    found, made = tried(here, new)
    print(found, made.ways, made.notes())
    way = next(one for one in made.ways if (one.entity, one.source) == ("invoice", ACCOUNTING))
    assert way.money == {"GBP": [Decimal("24.00"), Decimal("24.00")]}
    assert found["si-1"].fields == ((path, "1 High Street", "1 Hi"),)
