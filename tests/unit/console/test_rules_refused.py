"""A release that refuses the stored rules: the console comes up, says what is refused, and is the way to mend
it."""

import html
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from shared.bootstrap import open_services
from shared.console.actions import ACTIONS
from shared.console.api.addresses import API, DONE
from shared.console.pages import PAGES, POSTED
from shared.errors import RuleInvalid
from shared.operations.settings_versions import CONSOLE, Maker, stored_with_version
from tests.properties.rig import NAME
from tests.stories.orders import SUGAR, Orders
from tests.unit.console.form_reader import filled
from tests.unit.console.settings_world import Settled

FILE = f"systems/{SUGAR}/sales_order.toml"
GOOD = '[fields]\nname = "name"   # ours\n'
BAD = '# theirs\n[fields]\namout = "amount_c"\n'
RECORD = {"system": SUGAR, "entity": "sales_order", "record": "desks"}
CURE = "this release refuses the stored rules"


@pytest.fixture
def console() -> Settled:
    """A version that is fine, and over it one that only an earlier release took."""
    here = Orders()
    here.win("desks", name="Desks <b>for</b> the office", amount="120.00")
    here.win("blank", name="Chairs", amount=None)
    here.sync()
    console = Settled(here)
    store = console.rig.world.integrations
    for rules in ({FILE: GOOD}, {FILE: BAD}):
        before = store.load(NAME)
        maker = Maker("ann@example.com", CONSOLE)
        assert stored_with_version(store, before, replace(before, rules=rules), maker, here.rig.clock.now())
        here.rig.clock.advance(60)
    return console


def text(reply: Any) -> str:
    return " ".join(html.unescape(reply.body).split())


def test_the_banner_says_what_stands_still_and_how_to_mend_it(console: Settled) -> None:
    home = text(console.get())
    for words in (
        "Nothing is synchronised, because this release refuses the stored rules.",
        f"Your rules for {FILE}, line 3, fields.amout",
        'did you mean "amount"?',
        "what webhooks and buttons had queued becomes dead letters",
        'href="/demo/rules"',
        'href="/demo/versions"',
        "tieout check --settings FILE",
        "Needs a look",
        "Chairs",
    ):
        assert words in home
    assert 'action="/demo/retry' not in home and "Running well" not in home


def test_no_page_crashes(console: Settled) -> None:
    shown = ("", "log", "runs", "record", "versions", "version", "rules", "health", "connections", "trail")
    for page in (*PAGES, "nowhere"):
        query = RECORD if page == "record" else {"kind": "skipped", "entity": "sales_order"}
        reply = console.get(page, **query)
        assert reply.status in (200, 303, 404, 503), page
        if reply.status == 503:
            assert CURE in reply.body and "Not now" in reply.body, page
        if page in shown:
            assert reply.status == 200 and CURE in reply.body, page
        if page in ("settings", "mapping"):
            assert reply.location == "/demo/rules"
        assert "html" not in reply.kind or "<b>for</b>" not in reply.body, page


def test_a_record_has_its_story_and_no_values_that_only_the_rules_explain(console: Settled) -> None:
    shown = text(console.get("record", **RECORD))
    assert "Desks" in shown and "Its story" in shown and "What both sides show" not in shown
    assert 'action="/demo/retry"' not in shown and 'action="/demo/skip"' not in shown
    api = json.loads(console.get("api/record", **RECORD).body)
    assert api["fields"] == [] and api["story"]


def test_no_button_that_needs_the_rules_does_anything(console: Settled) -> None:
    before = console.stored
    for action in (*ACTIONS, *POSTED, *DONE):
        if action in ("settings-save", "roll-back", "rules"):
            continue
        reply = console.post(action, **RECORD, choice="leave-out")
        assert reply.status == 503 and CURE in reply.body, action
    assert console.post("nothing").status == 404
    assert console.post("retry", token="forged", **RECORD).status == 403
    assert console.stored == before and console.polls.sent == []
    assert not console.rig.world.console.audit.newest(NAME, 10, None)


def test_the_api_tells_what_is_known_and_says_the_rest(console: Settled) -> None:
    for path in API:
        reply = console.get(path, **RECORD)
        assert reply.kind == "application/json" and reply.status in (200, 503), path
        if reply.status == 503:
            assert CURE in json.loads(reply.body)["error"] and "amout" in reply.body, path
        if path == "api/health":
            assert CURE in json.loads(reply.body)["troubles"][0]


