"""Home is what is open now, by reason; a group is tried again with one button."""

from datetime import timedelta

import pytest

from shared.console.lines import of_rows
from shared.domain.link import ChangeEvent
from shared.domain.record import replace
from shared.domain.run_ids import hook_run_id
from shared.errors import RuleInvalid, Unavailable
from shared.ports import Parked, Run
from tests.browser.console_world import Console
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SUGAR, Orders

GROUP = {"kind": "skipped", "entity": "sales_order", "rule": "amount", "field": "amount"}


@pytest.fixture
def here() -> Orders:
    return Orders()


def console(here: Orders | Customers) -> Console:
    return Console(here.rig, dict.fromkeys(here.rig.systems, "https://at.example/{id}"))


def test_f3_what_was_mended_is_gone_from_the_list_and_still_in_the_log(here: Orders) -> None:
    here.win("fenwick", name="Fenwick: timber decking", amount=None)
    here.sync()
    page = console(here)
    assert "Fenwick: timber decking" in page.get().body and "enter the amount" in page.get().body
    here.edit("fenwick", amount="1250.00")
    here.sync()
    assert "Fenwick" not in page.get().body and "Nothing is open" in page.get().body
    assert page.get("log", q="fenwick").body.count("Fenwick: timber decking</a>") == 2


def test_f3_a_held_customer_of_the_other_direction_is_gone_once_it_is_settled() -> None:
    here = Customers()
    here.enter(LEDGER, "S1", name="Acme Wholesale Ltd", vat_number="GB980780684")
    here.enter(VTIGER, "retail", name="Acme Retail Ltd", vat_number="GB980780684")
    here.sync()
    page = console(here)
    assert "2 accounts" in page.get().body and "Acme Wholesale" in page.get().body
    here.edit(VTIGER, "retail", vat_number=None)
    here.sync()
    here.wait(minutes=2)
    assert "2 accounts" not in page.get().body


def test_two_records_with_one_name_can_be_told_apart(here: Orders) -> None:
    for number, amount in (("one", "-1850.00"), ("two", "-640.00")):
        here.win(number, name="Fenwick: timber decking", amount=amount, **{"account.name": "Fenwick"})
    here.sync()
    body = console(here).get().body
    assert "-1,850.00 GBP" in body and "-640.00 GBP" in body and body.count("Fenwick</span>") == 2
    assert 'href="https://at.example/one" target="_blank" rel="noopener' in body


def test_an_id_stands_where_two_lines_would_read_the_same_and_nowhere_else(here: Orders) -> None:
    for number, name in (("one", "Fenwick: desks"), ("two", "Fenwick: desks"), ("three", "Otley: chairs")):
        here.win(number, name=name, amount=None)
    here.sync()
    page = console(here)
    for body in (page.get().body, page.get("log").body):
        assert "<code>one</code>" in body and "<code>two</code>" in body and "<code>three</code>" not in body


def test_two_rows_of_both_sides_of_a_pair_are_one_record() -> None:
    here = Customers.linked_smith(name="Smith Ltd")
    here.wait(minutes=3)
    here.edit(VTIGER, "smith", phone="0113 496 0001")
    here.sync()
    lines = of_rows(here.rig.services(), here.rig.stores.log.rows())
    both = [replace(line.row, system=one) for line in lines[:1] if line.row for one in (VTIGER, LEDGER)]
    assert len(both) == 2 and both[0].link_id
    assert not any(line.with_id for line in of_rows(here.rig.services(), both))


def test_the_oldest_come_first_and_a_large_group_has_a_page_of_its_own(here: Orders) -> None:
    for number in range(12):
        here.win(f"deal-{number:02}", name=f"Deal number {number:02}", amount=None)
        here.sync()
    page = console(here)
    body = page.get().body
    assert "12 sales orders" in body and body.index("Deal number 00") < body.index("Deal number 07")
    assert "Deal number 08" not in body and "All 12" in body
    assert "Deal number 11" in page.get("open", **GROUP).body
    assert page.get("open", **{**GROUP, "rule": "gone"}).status == 404


def test_a_group_is_queued_as_it_is_now(here: Orders) -> None:
    for name in ("a", "b", "c"):
        here.win(name, amount=None)
    here.win("refund", amount="-5.00")
    here.sync()
    page = console(here)
    here.edit("b", amount="10.00")
    here.sync()
    reply = page.post("retry-group", **GROUP)
    assert "2 records will be looked at again now" in page.follow(reply).body
    assert "0 of 2 records looked at again" in page.follow(reply).body
    queued = here.rig.world.receive("sales_order", 10)
    assert sorted(event.record_id for event in queued) == ["a", "c"]
    assert {event.cause for event in queued} == {"manual"} and len({event.run_id for event in queued}) == 1
    assert "done=no-record" in page.post("retry-group", **{**GROUP, "kind": "failed"}).location


