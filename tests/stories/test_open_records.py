"""What is open is one list for `status`, the log and the console: counted, by reason, with what tells each
record apart."""

from datetime import timedelta
from decimal import Decimal

from shared.domain.open_outcomes import OPEN
from shared.operations.open_groups import of_kinds, open_groups
from shared.operations.open_records import Open, kind_of, open_records
from shared.operations.record_facts import record_facts
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.stories.world import World


def opened(here: World, most: int = 500) -> Open:
    return open_records(here.rig.stores, here.rig.flow.entities, most=most)


def test_d2_waiting_means_records_that_wait_as_the_log_says_it() -> None:
    """Records that are merely watched, and those that were made meanwhile, wait for nothing."""
    here = Orders()
    here.win("desks", customer="NOBODY01")
    here.win("chairs", customer="NOBODY02")
    here.win("lamps", customer=None)
    here.win("stools")
    here.sync()
    assert sorted(here.log()) == ["created", "waiting", "waiting", "waiting"]
    assert opened(here).counts == {"waiting": 3}
    here.customer("NOBODY01")
    here.sync()
    here.sync()
    assert opened(here).counts == {"waiting": 2}


def test_s1_a_held_order_needs_a_person_and_a_lost_opportunity_needs_nobody() -> None:
    here = Orders()
    here.win("refund", amount="-5.00")
    here.win("blank", amount=None)
    here.win("lost", amount=None)
    here.sync()
    found = opened(here)
    assert found.counts == {"held": 1, "skipped": 2} and found.needs_a_person
    here.edit("lost", stage="Closed Lost")
    here.hear("sugarcrm", "lost")
    assert here.rows()[-1].outcome.rule == "where"
    assert opened(here).counts == {"held": 1, "skipped": 1}, "what was lost since is nobody's to mend"


def test_one_group_for_each_reason_with_the_oldest_as_its_example() -> None:
    here = Orders()
    here.win("first", amount=None)
    here.sync()
    here.win("second", amount=None)
    here.win("refund", amount="-5.00")
    here.win("size", amount="100000000.00")
    here.sync()
    groups = open_groups(opened(here))
    assert [(one.kind, one.rule, len(one.links)) for one in groups] == [
        ("held", "credit_note", 1),
        ("skipped", "amount", 2),
        ("skipped", "amount_size", 1),
    ]
    assert groups[1].example.origin_id == "first" and "blank" in groups[1].reason
    assert [one.kind for one in of_kinds(groups, ["held"])] == ["held"]


def test_what_is_named_tells_two_of_one_name_apart() -> None:
    here = Orders()
    here.win("one", name="Fenwick: timber", amount="-250.00")
    here.win("two", name="Fenwick: timber", amount="-99.50", customer="NOBODY01", **{"account.name": "Jones"})
    here.sync()
    links = opened(here).links
    facts = [record_facts(here.rig.flow, here.rig.stores.links, links)[link.link_id] for link in links]
    assert {(one.name, one.amount, one.customer) for one in facts} == {
        ("Fenwick: timber", Decimal("-250.00"), "Smith & Co"),
        ("Fenwick: timber", Decimal("-99.50"), "Jones"),
    }
    assert all(one.title == "Fenwick: timber" for one in facts)
    assert {one.records["sugarcrm"][0] for one in facts} == {"one", "two"}


def test_a_contact_that_waits_is_named_with_its_organisation() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Smith & Co")
    here.enter(SAGE, "S2", name="Smith & Co")
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    here.sync()
    here.wait(minutes=3)
    found = opened(here)
    assert [(link.entity, kind_of(link)) for link in found.links] == [
        *[("account", "held")] * 3,
        ("contact", "waiting"),
    ]
    ann = record_facts(here.rig.flow, here.rig.stores.links, found.links)[found.links[-1].link_id]
    assert (ann.title, ann.customer) == ("Ann Archer", "Smith & Co")


def test_of_very_many_as_many_are_read_as_were_asked_for() -> None:
    here = Orders()
    for number in range(7):
        here.win(f"deal{number}", amount=None)
        here.rig.clock.advance(timedelta(minutes=1).total_seconds())
        here.hear("sugarcrm", f"deal{number}")
    found = opened(here, most=5)
    assert found.counts == {"skipped": 5} and found.more == {("sales_order", "skipped")}
    assert found.cut == {"skipped"} and open_groups(found)[0].more
    assert not opened(here, most=7).more


def test_nothing_is_open_where_all_is_well() -> None:
    here = Orders()
    here.win()
    here.sync()
    found = opened(here)
    assert (found.links, found.counts, found.needs_a_person) == ((), {}, False)
    assert OPEN[:2] == ("failed", "held")
