"""Lists are read at once, one kind or all; connections and health tell what the alarms look at."""

from datetime import timedelta

import pytest

from tests.browser.console_world import Console
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SUGAR, Orders


@pytest.mark.parametrize(("entity", "lists"), [("account", {VTIGER, LEDGER}), ("product", {VTIGER, LEDGER})])
def test_one_kind_is_read_now(entity: str, lists: set[str]) -> None:
    here = Customers()
    page = Console(here.rig)
    reply = page.post("sync", entity=entity)
    assert {(one["entity"], one["system"]) for _, one in page.polls.sent} == {(entity, one) for one in lists}
    assert "2 lists will be read now" in page.follow(reply).body and "data-follow" in page.follow(reply).body
    assert "done=no-list" in page.post("sync", entity="lead").location


def test_everything_is_read_now_and_the_page_follows_until_it_was() -> None:
    here = Orders()
    here.win("desks")
    page = Console(here.rig)
    here.rig.clock.advance(60)
    reply = page.post("sync")
    assert "Being read" in page.follow(reply).body
    here.sync(minutes=1)
    assert "1 created" in page.follow(reply).body


def test_connections_say_what_was_last_said_and_until_when() -> None:
    here = Orders()
    here.rig.stores.gate.cool(
        "sage_50", here.rig.clock.now() + timedelta(minutes=8), "no answer in 30 seconds"
    )
    body = Console(here.rig).get("connections").body
    assert (
        "Sage 50: cooling" in body and "No answer in 30 seconds" in body and "tried again by itself" in body
    )
    here.rig.stores.gate.pause(SUGAR, "the password was refused")
    body = Console(here.rig).get("connections").body
    assert "SugarCRM: paused" in body and "tieout connect sugarcrm" in body


def test_health_tells_what_has_stopped_and_what_waits() -> None:
    here = Orders()
    here.win("desks")
    here.sync()
    page = Console(here.rig)
    assert "All is well" in page.get("health").body
    here.rig.clock.advance(5 * 3600)
    here.rig.notify(SUGAR, "sales_order", "desks")
    body = page.get("health").body
    assert "Needs a look" in body and "No list has been read since" in body and "1 message" in body


def test_the_chart_counts_each_day() -> None:
    here = Orders()
    here.win("desks")
    here.sync()
    here.rig.clock.advance(24 * 3600)
    here.win("chairs", amount=None)
    here.sync()
    body = Console(here.rig).get("days").body
    assert "23 Nov: 1 created" in body and "24 Nov: 1 skipped" in body and '<rect class="created"' in body
