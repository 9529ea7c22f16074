"""What an administrator says of one record on its page: whose value of a field stands, and that it is left
out for good."""

import re
from html import unescape

import pytest

from shared.console.reply import Reply
from shared.domain.rules import Rule
from tests.browser.console_world import Console
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SUGAR, Orders
from tests.stories.test_accepted import HOLD, IGNORED, in_conflict

SMITH = {"system": VTIGER, "entity": "account", "record": "smith"}


def forms(reply: Reply, action: str) -> list[dict[str, str]]:
    """The fields of every form of the page that goes there."""
    found = re.findall(rf'<form method="post" action="/demo/{action}"(.*?)</form>', reply.body, re.S)
    return [
        {name: unescape(value) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', one)}
        for one in found
    ]


def test_each_side_of_a_conflict_has_a_button_and_it_settles_it() -> None:
    here = in_conflict()
    page = Console(here.rig)
    offered = forms(page.get("record", **SMITH), "accept")
    assert {(one["field"], one["side"]) for one in offered} == {("phone", VTIGER), ("phone", LEDGER)}
    (mine,) = [one for one in offered if one["side"] == VTIGER]
    here.rig.clock.advance(60)
    there = page.post("accept", **{**mine, "token": page.token})
    assert "done=accepted" in there.location and 'data-follow="2"' in page.follow(there).body
    here.rig.drain()
    body = page.follow(there).body
    assert here.shows(LEDGER)["phone"] == "222" and "somebody@" not in body
    assert "accepted the phone of Vtiger on" in body and "“222” stands" in body


def test_what_moved_since_the_page_was_shown_is_not_written() -> None:
    here = in_conflict()
    page = Console(here.rig)
    mine = forms(page.get("record", **SMITH), "accept")[0]
    here.edit(VTIGER, phone="444")
    here.sync()
    reply = page.post("accept", **{**mine, "token": page.token})
    assert "done=moved" in reply.location
    assert "has changed since the page showed it" in page.follow(reply).body
    here.rig.drain()
    assert here.shows(VTIGER)["phone"] == "444" and here.shows(LEDGER)["phone"] == "333"


def test_what_moves_on_the_way_is_told_on_the_page() -> None:
    here = in_conflict()
    page = Console(here.rig)
    mine = forms(page.get("record", **SMITH), "accept")[0]
    there = page.post("accept", **{**mine, "token": page.token})
    here.edit(LEDGER, phone="444")
    here.rig.drain()
    state = page.follow(there).body.split('class="card state')[1].split("</section>")[0]
    assert "was not written: it has changed since the page showed it" in state


def test_a_field_of_one_direction_offers_its_own_side_alone_and_the_other_is_refused() -> None:
    here = Customers.linked_smith(IGNORED, name="Smith & Co")
    here.edit(LEDGER, phone="111")
    here.sync()
    here.edit(VTIGER, phone="222")
    here.sync()
    page = Console(here.rig)
    (only,) = forms(page.get("record", **SMITH), "accept")
    assert only["side"] == LEDGER
    reply = page.post("accept", **{**only, "side": VTIGER, "token": page.token})
    assert "done=not-accepted" in reply.location
    assert "comes from Sage Accounting alone" in page.follow(reply).body
    here.rig.drain()
    assert "phone" in here.shows(LEDGER) and here.shows(LEDGER)["phone"] == "111"


def test_a_value_that_lost_is_put_back_and_offered_no_more() -> None:
    here = in_conflict("")
    page = Console(here.rig)
    (lost,) = forms(page.get("record", **SMITH), "accept")
    assert lost["seq"] and lost["side"] == VTIGER
    page.post("accept", **{**lost, "token": page.token})
    here.rig.drain()
    assert here.shows(VTIGER)["phone"] == here.shows(LEDGER)["phone"] == "222"
    again = forms(page.get("record", **SMITH), "accept")
    assert len(again) == 1  # 333 is what lost now, on both sides


def test_an_order_that_was_made_offers_nothing() -> None:
    here = Orders()
    here.win("desks")
    here.sync()
    here.edit("desks", amount="250.00")
    here.sync()
    page = Console(here.rig)
    asked = {"system": SUGAR, "entity": "sales_order", "record": "desks"}
    body = page.get("record", **asked)
    assert forms(body, "accept") == []
    forged = {"field": "number", "side": SUGAR, "stamp": f"0~sage_50:{'0' * 16}~{SUGAR}:{'0' * 16}"}
    assert "made once" in page.follow(page.post("accept", **forged, **asked)).body


@pytest.mark.parametrize(
    "forged",
    [
        {"stamp": ""},
        {"stamp": "x~y~z"},
        {"stamp": "9" * 5000},
        {"field": "<script>alert(1)</script>"},
        {"field": "lines"},
        {"side": "sage_50"},
        {"side": "<b>"},
        {"seq": "1", "at": "2026-01-01"},
        {"record": "nobody"},
    ],
)
def test_a_forged_answer_writes_nothing(forged: dict[str, str]) -> None:
    here = in_conflict()
    page = Console(here.rig)
    mine = forms(page.get("record", **SMITH), "accept")[0]
    reply = page.post("accept", **{**mine, **forged, "token": page.token})
    assert reply.status == 303 and "done=accepted" not in reply.location
    there = page.follow(reply)
    assert there.status in (200, 404) and "<script>alert" not in there.body
    here.rig.drain()
    assert here.shows(VTIGER)["phone"] == "222" and here.shows(LEDGER)["phone"] == "333"


@pytest.mark.parametrize("action", ["accept", "skip", "take-up"])
def test_a_viewer_sees_no_button_and_is_refused(action: str) -> None:
    here = in_conflict()
    page = Console(here.rig, None, "viewer")
    body = page.get("record", **SMITH)
    assert forms(body, action) == []
    stamp = {"field": "phone", "side": VTIGER, "stamp": "0~a:b~c:d"}
    assert page.post(action, **SMITH, **stamp).status == 403
    here.rig.drain()
    here.says("held", rule=Rule.CONFLICT)


def test_html_in_a_value_is_shown_and_does_nothing() -> None:
    here = Customers.linked_smith(HOLD, name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="<img src=x onerror=alert(1)>")
    here.edit(LEDGER, phone="333")
    here.sync()
    page = Console(here.rig)
    mine = next(one for one in forms(page.get("record", **SMITH), "accept") if one["side"] == VTIGER)
    page.post("accept", **{**mine, "token": page.token})
    here.rig.drain()
    body = page.get("record", **SMITH).body
    assert "<img" not in body and "&lt;img" in body


def test_it_is_left_out_for_good_and_taken_up_again() -> None:
    here = in_conflict()
    page = Console(here.rig)
    there = page.post("skip", **SMITH)
    assert "done=left-out" in there.location
    here.rig.drain()
    body = page.follow(there).body
    assert "was left out for good by" in body and "Take up again" in body
    assert "Skip for good" not in body and "Accept this side" not in body
    assert "Nothing is open" in page.get().body
    assert "done=not-said" in page.post("skip", **SMITH).location
    here.rig.clock.advance(60)
    page.post("take-up", **SMITH)
    here.rig.drain()
    assert "Skip for good" in page.get("record", **SMITH).body
    assert "1 open" in page.get().body


def test_a_record_that_nobody_knows_is_not_left_out() -> None:
    here = in_conflict()
    page = Console(here.rig)
    reply = page.post("skip", system=VTIGER, entity="account", record="nobody")
    assert "done=no-record" in reply.location
    assert here.rig.world.queue.next_visible() is None


def test_the_trail_has_who_accepted_what() -> None:
    here = in_conflict()
    page = Console(here.rig)
    mine = forms(page.get("record", **SMITH), "accept")[0]
    page.post("accept", **{**mine, "token": page.token})
    body = page.get("trail").body
    assert "accept" in body and "field phone; side" in body and "On its way to the other side" in body
