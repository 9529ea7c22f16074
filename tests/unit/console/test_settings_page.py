"""Settings looked at, changed, checked, stored and put back: in the browser as by the command line."""

import html
from pathlib import Path

import pytest

from local.settings_file import parse
from shared.console.draft import packed, unpacked
from shared.operations.settings_text import digest, settings_text
from shared.settings import Connection
from tests.properties.rig import NAME
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.unit.console.settings_world import Settled, forms

FLOW = f"flows/{VTIGER}--{SAGE}.toml"


@pytest.fixture
def console() -> Settled:
    return Settled(Customers())


def test_what_is_stored_is_shown_and_a_viewer_may_look(console: Settled) -> None:
    for shown in (console.get("settings"), Settled(console.here, "viewer").get("settings")):
        assert shown.status == 200
        for words in ("Invoice", "both ways", "Sage Accounting wins", "as shipped: both ways", "PollMinutes"):
            assert words in shown.body
    assert "<fieldset disabled>" in shown.body and "See what would change" not in shown.body


def test_a_change_is_shown_before_it_is_stored(console: Settled) -> None:
    before = console.stored
    shown = console.post("settings", **{"direction.product": "from vtiger", "brake.records": "40"})
    assert console.stored == before
    for words in ("direction of product", "“from vtiger”", "brake, records", "+</i> records = 40"):
        assert words in shown.body
    done = console.follow(console.press(shown, "settings-save"))
    assert "Stored. The next readings go by these settings." in done.body and "in force" in done.body
    assert (console.stored.directions, console.stored.brake) == (
        {"product": "from vtiger"},
        {"records": 40},
    )


def test_the_command_line_reads_what_the_console_stored(console: Settled) -> None:
    stored = console.stored
    connections = {one: Connection(one, {"url": f"https://{one}.example"}) for one in stored.connections}
    console.rig.world.integrations.save(
        type(stored)(stored.name, stored.flow, connections, hook_objects=stored.hook_objects)
    )
    console.saved(
        **{
            "direction.service": "off",
            "direction.invoice": "off",
            "conflict.account": "hold",
            "deletes.product": "hold",
            "minutes.account": "30",
            "brake.percent": "5",
        }
    )
    file = console.get("settings.toml")
    assert file.kind.startswith("application/toml") and "attachment" in file.headers["Content-Disposition"]
    names = ("VTIGER_USER", "VTIGER_ACCESS_KEY", "SAGE_ACCOUNTING_CLIENT_ID", "SAGE_ACCOUNTING_CLIENT_SECRET")
    (entry,) = parse(file.body, Path("x.toml"), {f"TIEOUT_{one}": "x" for one in names}).integrations
    found, stored = entry.integration, console.stored
    assert (found.rules, found.directions, found.brake, found.intervals) == (
        stored.rules,
        {"service": "off", "invoice": "off"},
        {"percent": 5},
        {"account": 30},
    )
    assert "conflict" in stored.rules[FLOW] and 'deletes = "hold"' in stored.rules[FLOW]


def test_what_is_needed_is_switched_on_with_it_and_said(console: Settled) -> None:
    off = {f"direction.{one}": "off" for one in ("account", "contact", "product", "service", "invoice")}
    console.saved(**off)
    shown = console.post("settings", **{"direction.invoice": "both"})
    for needed in ("account", "product", "service"):
        assert f"Invoice records refer to {needed} records: these are switched on with them." in shown.body
    console.press(shown, "settings-save")
    ways = {name: one.direction for name, one in console.rig.flow.entities.items()}
    console.get("settings")
    ways = {name: one.direction for name, one in console.rig.flow.entities.items()}
    assert ways["account"] == ways["product"] == ways["service"] == ways["invoice"] == "both"


def test_what_is_needed_is_not_switched_off_alone(console: Settled) -> None:
    shown = console.post("settings", **{"direction.account": "off"})
    assert "account cannot be switched off while invoice is on" in html.unescape(shown.body)
    assert 'aria-invalid="true"' in shown.body and "Save these settings" not in shown.body


def test_all_faults_are_told_at_once_with_what_is_allowed(console: Settled) -> None:
    shown = console.post(
        "settings",
        **{
            "direction.product": "sideways",
            "brake.percent": "500",
            "brake.records": "few",
            "minutes.account": "3",
        },
    )
    told = html.unescape(shown.body)
    for words in (
        "these 4 things",
        '"sideways" is not a direction; allowed: both, from sage_accounting, from vtiger, off',
        "500 is no limit: write a whole number, 1 to 100",
        "'few' is no limit: write a whole number, 1 or more",
        "3 is no interval: write minutes, 5 to 1440",
    ):
        assert words in told
    assert 'value="few"' in shown.body, "what was entered stays"


@pytest.mark.parametrize(
    ("chosen", "lines"),
    [
        ("vtiger", ['winner = ["vtiger", "sage_accounting"]']),
        ("newest", ['conflict = "newest"']),
        ("hold", ['conflict = "hold"']),
    ],
)
def test_a_conflict_rule_is_for_every_field_and_can_be_taken_back(
    console: Settled, chosen: str, lines: list[str]
) -> None:
    console.saved(**{"conflict.account": chosen})
    text = console.stored.rules[FLOW]
    assert all(line in text for line in lines)
    console.get("settings")
    kinds = {one.conflict for one in console.rig.flow.entities["account"].fields.values()}
    assert kinds <= {"winner", chosen}
    console.saved(**{"conflict.account": "sage_accounting"})
    assert console.stored.rules == {}, "as shipped: no rule of its own is left"


