"""The rules change: whatever the old ones skipped, held, kept waiting or failed is looked at again, of every
kind of record, whoever is polled first, and whatever dies meanwhile."""

from dataclasses import replace

import pytest

from shared.domain.link import Link, Outcome, OutcomeKind
from shared.domain.run_ids import new_run_id
from shared.operations.poll import poll
from shared.operations.poll_tasks import PollTask
from shared.ports import Commit
from tests.properties.ports import Killed
from tests.properties.rig import NAME
from tests.stories.customers import SAGE, VTIGER, Customers

ALLOWED = "[product.require]\ndescription = false\n[service.require]\ndescription = false\n"
KINDS = ("product", "service")


def skipped() -> Customers:
    """A product and a service without a description, which the shipped rules skip. Their lists move on."""
    here = Customers()
    for kind in KINDS:
        here.enter(VTIGER, f"a {kind}", kind, name=f"Plain {kind}", description=None)
    here.sync()
    here.wait(minutes=5)
    assert {link.entity for link in here.rig.links() if _kind(link) == "skipped"} == set(KINDS)
    here.forget()
    return here


def poll_alone(here: Customers, entity: str, system: str = VTIGER) -> None:
    """Only this list, in an invocation of its own, as its message asks."""
    task = PollTask(NAME, entity, system, "poll", new_run_id(here.rig.clock.now()))
    try:
        poll(here.rig.services(), task)
    except Killed:
        here.rig.line.dead = False


def stale(here: Customers) -> set[str]:
    """Kinds of records whose last outcome was decided by other rules."""
    again = ("skipped", "held", "waiting", "failed")
    return {
        link.entity
        for link in here.rig.links()
        if _kind(link) in again and link.rules_version != here.rig.flow.version
    }


def decided_again(here: Customers) -> None:
    assert stale(here) == set(), f"not looked at under the new rules: {sorted(stale(here))}"


def version(here: Customers) -> str:
    return here.rig.world.integrations.state(NAME).rules_version


def _kind(link: Link) -> str:
    return link.outcome.kind if link.outcome else ""


@pytest.mark.parametrize("first", ["account", "contact", "product", "service", "invoice"])
def test_records_of_every_kind_are_looked_at_again_whichever_list_is_polled_first(first: str) -> None:
    here = skipped()
    here.new_rules(ALLOWED)
    poll_alone(here, first)
    here.rig.drain()
    decided_again(here)
    assert {row.entity for row in here.rows()} == set(KINDS)


def test_the_other_direction_is_looked_at_again_too() -> None:
    """Entered in Sage, refused for Vtiger, and the list of Vtiger's organisations is what is polled."""
    here = Customers('[contact]\ndirection = "off"\n')
    here.enter(SAGE, "acme", name="Acme Ltd")
    here.sync()
    (link,) = here.rig.links()
    _as_if(here, link, "held")
    here.new_rules("")
    poll_alone(here, "account")
    here.rig.drain()
    decided_again(here)


@pytest.mark.parametrize("kind", ["skipped", "held", "waiting", "failed"])
def test_what_it_was_does_not_matter(kind: OutcomeKind) -> None:
    here = skipped()
    for link in here.rig.links():
        _as_if(here, link, kind)
    here.new_rules(ALLOWED)
    poll_alone(here, "account")
    here.rig.drain()
    decided_again(here)


CALLS = [
    "links.by_outcome",
    "queue.send",
    "queue.send done",
    "integrations.change_state done",
    "lanes.release",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_poll_that_is_killed_half_way_has_promised_nothing(call: str) -> None:
    here = skipped()
    here.new_rules(ALLOWED)
    with here.at(call, Killed(call)):
        poll_alone(here, "account")
    if call != "queue.send done":
        here.rig.world.receive("product", 10)
    for _ in range(2):  # once the dead worker's lease has ended
        here.rig.clock.advance(900)
        poll_alone(here, "account")
        here.rig.drain()
    decided_again(here)
    assert version(here) == here.rig.flow.version


def test_the_queue_refuses_half_of_them_and_the_next_poll_sends_all() -> None:
    here = skipped()
    here.new_rules(ALLOWED)
    with here.at("queue.send", RuntimeError("SQS is away")), pytest.raises(RuntimeError):
        poll_alone(here, "product")
    poll_alone(here, "account")
    here.rig.drain()
    decided_again(here)


def test_a_worker_that_is_still_at_work_under_the_old_rules_is_noticed_by_the_second_pass() -> None:
    here = skipped()
    old, new = here.rig.flow, ALLOWED
    here.new_rules(new)
    poll_alone(here, "account")
    here.rig.drain()
    now, here.rig.flow = here.rig.flow, old
    here.enter(VTIGER, "late", "product", name="Late", description=None)
    here.hear(VTIGER, "late", entity="product")
    here.rig.flow = now
    assert stale(here) == {"product"}
    here.rig.clock.advance(900)
    poll_alone(here, "account")
    here.rig.drain()
    decided_again(here)


def test_rules_that_are_taken_back_at_once_are_new_rules_again() -> None:
    here = skipped()
    here.new_rules(ALLOWED)
    poll_alone(here, "account")
    here.new_rules("")
    poll_alone(here, "account")
    assert version(here).startswith(here.rig.flow.version)
    here.rig.drain()
    decided_again(here)


def test_two_passes_and_no_third() -> None:
    """Nobody is asked again and again about what the new rules skip as well."""
    here = skipped()
    here.new_rules('[product]\ndeletes = "hold"\n')
    sends = [_sends_in(here) for _ in range(4)]
    assert sends[0] == 2 and sends[1:] == [0, 0, 0]
    assert version(here) == here.rig.flow.version


def test_two_lists_that_are_polled_at_once_send_them_once() -> None:
    here = skipped()
    here.new_rules(ALLOWED)
    both = [here.rig.services(), here.rig.services()]
    begun = here.rig.clock.now()
    polls = [PollTask(NAME, kind, VTIGER, "poll", new_run_id(begun)) for kind in ("account", "contact")]
    with here.at("links.by_outcome", lambda: poll(both[1], polls[1])):
        poll(both[0], polls[0])
    assert here.rig.stores.queue.depth("product") == here.rig.stores.queue.depth("service") == 1
    here.rig.drain()
    decided_again(here)


def _sends_in(here: Customers) -> int:
    here.rig.clock.advance(900)
    poll_alone(here, "account")
    waiting = sum(here.rig.stores.queue.depth(kind) for kind in KINDS)
    here.rig.drain()
    return waiting


def _as_if(here: Customers, link: Link, kind: OutcomeKind) -> None:
    """The link's last outcome was of this kind."""
    loaded, now = here.rig.stores.links.load([link.link_id])[link.link_id].link, here.rig.clock.now()
    assert loaded is not None
    meant = replace(loaded, outcome=Outcome(kind, "so it was"))
    here.rig.stores.links.commit(Commit(meant, loaded.version, "somebody"), now)
