"""What the launcher writes about integrations, against the memory twins."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from local.settings_file import Settings, load, parse
from local.stack.integrations import recover, store, switches
from shared.settings import Integration, WebhookToken
from shared.stores.memory import MemoryWorld

EXAMPLE = Path(__file__).parents[3] / "examples" / "settings" / "vtiger--sage_accounting.toml"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXT = """\
[integration.main]
flow = "sugarcrm--sage_50"
live = true
[integration.main.sugarcrm]
url = "https://crm.example"
user = "sync"
password = "one"
[integration.main.sage_50]
url = "https://sage.example"
token = "two"
"""


def settings(text: str = TEXT) -> Settings:
    return parse(text, Path("settings.toml"), {})


def stored(world: MemoryWorld, found: Settings) -> None:
    store(found, world.integrations, lambda name: world.stores(name).secrets)


def test_integration_state_and_secrets_are_stored() -> None:
    world = MemoryWorld()
    stored(world, settings())
    assert world.integrations.load("main").connections["sage_50"].options == {"url": "https://sage.example"}
    assert world.integrations.state("main").live
    assert world.stores("main").secrets.get("sage_50") == {"token": "two"}


def test_storing_again_keeps_webhook_tokens_the_state_and_that_it_went_live() -> None:
    world = MemoryWorld()
    stored(world, settings())
    token = WebhookToken("digest", NOW)
    world.integrations.save(replace(world.integrations.load("main"), webhook_tokens={"sugarcrm": (token,)}))
    before = world.integrations.state("main")
    world.integrations.change_state("main", before, replace(before, rules_version="r1", recovering_since=NOW))
    stored(world, settings(TEXT.replace("live = true", "live = false")))
    state = world.integrations.state("main")
    assert world.integrations.load("main").webhook_tokens == {"sugarcrm": (token,)}
    assert (state.live, state.rules_version, state.recovering_since) == (True, "r1", NOW)


def test_a_settings_file_does_not_make_live_what_a_person_set_to_previews_only() -> None:
    world = MemoryWorld()
    stored(world, settings())
    world.integrations.previews_only("main")
    stored(world, settings())
    assert not world.integrations.state("main").live
    held = world.integrations.state("main")
    world.integrations.change_state("main", held, replace(held, live=True, held_back=False))
    stored(world, settings())
    assert world.integrations.state("main").live


def test_recovering_marks_every_integration_and_nothing_else() -> None:
    world = MemoryWorld()
    stored(world, settings(TEXT + TEXT.replace("integration.main", "integration.other")))
    recover(world.integrations, NOW)
    assert {name: world.integrations.state(name).recovering_since for name in world.integrations.names()} == {
        "main": NOW,
        "other": NOW,
    }
    assert world.integrations.state("main").live


def test_the_stack_handles_the_entities_of_its_flows_and_no_others() -> None:
    one, other = (
        Integration("one", "sugarcrm--sage_50", {}),
        Integration("other", "vtiger--sage_accounting", {}),
    )
    off = {"SyncQuotation": "no", "SyncUser": "no"}
    assert switches([]) == dict.fromkeys(switches([one]), "no")
    assert switches([one]) == {
        **dict.fromkeys(switches([]), "no"),
        "SyncAccount": "yes",
        "SyncSalesOrder": "yes",
    }
    assert switches([other]) == {**dict.fromkeys(switches([]), "yes"), "SyncSalesOrder": "no", **off}
    assert switches([one, other]) == {**dict.fromkeys(switches([]), "yes"), **off}


def test_rules_that_do_not_compile_switch_on_nothing() -> None:
    broken = Integration("one", "sugarcrm--sage_50", {}, rules={"flows/sugarcrm--sage_50.toml": "nonsense"})
    assert set(switches([broken]).values()) == {"no"}


def test_the_example_settings_are_what_a_settings_file_may_say() -> None:
    names = ("VTIGER_USER", "VTIGER_ACCESS_KEY", "SAGE_CLIENT_ID", "SAGE_CLIENT_SECRET")
    (entry,) = load(EXAMPLE, dict.fromkeys(names, "x")).integrations
    assert (entry.live, set(entry.secrets["sage_accounting"])) == (False, {"client_id", "client_secret"})
    assert all(one.options["url"].startswith("https://") for one in entry.integration.connections.values())