def test_it_is_mended_as_text_and_goes_on(console: Settled) -> None:
    """Three clicks: the link of the banner, what would change, save."""
    shown = console.get("rules")
    form = filled(shown.body, "rules")
    assert form["text.0"] == [f"\n{BAD}"]
    still = console.ask("POST", f"/{NAME}/rules", form={**form, "text.0": BAD.replace("amout", "amuont")})
    assert "fields.amuont" in text(still) and "Nothing was stored" in still.body and "amuont = " in still.body
    fine = console.ask("POST", f"/{NAME}/rules", form={**form, "text.0": BAD.replace("amout", "amount")})
    assert CURE in fine.body and "“amount_c”" in text(fine)
    console.press(fine, "settings-save")
    assert console.stored.rules == {FILE: BAD.replace("amout", "amount")}
    after = console.get()
    assert CURE not in after.body and 'action="/demo/retry' in after.body


def test_it_is_rolled_back_and_a_refused_version_is_not(console: Settled) -> None:
    versions = console.rig.world.integrations.versions(NAME)
    good = next(one for one in versions if "amout" not in one.text)
    shown = console.get("version", id=good.id)
    done = console.press(shown, "roll-back")
    assert "rolled-back" in done.location and console.stored.rules in ({FILE: GOOD}, {})
    assert CURE not in console.get().body
    bad = next(one for one in versions if "amout" in one.text)
    again = console.press(console.get("version", id=bad.id), "roll-back")
    assert "version-refused" in again.location


def test_directions_that_are_refused_are_mended_there_too(console: Settled) -> None:
    store = console.rig.world.integrations
    before = store.load(NAME)
    store.save(replace(before, rules={}, directions={"sales_order": "sideways"}))
    assert "sideways" in text(console.get())
    form = filled(console.get("rules").body, "rules")
    assert 'sales_order = "sideways"' in form["tables"][0]
    for wrong, says in (
        ("[directions", "not valid TOML"),
        ("[others]\nx = 1", "no others"),
        ("[directions]\nsales_order = 1", "write a direction"),
    ):
        told = console.ask("POST", f"/{NAME}/rules", form={**form, "tables": wrong})
        assert says in text(told) and "Save these settings" not in told.body
    fine = console.ask("POST", f"/{NAME}/rules", form={**form, "tables": "[brake]\nrecords = 50"})
    console.press(fine, "settings-save")
    assert console.stored.directions == {} and console.stored.brake == {"records": 50}


def test_a_viewer_sees_it_and_mends_nothing(console: Settled) -> None:
    viewer = Settled(console.here, "viewer")
    assert "an administrator corrects the rules" in text(viewer.get())
    assert "See what would change" not in viewer.get("rules").body
    for action in ("rules", "settings-save", "roll-back"):
        assert viewer.post(action, **{"text.0": ""}).status == 403


def test_what_is_written_there_is_text(console: Settled) -> None:
    evil = "</textarea><script>alert(1)</script>"
    form = filled(console.get("rules").body, "rules")
    shown = console.ask("POST", f"/{NAME}/rules", form={**form, "text.0": evil, "tables": evil})
    assert shown.status == 200 and "<script>alert" not in shown.body
    none = console.post("rules", **{"text.7": "x", "tables": ""})
    assert none.status == 200


def test_a_flow_that_is_no_longer_there_is_still_told() -> None:
    here = Orders()
    console = Settled(here)
    stored = console.stored
    here.rig.world.integrations.save(replace(stored, flow="sugarcrm--ledger"))
    reply = console.get()
    assert reply.status == 503 and "sugarcrm--ledger" in reply.body


def test_services_by_the_shipped_rules_are_marked() -> None:
    here = Orders()
    world = here.rig.world
    world.integrations.save(replace(world.integrations.load(NAME), rules={FILE: BAD}))
    given: Any = {
        "stores": here.rig.stores,
        "integrations": world.integrations,
        "environment": SimpleNamespace(allow_local=True),
        "owner": "console",
        "deadline": here.rig.clock.now(),
        "clock": here.rig.clock,
    }
    with pytest.raises(RuleInvalid):
        open_services(NAME, **given)
    made = open_services(NAME, **given, refused="line 3")
    assert made.refused == "line 3" and "sales_order" in made.flow.entities
