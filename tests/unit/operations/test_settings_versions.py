"""Settings with their versions: what is kept, who is told, and the way back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.cli._taking_over import take_over
from local.settings_file import Settings, parse
from local.stack.integrations import store
from shared.errors import RuleInvalid
from shared.operations.proposed import Proposed
from shared.operations.settings_text import digest, parts_of, read_parts, settings_text
from shared.operations.settings_versions import (
    CONSOLE,
    FILE,
    FOUND,
    Maker,
    differences,
    rolled_back,
    stored_with_version,
    with_parts,
)
from shared.settings import Connection, Integration, WebhookToken
from shared.stores.memory import MemoryWorld
from tests.unit.local.test_integrations import TEXT, settings, stored

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ANN = Maker("Ann", CONSOLE)
FLOW = "sugarcrm--sage_50"
RULES = {
    f"flows/{FLOW}.toml": "# ours\n[sales_order]\nfresh_seconds = 20\n",
    "systems/sugarcrm/sales_order.toml": "[fields]\ncustomer_ref = \"ref_c\"  # ''' in a comment\n",
}
SECRETS = {"TIEOUT_SUGARCRM_USER": "u", "TIEOUT_SUGARCRM_PASSWORD": "hush", "TIEOUT_SAGE_50_TOKEN": "hush"}


def integration(**changes: object) -> Integration:
    made = Integration(
        "main",
        FLOW,
        {
            "sugarcrm": Connection(
                "sugarcrm", {"url": "https://crm.example", "timeout_seconds": "20", "api": "v11"}
            ),
            "sage_50": Connection("sage_50", {"url": "https://sage.example"}),
        },
        RULES,
        {"sugarcrm": (WebhookToken("aa" * 32, NOW),)},
        directions={"account": "from sage_50"},
        brake={"percent": 5, "records": 40},
        intervals={"default": 15, "sales_order": 5},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def taken(text: str) -> Settings:
    """As `tieout connect --settings` reads it."""
    return parse(text, Path("settings.toml"), SECRETS)


def kept(world: MemoryWorld, number: int = 0, **changes: object) -> Integration:
    """One more version."""
    before = world.integrations.load("main")
    after = replace(before, **changes)  # type: ignore[arg-type]
    assert stored_with_version(world.integrations, before, after, ANN, NOW + timedelta(minutes=number))
    return after


class TestText:
    def test_the_command_line_reads_it_back_to_the_last_comment(self) -> None:
        text = settings_text(integration())
        (entry,) = taken(text).integrations
        found = replace(entry.integration, webhook_tokens=integration().webhook_tokens)
        assert settings_text(found) == text
        assert (found.rules, found.directions, found.brake, found.intervals) == (
            RULES,
            {"account": "from sage_50"},
            {"percent": 5, "records": 40},
            {"default": 15, "sales_order": 5},
        )

    def test_it_holds_no_secret_and_no_token(self) -> None:
        options = {"url": "https://crm.example", "password": "hush", "api_token": "hush", "scope": "all"}
        made = integration(connections={"sugarcrm": Connection("sugarcrm", options)})
        text = settings_text(made)
        assert "hush" not in text and "aaaa" not in text
        assert 'password = "env:TIEOUT_SUGARCRM_PASSWORD"' in text and 'scope = "all"' in text

    @pytest.mark.parametrize(
        "rule",
        ["", "# only a remark", "a = '''x'''\n", "a = 'x'", "# \r\n", "# \x7f\n", '# "\\ é 日 \u2028\n'],
    )
    def test_rules_of_any_look_come_back(self, rule: str) -> None:
        rules = {"flows/x.toml": rule}
        assert read_parts(settings_text(integration(rules=rules)), "main").rules == rules

    @pytest.mark.parametrize("text", ["", "x = ", "[integration.other]\nflow = 'x'", "integration = 3"])
    def test_what_is_no_settings_is_refused(self, text: str) -> None:
        with pytest.raises(RuleInvalid, match="no settings of the integration main"):
            read_parts(text, "main")


class TestKept:
    def test_each_change_is_a_version_with_its_author(self) -> None:
        world = MemoryWorld()
        stored(world, settings())
        after = kept(world, brake={"records": 7})
        newest, first = world.integrations.versions("main")
        assert (newest.by, newest.why, newest.digest) == ("Ann", CONSOLE, digest(settings_text(after)))
        assert first.why == FILE and first.by.endswith("command line)")
        assert ("+", "records = 7") in [*differences(first.text, newest.text)]

    def test_what_an_earlier_release_stored_is_kept_before_it_is_changed(self) -> None:
        world = MemoryWorld()
        world.integrations.save(integration())
        kept(world, brake={})
        newest, found = world.integrations.versions("main")
        assert (found.why, found.text) == (FOUND, settings_text(integration()))
        assert newest.by == "Ann"

    def test_what_says_the_same_is_no_version(self) -> None:
        world = MemoryWorld()
        stored(world, settings())
        stored(world, settings())
        kept(world, webhook_tokens={})
        assert len(world.integrations.versions("main")) == 1


class TestTwoEditors:
    def test_the_second_is_told(self) -> None:
        world = MemoryWorld()
        stored(world, settings())
        seen = world.integrations.load("main")
        kept(world, brake={"records": 7})
        mine = replace(seen, brake={"records": 9})
        assert not stored_with_version(world.integrations, seen, mine, ANN, NOW)
        assert world.integrations.load("main").brake == {"records": 7}

    def test_so_is_the_command_line(self) -> None:
        """What it showed is what it changes, or nothing."""

        class Stack:
            environment = None
            integrations = staticmethod(lambda: world.integrations)
            stores = staticmethod(lambda name: world.stores(name))

        world = MemoryWorld()
        stored(world, settings())
        proposed = Proposed(Stack())  # type: ignore[arg-type]
        changed = TEXT.replace("live = true", "brake = { records = 9 }")
        store(settings(changed), proposed.integrations(), proposed.secrets)
        kept(world, brake={"records": 7})
        with pytest.raises(RuleInvalid, match="main: somebody has changed its settings since"):
            proposed.keep()
        assert world.integrations.load("main").brake == {"records": 7}

    def test_a_start_does_not_take_back_what_the_console_changed(self) -> None:
        world, said = MemoryWorld(), list[str]()

        def start(text: str = TEXT) -> Integration:
            secrets = lambda name: world.stores(name).secrets  # noqa: E731
            store(settings(text), world.integrations, secrets, said.append, again=True)
            return world.integrations.load("main")

        start()
        kept(world, brake={"records": 7})
        assert start().brake == {"records": 7} and "the file not since then: these stay" in said[-1]
        changed = start(TEXT.replace("live = true", "brake = { records = 9 }"))
        assert changed.brake == {"records": 9} and "the file was changed too: the file counts" in said[-1]
        assert [one.why for one in world.integrations.versions("main")] == [FILE, CONSOLE, FILE]

    def test_nor_does_tieout_up(self, capsys: pytest.CaptureFixture[str]) -> None:
        """And no vendor is asked, for nothing is new in the file."""

        class Stack:
            environment = None
            integrations = staticmethod(lambda: world.integrations)
            stores = staticmethod(lambda name: world.stores(name))

        world = MemoryWorld()
        stored(world, settings())
        kept(world, brake={"records": 7})
        assert take_over(Stack(), settings(), yes=False).stored  # type: ignore[arg-type]
        assert world.integrations.load("main").brake == {"records": 7}
        assert "Ann changed its settings" in capsys.readouterr().err
        assert [one.why for one in world.integrations.versions("main")] == [CONSOLE, FILE]


class TestBack:
    def test_it_is_a_new_version_and_leaves_connections_alone(self) -> None:
        world = MemoryWorld()
        stored(world, settings())
        first = world.integrations.versions("main")[0]
        kept(world, brake={"records": 7})
        moved = {"sugarcrm": Connection("sugarcrm", {"url": "https://new.example"})}
        seen = kept(world, 1, connections={**world.integrations.load("main").connections, **moved})
        expected = digest(settings_text(seen))
        assert rolled_back(world.integrations, "main", first.id, expected, "Ben", NOW + timedelta(minutes=2))
        found = world.integrations.load("main")
        assert found.brake == {} and found.connections["sugarcrm"].options == {"url": "https://new.example"}
        newest = world.integrations.versions("main")[0]
        assert (newest.by, newest.why[:16]) == ("Ben", f"back to {first.digest}")

    def test_not_over_what_somebody_changed_since_and_not_to_what_is_not_there(self) -> None:
        world = MemoryWorld()
        stored(world, settings())
        first = world.integrations.versions("main")[0]
        kept(world, brake={"records": 7})
        assert not rolled_back(world.integrations, "main", first.id, first.digest, "Ben", NOW)
        now = digest(settings_text(world.integrations.load("main")))
        with pytest.raises(KeyError):
            rolled_back(world.integrations, "main", "20261130T090000000000-00000000", now, "Ben", NOW)

    def test_not_to_another_flow_nor_to_rules_that_do_not_compile(self) -> None:
        parts = parts_of(integration())
        with pytest.raises(RuleInvalid, match="of the flow vtiger--sage_50, and this integration has"):
            with_parts(integration(), replace(parts, flow="vtiger--sage_50"))
        broken = {"systems/sugarcrm/sales_order.toml": "[fields]\nnmae = 'x'\nemial = 'y'\n"}
        with pytest.raises(RuleInvalid) as told:
            with_parts(integration(), replace(parts, rules=broken))
        assert len(str(told.value).splitlines()) == 2
