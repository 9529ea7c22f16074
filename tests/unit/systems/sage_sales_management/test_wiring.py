"""The connector in its place: settings, factory, webhooks, rule files, and the marks of its emulated
vendor."""

from dataclasses import fields
from pathlib import Path

import pytest

from local.settings_file import parse
from local.vendors.sage_sales_management.options import SalesOptions
from shared.bootstrap import HOOKS, REGISTRY
from shared.bootstrap_webhook import PARSERS
from shared.errors import Halt
from shared.systems.sage_sales_management.reference import iso_of
from shared.systems.sage_sales_management.webhook import SalesWebhook
from tests.unit.systems.sage_sales_management.fakes import SYSTEM, Bench, map_of

ROOT = Path(__file__).parents[4]
EMULATED = ROOT / "local" / "vendors" / SYSTEM
SETTINGS = """
[integration.main]
flow = "sage_sales_management--sage_50"
[integration.main.sage_sales_management]
public_key = "public"
private_key = "private"
owner = "emma@example.test"
[integration.main.sage_50]
url = "https://sage.example"
token = "t"
"""


def test_settings_keep_the_keys_apart() -> None:
    (entry,) = parse(SETTINGS, Path("tieout.toml"), {}).integrations
    assert entry.integration.connections[SYSTEM].options == {
        "url": "https://api.forcemanager.com",
        "owner": "emma@example.test",
    }
    assert entry.secrets[SYSTEM] == {"public_key": "public", "private_key": "private"}


def test_the_registries_know_it() -> None:
    assert SYSTEM in REGISTRY and SYSTEM in HOOKS
    assert isinstance(PARSERS[SYSTEM](), SalesWebhook)


@pytest.mark.parametrize("name, value", [("fresh_seconds", "soon"), ("settle_seconds", "-1")])
def test_an_option_that_cannot_be_halts_with_its_name(name: str, value: str) -> None:
    with pytest.raises(Halt, match=name):
        Bench().system(**{name: value})


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src/shared/systems" / SYSTEM).glob("*.toml")), ids=lambda one: one.stem
)
def test_a_create_can_be_looked_for(path: Path) -> None:
    """By our key, or by what the vendor was sent."""
    spec = map_of(path.stem).spec
    if spec.optional:  # a part of other records, and never made
        return
    assert spec.key_path or spec.witness or path.stem == "user"
    assert spec.poll_mode == "cursor"


@pytest.mark.parametrize(
    "labels, iso",
    [(["euro"], "EUR"), (["Pound sterling", "Libra"], "GBP"), (["usd"], "USD"), (["Florin"], ""), ([], "")],
)
def test_currencies_are_known_by_their_names(labels: list[str], iso: str) -> None:
    assert iso_of(labels) == iso


# the marks of where each emulated behaviour is known from


def test_every_switch_has_a_mark() -> None:
    text = (EMULATED / "options.py").read_text("utf-8")
    plain = {
        "public_key",
        "private_key",
        "key_user",
        "custom_fields",
        "first_id",
        "locator",
        "cron_seconds",
        "delay_seconds",
    }
    lines = text.splitlines()
    for one in fields(SalesOptions):
        if one.name in plain | {"largest_page"}:
            continue
        place = next(number for number, line in enumerate(lines) if line.startswith(f"    {one.name}:"))
        above = next(line for line in reversed(lines[:place]) if not line.startswith("    #   "))
        assert above.startswith("    # known: guessed - "), one.name
