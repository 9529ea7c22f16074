"""A record's page: what it is, both sides, its story, and what a person can do about it."""

import pytest

from shared.console.reply import Reply
from tests.browser.console_world import Console
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SUGAR, Orders

GROUP = "GB980780684"


def record(system: str, record_id: str, entity: str = "account") -> dict[str, str]:
    return {"system": system, "entity": entity, "record": record_id}


def values(reply: Reply) -> str:
    """The text of the page, one piece a line."""
    return reply.body.split('class="values"')[1].split("</table>")[0]


def test_the_heading_says_name_number_and_amount() -> None:
    here = Orders()
    here.win("desks", name="Otley Library: desks", amount="1850.00", **{"account.name": "Otley Library"})
    here.sync()
    body = Console(here.rig).get("record", **record(SUGAR, "desks", "sales_order")).body
    heading = body.split("<h1")[1].split("</h1>")[0]
    assert all(
        told in heading for told in ("Otley Library: desks", here.number("desks") or "?", "1,850.00 GBP")
    )
    assert "<title>Otley Library: desks · Tieout</title>" in body and "Otley Library</span>" in body


def test_both_sides_stand_beside_each_other_whichever_side_was_asked_for() -> None:
    here = Customers.linked_smith(name="Smith Ltd", phone="01943 600100")
    page = Console(here.rig)
    left = page.get("record", **record(VTIGER, "smith"))
    right = page.get("record", **record(LEDGER, here.id_of(LEDGER, "smith")))
    assert left.status == right.status == 200
    for reply in (left, right):
        assert values(reply).count("01943 600100") == 2 and "both ways" in values(reply)
        assert "Blank: " in reply.body and "None" not in reply.body


def test_the_story_tells_why_it_was_looked_at_and_what_changed_field_by_field() -> None:
    here = Customers.linked_smith(name="Smith Ltd", phone="01943 600100")
    here.edit(VTIGER, phone="01943 600111")
    here.edit(LEDGER, phone="01943 600999")
    here.sync()
    here.wait(minutes=2)
    body = Console(here.rig).get("record", **record(VTIGER, "smith")).body
    assert "it was on a list that was read" in body and "01943 600100" in body and "01943 600999" in body
    assert "<del>01943 600111</del>" in body and "conflict" in body


def test_a_record_that_is_nowhere_yet_shows_what_one_side_has() -> None:
    here = Orders()
    here.win("size", name="Large", amount="100000000.00")
    here.sync()
    body = Console(here.rig).get("record", **record(SUGAR, "size", "sales_order")).body
    assert "It is not in Sage 50" in body and "100000000.00" in body and "What it would carry over" in body


@pytest.mark.parametrize(
    "nobody", [record(SUGAR, "nobody", "sales_order"), record("sage_50", "1", "sales_order")]
)
def test_f7_a_record_that_is_none_is_not_found(nobody: dict[str, str]) -> None:
    here = Orders()
    here.win()
    here.sync()
    assert Console(here.rig).get("record", **nobody).status == 404


def test_f6_after_retry_one_stays_and_sees_the_outcome() -> None:
    """The page looks again until the outcome is there, and not for ever."""
    here = Orders()
    here.win("fenwick", name="Fenwick", amount=None)
    here.sync()
    page = Console(here.rig)
    here.edit("fenwick", amount="1250.00")
    here.rig.clock.advance(60)
    there = page.post("retry", **record(SUGAR, "fenwick", "sales_order"))
    assert there.location.startswith("/demo/record?")
    waiting = page.follow(there).body
    assert 'data-follow="2"' in waiting and "skipped" in waiting
    here.rig.drain()
    done = page.follow(there).body
    assert "data-follow" not in done and "sales order" in done and "1,250.00 GBP" in done
    here.rig.clock.advance(3600)
    again = page.post("retry", **record(SUGAR, "fenwick", "sales_order"))
    here.rig.clock.advance(200)
    assert "data-follow" not in page.follow(again).body


def alike() -> Customers:
    here = Customers()
    here.enter(LEDGER, "S1", name="Acme Wholesale Ltd", vat_number=GROUP)
    here.enter(VTIGER, "retail", name="Acme Retail Ltd", vat_number=GROUP)
    here.sync()
    return here


@pytest.mark.parametrize(("system", "own", "other"), [(VTIGER, "retail", "S1"), (LEDGER, "S1", "retail")])
def test_look_alikes_are_told_to_be_two_from_either_side(system: str, own: str, other: str) -> None:
    here = alike()
    page = Console(here.rig)
    body = page.get("record", **record(system, own)).body
    assert "Same: they become one pair" in body and f'name="other" value="{other}"' in body
    reply = page.post("decide", other=other, verdict="different", **record(system, own))
    assert "done=decided" in reply.location
    here.rig.drain()
    here.wait(minutes=3)
    assert len(here.records(LEDGER)) == len(here.records(VTIGER)) == 2


def test_look_alikes_are_told_to_be_one() -> None:
    here = alike()
    page = Console(here.rig)
    page.post("decide", other="S1", verdict="same", **record(VTIGER, "retail"))
    here.rig.drain()
    here.wait(minutes=3)
    assert here.linked() == [{VTIGER: "retail", LEDGER: "S1"}]


@pytest.mark.parametrize(
    ("other", "verdict"), [("S2", "same"), ("S1", "burn"), ("", "same"), ("retail", "same")]
)
def test_nothing_is_decided_that_was_not_asked(other: str, verdict: str) -> None:
    here = alike()
    page = Console(here.rig)
    reply = page.post("decide", other=other, verdict=verdict, **record(VTIGER, "retail"))
    assert "done=not-decided" in reply.location and not here.rig.stores.decisions.of("account")
