"""The demonstration's settings file and rules folder: they say what it starts with, and change nothing."""

from pathlib import Path
from typing import Any

import pytest

from local.cli import demo as command
from local.demo.flows import FLOWS
from local.demo.settings_folder import put_aside, rule_files, scaffold, write_folder
from local.settings_file import load
from local.stack.home import Home
from shared.mapping.compile import compile_flow


def written(root: Path, flow: str) -> Path:
    demo = FLOWS[flow]
    addresses = {system: f"http://127.0.0.1:{4000 + number}" for number, system in enumerate(demo.vendors)}
    learned = {"sage_accounting": {"refresh_token": "first"}} if demo.sage == "sage_accounting" else {}
    return write_folder(root, "demo", flow, demo.connections(addresses), demo.all_secrets(learned))


@pytest.mark.parametrize("flow", FLOWS)
def test_m4_the_file_says_what_the_demonstration_starts_with(tmp_path: Path, flow: str) -> None:
    demo = FLOWS[flow]
    file = written(tmp_path, flow)
    (entry,) = load(file, {}).integrations
    addresses = {system: f"http://127.0.0.1:{4000 + number}" for number, system in enumerate(demo.vendors)}
    assert entry.live and entry.integration.flow == flow
    for system, connection in demo.connections(addresses).items():
        options = entry.integration.connections[system].options
        assert {**options, **connection.options} == options
    for system, values in demo.secrets.items():
        assert {**entry.secrets[system], **values} == entry.secrets[system]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("flow", FLOWS)
def test_m4_its_rules_are_the_shipped_ones_until_somebody_changes_a_line(tmp_path: Path, flow: str) -> None:
    (entry,) = load(written(tmp_path, flow), {}).integrations
    rules = entry.integration.rules
    assert set(rules) == set(rule_files(flow)) and f"flows/{flow}.toml" in rules
    ours, shipped = compile_flow(flow, rules), compile_flow(flow)
    for name, one in shipped.entities.items():
        other = ours.entities[name]
        assert (other.fields, other.requirements, other.match) == (one.fields, one.requirements, one.match)
        assert {system: made.source for system, made in other.maps.items()} == {
            system: made.source for system, made in one.maps.items()
        }
        assert {system: made.spec for system, made in other.maps.items()} == {
            system: made.spec for system, made in one.maps.items()
        }


def test_rules_that_somebody_changed_are_put_aside_and_others_are_not(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    written(root, "sugarcrm--sage_50")
    assert put_aside(root) is None
    path = root / "rules" / "systems" / "sugarcrm" / "sales_order.toml"
    path.write_text(scaffold("systems/sugarcrm/sales_order.toml") + 'label = "name"\n')
    aside = put_aside(root)
    assert aside == tmp_path / "demo-rules-before" and not (root / "rules").exists()
    assert 'label = "name"' in (aside / "systems" / "sugarcrm" / "sales_order.toml").read_text()


def test_the_demonstration_starts_with_what_its_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(command, "start", lambda home, settings, **_: given.append(settings))
    demo, home = FLOWS["vtiger--sage_50"], Home(tmp_path, 4000, "secret")
    command._start(demo, dict.fromkeys(demo.vendors, "http://127.0.0.1:4000"), {}, home)
    (settings,) = given
    assert settings.integrations == load(tmp_path / "settings.toml", {}).integrations
    assert settings.parameters == {} and settings.integrations[0].integration.name == command.NAME
    assert home.settings_file.read_text() == str(tmp_path / "settings.toml"), "so that check can compare"
