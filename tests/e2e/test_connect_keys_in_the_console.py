"""Systems with static keys, connected in the console: tested, stored only if that passes, disconnected; for
each of them against its emulated vendor."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_sales_management.app import build_app as sage_sales_management
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from local.vendors.vtiger.app import build_app as vtiger
from local.vendors.vtiger.options import VtigerOptions
from tests.contract.test_connect_proves import CASES
from tests.e2e.connect_world import Office
from tests.properties.rig import NAME

SYSTEMS = ("sugarcrm v11", "sugarcrm v4_1", "vtiger", "sage_sales_management", "sage_50")
SEEDED = "S3cr3t-never-to-be-seen"


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    apps: dict[str, Any] = {
        "sugarcrm": sugarcrm(SugarOptions(cron_seconds=0)),
        "vtiger": vtiger(VtigerOptions(version="8.1.0", minute_limit=0)),
        "sage_sales_management": sage_sales_management(SalesOptions()),
        "sage_50": hyperaccounts(HyperOptions()),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(serve(app)).url for name, app in apps.items()}


def office_of(servers: dict[str, str], case: str, *grants: str, live: bool = False) -> Office:
    system, server, options, _, _ = CASES[case]
    return Office(system, servers[server], *grants, live=live, **options)


@pytest.mark.parametrize("case", SYSTEMS)
def test_wrong_keys_are_not_stored_and_right_ones_are(
    servers: dict[str, str], case: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And none of either is in anything that the console gave out, or that anything logged."""
    caplog.set_level("DEBUG")
    office, secret = office_of(servers, case), CASES[case][3]
    assert "has not been connected yet" in office.page()
    last = list(secret)[-1]
    reply = office.press("save", **{**secret, last: SEEDED})
    assert "data-follow" in office.follow(reply).body
    assert any(one.level == "error" for one in office.work())
    shown = office.follow(reply).body
    assert office.secret() == {} and "not stored" in shown and "data-follow" not in shown
    office.press("save", **secret)
    assert not [one for one in office.work() if one.level == "error"]
    assert office.secret() == secret and office.stores.gate.read([office.system])[office.system].state == "ok"
    known = office.get("connections").body
    assert ": open" in known and "leads to" in known and "As last checked" in known
    office.get("trail")
    office.trail()
    whole = "\n".join([*office.kept, caplog.text])
    hidden = [SEEDED, *(value for name, value in secret.items() if name not in ("user", "public_key"))]
    assert not [one for one in hidden if one in whole]


@pytest.mark.parametrize("case", ["sugarcrm v11", "sage_50"])
def test_wrong_keys_on_a_working_connection_leave_it_working(servers: dict[str, str], case: str) -> None:
    office, secret = office_of(servers, case), CASES[case][3]
    office.press("save", **secret)
    office.work()
    before = office.stores.tokens.load(office.system)
    office.press("save", **{list(secret)[-1]: SEEDED})
    assert any(one.level == "error" for one in office.work())
    assert office.secret() == secret and office.stores.tokens.load(office.system) == before
    office.press("test")
    assert not [one for one in office.work() if one.level == "error"]
    assert "Tested: nothing is wrong" in office.page()


@pytest.mark.parametrize("case", ["vtiger", "sage_50"])
def test_who_disconnects_is_asked_and_the_keys_are_gone(servers: dict[str, str], case: str) -> None:
    office, secret = office_of(servers, case), CASES[case][3]
    office.press("save", **secret)
    office.work()
    asking = office.page(ask="disconnect")
    assert "Its credentials are deleted" in asking and 'name="sure"' in asking
    assert "done=not-sure" in office.press("disconnect").location
    assert office.work() == [] and office.secret() == secret
    reply = office.press("disconnect", sure="yes")
    office.work()
    assert office.secret() == {} and office.stores.tokens.load(office.system) is None
    gate = office.stores.gate.read([office.system])[office.system]
    assert gate.state == "paused" and "disconnected" in gate.reason
    assert "Disconnected: done" in office.follow(reply).body
    known = office.get("connections").body
    assert "ann@example.com disconnected it" in known and "leads to" not in known
    office.press("test")
    assert any(one.level == "error" for one in office.work()), "there is nothing to sign in with"
    assert "disconnected it" in office.get("connections").body
    office.press("save", **secret)
    office.work()
    assert office.secret() == secret and ": open" in office.get("connections").body


def test_a_live_integration_is_asked_whether_it_is_the_same_company(servers: dict[str, str]) -> None:
    office = office_of(servers, "sage_50", live=True)
    assert 'name="sure"' in office.page()
    assert "done=not-sure" in office.press("save", token="demo-token").location
    assert office.work() == []
    office.press("save", token="demo-token", sure="yes")
    office.work()
    assert office.secret() == {"token": "demo-token"}


def test_the_page_waits_for_what_was_asked_for_at_the_very_moment(servers: dict[str, str]) -> None:
    """The second may change while the answer to the button is made: then the page waited for ever."""
    office = office_of(servers, "sage_50")
    reply = office.press("save", token="demo-token")
    (message,) = office.world.polls.receive(10)
    taken = office.stores.asked.take(message[1]["asked"], datetime.now(UTC))
    assert taken is not None
    assert f"since={int(taken[0].at.timestamp())}&" in f"{reply.location}&"


def test_a_message_that_comes_twice_is_done_once(servers: dict[str, str]) -> None:
    office = office_of(servers, "sage_50")
    office.press("save", token="demo-token")
    (message,) = office.world.polls.receive(10)
    office.world.polls.send([message, message])
    assert office.work() and office.work() == []


def test_fields_that_the_system_does_not_have_are_not_stored(servers: dict[str, str]) -> None:
    office = office_of(servers, "sage_50")
    office.press("save", token="demo-token", url="https://evil.example", password="x", business="y")
    office.work()
    assert office.secret() == {"token": "demo-token"}
    assert office.world.integrations.load(NAME).connections["sage_50"].options["url"] == servers["sage_50"]


def test_a_viewer_sees_the_facts_and_no_form(servers: dict[str, str]) -> None:
    office = office_of(servers, "sage_50", "viewer")
    shown = office.get("connections").body
    assert "never reached" in shown and "<form" not in shown.partition("<footer>")[0]
    for action in ("test", "save", "begin", "choose", "disconnect"):
        assert office.press(action, token="demo-token", sure="yes").status in (403, 404)
    assert office.work() == [] and office.secret() == {}


@pytest.mark.parametrize("system", ["", "sugarcrm2", "vtiger", "../x", "<b>"])
def test_another_system_is_not_found(servers: dict[str, str], system: str) -> None:
    office = office_of(servers, "sage_50")
    assert office.get("connection", system=system).status == 404
    assert office.post("connection-test", system=system).status == 404
    assert office.post("connection-save", system=system, **{"secret-token": "x"}).status == 404
    assert office.work() == []
