"""A vendor that is busy, away or locked closes its connection for all records, not for one.

Nobody keeps knocking: what came meanwhile waits without using up its tries, and goes by itself once the
connection is open again.
"""

import pytest

from shared.errors import BadCredentials, RateLimited, RecordRejected, Unavailable
from shared.stores.memory.services import MemorySecrets
from tests.stories.orders import SAGE, SUGAR, Orders


def gate(here: Orders) -> str:
    return here.rig.stores.gate.read([SAGE])[SAGE].state


def test_a_rate_limit_cools_the_connection_and_the_order_follows() -> None:
    here = Orders()
    here.win()
    with here.at(f"{SAGE}.create", RateLimited("429 of Sage", after=120)):
        here.hear(SUGAR, "desks")
    assert gate(here) == "cooling"
    calls = len(here.rig.line.calls)
    here.hear(SUGAR, "desks")
    assert not [call for call in here.rig.line.calls[calls:] if call.startswith(SAGE)]
    here.wait(minutes=5)
    assert len(here.orders()) == 1
    assert gate(here) == "ok"


def test_an_outage_of_hours_parks_the_order_and_says_until_when() -> None:
    here = Orders()
    here.win()

    def away(call: str) -> None:
        if call.startswith(f"{SAGE}."):
            raise Unavailable("no way to Sage")

    here.rig.line.on = away
    here.sync()
    here.wait(hours=3)
    here.says("parked", "no way to Sage", rule="parked")
    here.rig.line.on = lambda call: None
    here.wait(hours=2)
    assert len(here.orders()) == 1
    assert not here.rig.dead_letters


def test_a_wrong_password_pauses_the_connection_until_a_person_has_mended_it() -> None:
    here = Orders()
    here.win()
    with here.at(f"{SAGE}.find", BadCredentials("Sage refuses the password")):
        here.hear(SUGAR, "desks")
    here.wait(hours=4)
    assert gate(here) == "paused"
    assert here.orders() == []
    assert "Sage refuses the password" in here.rig.poll()[0].stopped
    here.rig.stores.gate.open(SAGE)
    here.wait(hours=26)
    assert len(here.orders()) == 1


def test_a_password_that_was_changed_while_the_old_one_was_kept_pauses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A warm function reads the secret again before the connection counts as dead."""
    here = Orders()
    here.win()
    monkeypatch.setattr(MemorySecrets, "renewed", lambda secrets, system: system == SAGE)
    with here.at(f"{SAGE}.find", BadCredentials("Sage refuses the password")):
        here.hear(SUGAR, "desks")
    assert gate(here) == "ok"
    with here.at(f"{SUGAR}.changes", BadCredentials("Sugar refuses the password")):
        stopped = [polled.stopped for polled in here.rig.poll()]
    assert any("Sugar refuses" in one for one in stopped), "another connection's secret is no excuse"
    here.rig.stores.gate.open(SUGAR)
    here.wait(hours=1)
    assert len(here.orders()) == 1
    with here.at(f"{SAGE}.find", BadCredentials("Sage refuses the password")):
        here.win("chairs")
        here.hear(SUGAR, "chairs")
    here.wait(hours=1)
    assert (len(here.orders()), gate(here)) == (2, "ok")


def test_a_record_that_sage_refuses_is_held_in_sages_own_words_and_the_next_one_is_made() -> None:
    here = Orders()
    here.win("desks")
    here.win("chairs")
    with here.at(f"{SAGE}.create", RecordRejected("the period is closed")):
        here.hear(SUGAR, "desks", "chairs")
    assert len(here.orders()) == 1
    assert sorted(here.log()) == ["created", "held"]
    here.says("held", "the period is closed", rule="rejected", of="desks")
    assert gate(here) == "ok"
