"""Lists that are asked less often than the clock ticks."""

from collections import Counter
from dataclasses import replace

import pytest

from shared.domain.run_ids import new_run_id
from shared.errors import Unavailable
from shared.operations.intervals import due, expected_within
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from tests.stories.clients import CRM, LEDGER, Clients

ACCOUNTS, CONTACTS = f"{LEDGER}.account", f"{LEDGER}.contact"


def every(**minutes: int) -> Clients:
    here = Clients()
    kept = here.rig.services().integration
    here.rig.world.integrations.save(replace(kept, intervals=minutes))
    return here


def tick(here: Clients, minutes: float = 15) -> list[str]:
    """The lists that a tick of the clock polls, some time later."""
    here.rig.clock.advance(60 * minutes)
    services = here.rig.services()
    found = due(services, tasks(services, "poll", new_run_id(here.rig.clock.now())))
    for task in found:
        poll(services, task)
    return [f"{one.system}.{one.entity}" for one in found]


def times(here: Clients, ticks: int, minutes: float = 15) -> Counter[str]:
    return Counter(one for _ in range(ticks) for one in tick(here, minutes))


def test_by_default_every_list_is_polled_at_every_tick() -> None:
    found = times(every(), 4)
    assert set(found.values()) == {4} and {ACCOUNTS, f"{CRM}.account", CONTACTS} <= set(found)


def test_a_list_with_an_interval_is_left_out_until_it_is_over() -> None:
    found = times(every(contact=60), 8)
    assert (found[ACCOUNTS], found[CONTACTS], found[f"{CRM}.contact"]) == (8, 2, 2)


def test_an_interval_for_all_and_another_one_for_some() -> None:
    found = times(every(default=30, contact=15), 8)
    assert (found[ACCOUNTS], found[CONTACTS]) == (4, 8)


def test_ticks_that_come_a_minute_early_or_late_lose_none() -> None:
    here = every(contact=30)
    found = [CONTACTS in tick(here, minutes) for minutes in (15, 14.2, 15.5, 14.1, 15.9, 14.5, 15)]
    assert found == [True, False, True, False, True, False, True]


def test_an_interval_between_two_ticks_ends_with_the_next_one() -> None:
    assert times(every(contact=20), 6)[CONTACTS] == 3


def test_a_list_that_could_not_be_read_is_asked_again_at_the_next_tick() -> None:
    here = every(contact=60)
    with here.at(f"{LEDGER}.changes", Unavailable("down")):
        tick(here)
    for system in (CRM, LEDGER):
        here.rig.stores.gate.open(system)
    assert CONTACTS in tick(here)


def test_the_sweep_and_a_person_ask_whatever_the_interval() -> None:
    here = every(default=1440)
    tick(here)
    services = here.rig.services()
    by_hand = tasks(services, "manual", new_run_id(here.rig.clock.now()))
    assert by_hand and due(services, by_hand) == []  # the clock would leave them out
    polled = poll(services, by_hand[0])
    assert polled.whole and not polled.stopped


@pytest.mark.parametrize(
    "minutes, hours", [({}, 0), ({"default": 240}, 8), ({"default": 240, "contact": 60}, 2)]
)
def test_how_long_it_may_be_quiet(minutes: dict[str, int], hours: int) -> None:
    integration = every(**minutes).rig.services().integration
    assert expected_within(integration).total_seconds() == hours * 3600