def test_the_page_follows_a_group_until_all_of_it_came_out(here: Orders) -> None:
    for name in ("a", "b"):
        here.win(name, amount=None)
    here.sync()
    page = console(here)
    here.edit("b", amount="10.00")
    here.rig.clock.advance(60)
    reply = page.post("retry-group", **GROUP)
    assert "data-follow" in page.follow(reply).body
    here.rig.drain()
    assert "data-follow" not in page.follow(reply).body and "1 sales order " in page.get().body
    for run in ("20269999T999999Z-aaaa", "x", "20261123T091500Z-zzzz"):
        assert "data-follow" not in page.get(run=run, n="2", done="queued").body


def test_a_flow_that_cannot_be_read_at_all_is_told(here: Orders) -> None:
    page = console(here)

    def broken(_: str, refused: str = "") -> None:
        raise RuleInvalid("flows/x.toml, line 3: there is no field amuont")

    page.deployment.services = broken  # type: ignore[method-assign, assignment, misc]
    reply = page.get()
    assert reply.status == 503 and "there is no field amuont" in reply.body


def test_storage_that_cannot_answer_is_told(here: Orders) -> None:
    page = console(here)
    with here.at(
        "links.unsettled", Unavailable("DynamoDB cannot answer at the moment; it will be tried again")
    ):
        reply = page.get()
    assert reply.status == 503 and "DynamoDB cannot answer at the moment" in reply.body


def test_what_is_parked_is_told_with_the_time(here: Orders) -> None:
    here.rig.stores.gate.pause("sage_50", "the password was refused")
    here.win("desks")
    here.sync()
    body = console(here).get().body
    assert "Sage 50 is paused: the password was refused" in body and "Needs a look" in body


def test_nothing_needs_you_is_not_said_beside_a_trouble(here: Orders) -> None:
    page = console(here)
    assert "Nothing needs you" in page.get().body
    here.rig.stores.gate.pause("sage_50", "the password was refused")
    page.letters.put("sales_order", "{}")
    body = page.get().body
    assert "Nothing needs you" not in body and "No record needs you, but something else does" in body


def test_all_that_is_parked_is_counted(here: Orders) -> None:
    now = here.rig.clock.now()
    for number in range(350):
        event = ChangeEvent("demo", SUGAR, "sales_order", f"r{number}", "poll", "run", now)
        here.rig.stores.parks.park([Parked(event, now + timedelta(minutes=30), "Sage is down", "", now)])
    body = console(here).get().body
    assert "350 records in all; these are the 200 that are tried first" in body
    assert "What is parked goes on by itself" in body


def test_it_does_not_run_well_while_nothing_is_read(here: Orders) -> None:
    here.win("desks")
    here.sync()
    here.live_for_hours(200)
    page = console(here)
    assert "Running well" in page.get().body
    here.rig.clock.advance(3 * 86_400)
    body = page.get().body
    assert "Running well" not in body and "No list has been read since" in body
    health = page.get("health").body
    assert health.count("No list has been read since") == 1, "each is told once"


def test_webhooks_alone_do_not_hide_that_nothing_is_read(here: Orders) -> None:
    """Their runs push the last reading out of those that a page looks at."""
    for hour in range(110):
        begun = here.rig.clock.now() - timedelta(hours=110 - hour)
        run_id = hook_run_id(begun, SUGAR, "sales_order")
        here.rig.stores.log.put_run(
            Run(run_id, "webhook", "sales_order", SUGAR, begun, begun, "done", "1 told")
        )
    body = console(here).get().body
    assert "Running well" not in body and "No list has been read since" in body


def test_a_list_that_the_brake_stopped_is_let_go_on(here: Orders) -> None:
    from dataclasses import replace

    store = here.rig.world.integrations
    before = store.state("demo")
    store.change_state(
        "demo", before, replace(before, braked={f"sales_order.{SUGAR}": "more than 1000 changed"})
    )
    page = console(here)
    assert "More than 1000 changed" in page.get().body and "Let it go on" in page.get("sync").body
    reply = page.post("release", list=f"sales_order.{SUGAR}")
    assert "done=released" in reply.location and store.state("demo").released == (f"sales_order.{SUGAR}",)
    assert [message["entity"] for _, message in page.polls.sent] == ["sales_order"]


def test_the_first_page_is_small_and_asks_for_two_files(here: Orders) -> None:
    for number in range(300):
        here.win(f"deal-{number}", name=f"Deal {number}", amount=None)
    here.sync()
    page = console(here)
    body = page.get().body
    files = [one for one in body.split('"') if one.startswith("/static/")]
    assert len(files) == 2
    for file in files:
        reply = page.ask("GET", file, signed_in=False)
        assert reply.status == 200 and "immutable" in reply.payload()["headers"]["Cache-Control"]
    sent = [page.get().payload(packed=True), *(page.ask("GET", one).payload(packed=True) for one in files)]
    assert sum(len(one["body"]) for one in sent) < 50_000
