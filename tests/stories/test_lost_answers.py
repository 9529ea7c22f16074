"""A record is being made, and something dies: the answer, the worker, the vendor's patience.

Before any call the intent is saved. Whoever comes next finds it, knows that the outcome is unknown, and looks
before anything is written again. One order, whatever happens; where nothing can be known, a person is asked.
"""

import pytest

from shared.errors import OutcomeUnknown
from shared.ports import Capabilities
from tests.properties.ports import Killed, Late
from tests.properties.rig import RUN_SECONDS
from tests.stories.customers import SAGE as ACCOUNTING
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SAGE, SUGAR, Orders

LOST = OutcomeUnknown("no answer came")
ONE_ORDER = [("101", "SMITH001", "100.00")]


def won() -> Orders:
    here = Orders()
    here.win(amount="100.00")
    return here


def test_the_answer_is_lost_and_the_order_is_found_by_our_key() -> None:
    here = won()
    with here.at(f"{SAGE}.create done", LOST):
        here.hear(SUGAR, "desks")
    assert here.log() == []
    here.wait(minutes=10)
    assert here.orders() == ONE_ORDER
    assert here.number() == "101"
    here.says("created", "101")


def test_the_answer_is_lost_and_nothing_was_made() -> None:
    """It is looked for in vain, long enough after, and only then made."""
    here = won()
    with here.at(f"{SAGE}.create", LOST):
        here.hear(SUGAR, "desks")
    here.wait(minutes=10)
    assert here.orders() == ONE_ORDER
    assert here.log() == ["created"]


@pytest.mark.parametrize("call", [f"{SAGE}.create", f"{SAGE}.create done", f"{SUGAR}.update done"])
def test_the_worker_is_killed(call: str) -> None:
    """Between the intent and the call; after the call, before anything is saved; after the number went back.
    Its message is visible again a quarter of an hour later."""
    here = won()
    with here.at(call, Killed):
        here.hear(SUGAR, "desks")
    here.wait(minutes=30)
    assert here.orders() == ONE_ORDER
    assert here.number() == "101"
    assert "101" in here.rows()[-1].outcome.reason


def test_the_vendor_commits_late_so_a_miss_right_after_proves_nothing() -> None:
    """The order appears fifty seconds after we gave up, and after somebody else's event of it."""
    here = won()
    with here.at(f"{SAGE}.create", Late(50, LOST)):
        here.hear(SUGAR, "desks")
    here.hear(SUGAR, "desks")
    assert here.orders() == []
    here.wait(minutes=10)
    assert here.orders() == ONE_ORDER


def test_a_slow_worker_loses_its_lease_and_makes_no_second_order() -> None:
    """Another one takes over while the first hangs in its call; in the end both have seen the order."""

    def takes_over() -> None:
        here.rig.clock.advance(RUN_SECONDS + 1)
        here.hear(SUGAR, "desks")

    here = won()
    with here.at(f"{SAGE}.create", takes_over):
        here.hear(SUGAR, "desks")
    here.wait(minutes=30)
    assert here.orders() == ONE_ORDER
    assert here.number() == "101"
    assert here.log() == ["created", "unchanged"]


def test_two_workers_have_the_same_record_and_one_lets_the_other_finish() -> None:
    here = won()
    with here.at(f"{SAGE}.create", lambda: here.hear(SUGAR, "desks")):
        here.hear(SUGAR, "desks")
    here.wait(minutes=5)
    assert here.orders() == ONE_ORDER
    assert here.log() == ["created", "unchanged"]


def test_no_time_is_left_so_the_message_is_sent_again() -> None:
    """Nothing is begun that could be cut off in the middle."""
    here = won()
    here.rig.handle([here.event(SUGAR, "desks")], seconds=20)
    assert here.orders() == []
    here.wait(minutes=1)
    assert here.orders() == ONE_ORDER
    assert here.log() == ["created"]


def test_an_unexpected_fault_ends_in_a_dead_letter_that_is_harmless_weeks_later() -> None:
    here = won()

    def breaks(call: str) -> None:
        if call == f"{SAGE}.find":
            raise RuntimeError("nobody thought of that")

    here.rig.line.on = breaks
    here.hear(SUGAR, "desks")
    here.wait(minutes=90)
    here.says("failed", "nobody thought of that", rule="unexpected")
    (letter,) = here.rig.dead_letters
    here.rig.line.on = lambda call: None
    here.hear(SUGAR, "desks")
    assert here.orders() == ONE_ORDER
    here.rig.clock.advance(20 * 86400)
    here.rig.handle([letter])
    assert here.orders() == ONE_ORDER


def test_a_vendor_without_our_key_repeats_its_first_answer() -> None:
    """Sage Accounting cannot be searched by our key; a create repeated under it makes no second record."""
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    with here.at(f"{ACCOUNTING}.create done", LOST):
        here.hear(VTIGER, "smith")
    here.wait(minutes=10)
    assert here.records(ACCOUNTING) == [{"name": "Smith & Co"}]
    assert len(here.linked()[0]) == 2


def test_a_vendor_without_our_key_is_asked_what_was_made_since() -> None:
    """Vtiger tells what was made through its interface: one record, and it shows what we sent. The name
    alone would not find it, as its original has another one by now."""
    here = Customers()
    here.enter(ACCOUNTING, "S1", name="Smith & Co")
    with here.at(f"{VTIGER}.create done", LOST):
        here.hear(ACCOUNTING, "S1")
    here.edit(ACCOUNTING, "S1", name="Smith of Leeds")
    here.wait(minutes=10)
    assert here.records(VTIGER) == [{"name": "Smith of Leeds"}]


def test_a_vendor_of_which_nothing_can_be_known_has_a_person_look() -> None:
    here = Customers(able={ACCOUNTING: Capabilities()})
    here.enter(VTIGER, "smith", name="Smith & Co")
    with here.at(f"{ACCOUNTING}.create done", LOST):
        here.hear(VTIGER, "smith")
    here.wait(minutes=10)
    assert len(here.records(ACCOUNTING)) == 1
    here.says("held", "Sage Accounting", rule="unknown outcome")


def test_an_update_whose_answer_is_lost_is_looked_at_and_not_written_again() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    with here.at(f"{ACCOUNTING}.update done", LOST):
        here.hear(VTIGER, "smith")
    writes = here.writes(ACCOUNTING)
    here.wait(minutes=5)
    assert here.shows(ACCOUNTING)["phone"] == "222"
    assert here.writes(ACCOUNTING) == writes
    assert here.log() == ["unchanged"]