def test_comments_of_a_rule_file_survive() -> None:
    console = Settled(Orders())
    file = "flows/sugarcrm--sage_50.toml"
    rules = {file: "# ours\n[sales_order]\nfresh_seconds = 20   # slow line\n"}
    stored = console.stored
    console.rig.world.integrations.save(type(stored)(stored.name, stored.flow, stored.connections, rules))
    console.saved(**{"deletes.sales_order": "keep"})
    assert console.stored.rules[file] == rules[file] + 'deletes = "keep"\n'


def test_the_second_of_two_people_is_told(console: Settled) -> None:
    first = console.post("settings", **{"brake.records": "40"})
    second = console.post("settings", **{"brake.records": "50"})
    console.press(first, "settings-save")
    done = console.follow(console.press(second, "settings-save"))
    assert "Somebody has changed the settings since you read them" in done.body
    assert console.stored.brake == {"records": 40}
    late = console.post("settings", base=digest("before"), **{"brake.records": "60"})
    assert "Somebody has changed the settings since you opened them" in late.body
    assert "Save these settings" not in late.body


def test_a_version_is_looked_at_compared_and_rolled_back_to(console: Settled) -> None:
    console.saved(**{"brake.records": "40"})
    console.saved(**{"brake.records": "50"})
    newest, middle, first = console.rig.world.integrations.versions(NAME)
    listed = console.get("versions")
    assert all(one.digest in listed.body for one in (newest, middle, first))
    assert "ann@example.com" in listed.body and "found as it was" in listed.body
    shown = console.get("version", id=middle.id)
    assert "+</i> records = 40" in shown.body and f"against {first.digest}" in shown.body
    compared = console.get("version", id=newest.id, against=first.id)
    assert "+</i> records = 50" in compared.body and "records = 40" not in compared.body.split("The whole")[0]
    done = console.follow(console.press(shown, "roll-back"))
    assert "Back to that version, as a new one." in done.body
    assert console.stored.brake == {"records": 40}
    assert console.rig.world.integrations.versions(NAME)[0].why.startswith(f"back to {middle.digest}")
    trail = console.get("trail").body
    assert "roll back" in trail and f"version {middle.id}" in trail and "settings save" in trail


class TestHostile:
    def test_a_viewer_changes_nothing(self, console: Settled) -> None:
        viewer = Settled(console.here, "viewer")
        before = console.stored
        for action in ("settings", "settings-save", "roll-back"):
            refused = viewer.post(action, draft=packed(settings_text(before)), base="x")
            assert refused.status == 403 and "you may look" in refused.body.lower()
        assert console.stored == before

    def test_nothing_without_the_forms_token(self, console: Settled) -> None:
        for action in ("settings", "settings-save", "roll-back"):
            assert console.post(action, token="guess").status == 403

    @pytest.mark.parametrize("draft", ["", "x", "x" * 10_000, packed("x = "), packed("[integration.other]")])
    def test_what_is_no_draft_is_refused(self, console: Settled, draft: str) -> None:
        base = digest(settings_text(console.stored))
        done = console.follow(console.post("settings-save", draft=draft, base=base))
        assert "so nothing was stored" in done.body

    def test_a_draft_is_checked_again_and_moves_no_connection(self, console: Settled) -> None:
        text, base = settings_text(console.stored), digest(settings_text(console.stored))
        moved = text.replace(
            f"[integration.demo.{VTIGER}]", f'[integration.demo.{VTIGER}]\nurl = "https://evil"'
        )
        moved += "\n[integration.demo.brake]\nrecords = 3\n"
        console.post("settings-save", draft=packed(moved), base=base)
        assert console.stored.brake == {"records": 3}
        assert console.stored.connections[VTIGER].options == {}
        bad = settings_text(console.stored).replace("records = 3", "records = 0")
        now = digest(settings_text(console.stored))
        done = console.follow(console.post("settings-save", draft=packed(bad), base=now))
        assert "These settings have a fault" in done.body and console.stored.brake == {"records": 3}

    def test_a_version_of_another_integration_is_not_there(self, console: Settled) -> None:
        console.saved(**{"brake.records": "40"})
        stored = console.stored
        other = type(stored)("other", stored.flow, stored.connections, brake={"records": 1})
        versions = console.rig.world.integrations.versions(NAME)
        console.rig.world.integrations.change(None, other, [versions[0]])
        theirs = type(versions[0])(versions[0].at, "Eve", "deadbeef", "flow = 1")
        console.rig.world.integrations.change(other, other, [theirs])
        assert console.get("version", id=theirs.id).status == 404
        assert console.get("version", id=versions[0].id, against=theirs.id).status == 404
        form = forms(console.get("version", id=versions[1].id).body, "roll-back")
        done = console.follow(console.ask("POST", f"/{NAME}/roll-back", form={**form, "version": theirs.id}))
        assert "There is no such version" in done.body and console.stored.brake == {"records": 40}

    def test_html_in_names_and_values_is_text(self, console: Settled) -> None:
        evil = "<script>alert(1)</script>"
        shown = console.post(
            "settings", **{"minutes.account": evil, "brake.records": '"><b>', "direction.account": evil}
        )
        assert evil not in shown.body and '"><b>' not in shown.body
        assert "&lt;script&gt;" in shown.body

    def test_ten_thousand_characters_are_a_fault_like_any_other(self, console: Settled) -> None:
        shown = console.post("settings", **{"brake.records": "9" * 10_000})
        assert shown.status == 200 and "is no limit" in shown.body


def test_a_draft_that_was_cut_is_noticed() -> None:
    text = "x" * 5000 + "\u00a0\r\n"
    assert unpacked(packed(text)) == text
    for cut in (packed(text)[:-4], packed(text)[:8], "====", "é"):
        with pytest.raises(ValueError):
            unpacked(cut)
