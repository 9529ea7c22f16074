"""A person accepts one side's value of a field: it goes to the other side by the engine's own way, and only
while everything is as the person saw it."""

from datetime import date
from typing import Any

import pytest

from shared.domain.answer import Answer
from shared.domain.link import Link
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.operations.answers import CannotAnswer, accept, as_shown, leave_out
from shared.sync.engine import accepting
from tests.properties.ports import Killed
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.invoices import Invoices
from tests.stories.world import World

HOLD = '[account.fields.phone]\nconflict = "hold"'
FROM_SAGE = '[account.fields.phone]\ndirection = "from sage_accounting"'
IGNORED = FROM_SAGE + '\ndrift = "ignore"'


def the_link(here: World) -> Link:
    (link,) = here.rig.links()
    return link


def seen(here: World, system: str, field: str = "phone", **more: Any) -> Answer:
    """What a person answers to the page as it is now."""
    answer = Answer("accept", "Ann", here.rig.clock.now(), field, system, **more)
    return as_shown(here.rig.services(), the_link(here), answer)


def say(here: World, answer: Answer) -> None:
    accept(here.rig.services(), the_link(here), answer)
    here.rig.drain()


def in_conflict(rules: str = HOLD) -> Customers:
    here = Customers.linked_smith(rules, name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.edit(SAGE, phone="333")
    here.sync()
    return here


@pytest.mark.parametrize(
    ("system", "value", "other", "old"), [(VTIGER, "222", SAGE, "333"), (SAGE, "333", VTIGER, "222")]
)
def test_a_held_conflict_is_settled_by_accepting_a_side(
    system: str, value: str, other: str, old: str
) -> None:
    here = in_conflict()
    here.says("held", rule=Rule.CONFLICT)
    say(here, seen(here, system))
    here.says("updated", "Ann accepted the phone of", f"“{value}” stands", f"“{old}”")
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == value
    assert here.lost() == [(other, "phone", old)]
    here.forget()
    here.wait(hours=3)
    assert here.log() == []


def test_the_value_that_lost_is_put_back_on_both_sides() -> None:
    here = in_conflict("")
    assert here.lost() == [(VTIGER, "phone", "222")]
    say(here, seen(here, VTIGER, lost=True, value="222"))
    here.says("updated", "Ann put back the phone that Vtiger had")
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "222"


def test_a_drift_that_is_left_alone_is_put_right() -> None:
    here = Customers.linked_smith(IGNORED, name="Smith & Co")
    here.edit(SAGE, phone="111")
    here.sync()
    here.edit(VTIGER, phone="222")
    here.sync()
    assert here.shows(VTIGER)["phone"] == "222"
    say(here, seen(here, SAGE))
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "111"
    assert (VTIGER, "phone", "222") in here.lost()


def test_against_the_direction_nothing_is_written() -> None:
    here = Customers.linked_smith(IGNORED, name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.sync()
    writes = here.writes(SAGE)
    say(here, seen(here, VTIGER))
    assert here.writes(SAGE) == writes
    here.says("unchanged", "comes from Sage Accounting alone")


@pytest.mark.parametrize("system", [VTIGER, SAGE])
def test_a_value_that_moved_meanwhile_is_not_written_over(system: str) -> None:
    """The page showed 222 and 333; before the handling, somebody enters 444."""
    here = in_conflict()
    answer = seen(here, SAGE)
    here.edit(system, phone="444")
    say(here, answer)
    here.says("held", "was not written: it has changed since the page showed it", rule=Rule.CONFLICT)
    assert here.shows(VTIGER)["phone"] != here.shows(SAGE)["phone"]
    assert "444" in (here.shows(VTIGER)["phone"], here.shows(SAGE)["phone"])


def test_what_moved_before_the_form_was_sent_is_refused_at_once() -> None:
    here = in_conflict()
    answer = seen(here, SAGE)
    here.edit(VTIGER, phone="444")
    here.sync()
    with pytest.raises(CannotAnswer, match="has changed"):
        accept(here.rig.services(), the_link(here), answer)


def test_the_same_answer_twice_is_done_once() -> None:
    here = in_conflict()
    answer = seen(here, SAGE)
    services = here.rig.services()
    for _ in range(2):
        accept(services, the_link(here), answer)
    here.rig.drain()
    assert here.shows(VTIGER)["phone"] == "333"
    writes = here.writes(VTIGER)
    here.edit(VTIGER, phone="222")  # on purpose, what it was before
    event = here.event(VTIGER, "smith")
    here.rig.handle([replace(event, answer=answer)])
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "222"
    assert here.writes(VTIGER) == writes


def test_two_answers_and_a_hint_meet_in_one_batch() -> None:
    here = Customers.linked_smith(
        HOLD + '\n[account.fields.email]\nconflict = "hold"', name="Smith & Co", phone="111", email="a@s.test"
    )
    here.edit(VTIGER, phone="222", email="b@s.test")
    here.edit(SAGE, phone="333", email="c@s.test")
    here.sync()
    phone, email = seen(here, SAGE), seen(here, VTIGER, "email")
    for one in (phone, email):
        accept(here.rig.services(), the_link(here), one)
    here.rig.notify(VTIGER, "account", "smith")
    here.rig.drain()
    assert here.shows(VTIGER) == here.shows(SAGE)
    assert (here.shows(SAGE)["phone"], here.shows(SAGE)["email"]) == ("333", "b@s.test")


def test_an_outage_does_not_lose_the_answer() -> None:
    here = in_conflict()
    accept(here.rig.services(), the_link(here), seen(here, SAGE))
    here.rig.stores.gate.pause(SAGE, "the password is refused")
    here.rig.notify(VTIGER, "account", "smith")
    here.rig.drain()
    assert here.rig.stores.parks.count() == 2  # the hint is a row of its own
    here.rig.stores.gate.open(SAGE)
    here.rig.clock.advance(3 * 86400)
    here.wait(hours=2)
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "333"


def test_a_record_left_out_says_that_it_was_not_written() -> None:
    here = in_conflict()
    answer = seen(here, SAGE)
    leave_out(here.rig.services(), (VTIGER, "account", here.id_of(VTIGER, "smith")), "Ann", "skip")
    here.rig.drain()
    say(here, answer)
    here.says("skipped", "that Ann accepted was not written", rule=Rule.LEFT_OUT)
    assert here.shows(VTIGER)["phone"] == "222"


def test_a_worker_that_dies_in_between_writes_it_once() -> None:
    here = in_conflict()
    answer = seen(here, SAGE)
    with here.at("vtiger.update done", Killed):
        accept(here.rig.services(), the_link(here), answer)
        here.rig.drain()
    here.wait(hours=3)
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "333"
    assert here.lost() == [(VTIGER, "phone", "222")]


def test_which_fields_offer_it() -> None:
    here = in_conflict()
    flow, link = here.rig.flow.entities["account"], the_link(here)
    assert accepting.why_not(flow, link, "phone", SAGE, {}) == ""
    assert "not carried" in accepting.why_not(flow, link, "shoe_size", SAGE, {})


def test_a_document_that_is_closed_is_never_written() -> None:
    """Sage has issued it: neither the form nor the engine takes the CRM's value for it."""
    here = Invoices.issued()
    here.edit(VTIGER, "si-1", due_date=date(2026, 12, 24))
    here.sync()
    here.says("skipped", rule=Rule.RELEASED)
    (link,) = [one for one in here.rig.links() if one.entity == "invoice"]
    flow = here.rig.flow.entities["invoice"]
    views = {SAGE: {"status": "issued"}, VTIGER: {}}
    assert "is issued and is no longer changed" in accepting.why_not(flow, link, "due_date", VTIGER, views)
    assert accepting.why_not(flow, link, "due_date", SAGE, views) == ""
    writes, services = here.writes(SAGE), here.rig.services()
    answer = as_shown(services, link, Answer("accept", "Ann", here.rig.clock.now(), "due_date", VTIGER))
    accept(services, link, answer)
    here.rig.drain()
    assert here.writes(SAGE) == writes
    here.says("skipped", "that Ann accepted was not written: Sage Accounting", rule=Rule.RELEASED)


def test_lines_and_totals_are_not_accepted_by_side() -> None:
    here = Invoices.issued()
    (link,) = [one for one in here.rig.links() if one.entity == "invoice"]
    for name in ("lines", "net", "amount"):
        why = accepting.why_not(here.rig.flow.entities["invoice"], link, name, SAGE, {})
        assert "belong together" in why or "not carried" in why
