"""What the systems say of themselves: complete, cheap to load, and nothing a stranger names is loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import shared.systems
from local.settings_systems import SYSTEMS as TABLES
from shared.bootstrap import HOOKS, KEPT_ALIVE, OPTIONS, REGISTRY, SIGN_INS
from shared.bootstrap_webhook import PARSERS
from shared.domain.titles import title
from shared.systems import SYSTEMS
from shared.systems.registry import manifest

FOLDER = Path(shared.systems.__file__).parent
LOADED = "import sys, json; print(json.dumps(sorted(sys.modules)))"


def in_a_fresh_process(code: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{FOLDER.parents[1]}:{FOLDER.parents[2]}", "AWS_DEFAULT_REGION": "eu-west-2"},
        text=True,
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_every_folder_with_a_manifest_is_named_and_the_other_way_round() -> None:
    assert sorted(path.parent.name for path in FOLDER.glob("*/manifest.py")) == sorted(SYSTEMS)


def test_what_the_shipped_systems_are_and_can_do() -> None:
    assert tuple(REGISTRY) == ("sugarcrm", "sage_50", "sage_accounting", "vtiger", "sage_sales_management")
    titles = ["SugarCRM", "Sage 50", "Sage Accounting", "Vtiger", "Sage Sales Management"]
    assert [title(one) for one in REGISTRY] == titles
    assert set(PARSERS) == {"sugarcrm", "vtiger", "sage_sales_management"}
    assert set(HOOKS) == {"sugarcrm", "sage_sales_management"}
    assert (set(KEPT_ALIVE), set(SIGN_INS)) == ({"sage_accounting"}, {"sage_accounting"})
    assert title("nobody") == "nobody"


@pytest.mark.parametrize("system", SYSTEMS)
def test_its_options_are_consistent(system: str) -> None:
    names = [one.name for one in manifest(system).options]
    assert len(names) == len(set(names)) and "options" not in names
    for one in OPTIONS[system].values():
        assert (one.kind == "choice") == bool(one.choices)
        assert one.default is None or not one.choices or one.default in one.choices
        assert one.secret or (not one.shown and one.asked), f"{one.name} is no secret"
    found = manifest(system).sign_in
    assert found is None or {found.choice, found.first_token} <= OPTIONS[system].keys()
    assert {one.name for one in OPTIONS[system].values() if one.secret} == TABLES[system].SECRET


def test_secrets_that_no_message_shows() -> None:
    assert {system: set(table.HIDDEN) for system, table in TABLES.items()} == {
        "sugarcrm": {"password", "client_secret"},
        "sage_50": {"token"},
        "sage_accounting": {"client_secret", "refresh_token"},
        "vtiger": {"access_key"},
        "sage_sales_management": {"private_key"},
    }


@pytest.mark.parametrize("name", ["memory", "_http", "", "vtiger.system", "..vtiger", "os"])
def test_a_name_that_is_not_listed_is_not_loaded(name: str) -> None:
    assert name not in PARSERS and name not in REGISTRY
    with pytest.raises(KeyError):
        manifest(name)


def test_all_manifests_load_no_connector_and_no_library() -> None:
    modules = in_a_fresh_process(
        f"from shared.systems import SYSTEMS, registry\nfor one in SYSTEMS: registry.manifest(one)\n{LOADED}"
    )
    ours = {name for name in modules if name.startswith("shared.systems.")}
    common = {"_browser", "_manifest", "_options", "registry"}
    assert ours == {f"shared.systems.{one}" for one in (*common, *SYSTEMS)} | {
        f"shared.systems.{one}.manifest" for one in SYSTEMS
    }
    assert not {"httpx", "pydantic", "boto3", "shared.ports"} & set(modules)


def test_a_webhook_pays_for_one_system() -> None:
    modules = in_a_fresh_process(
        f"from shared.bootstrap_webhook import PARSERS\nPARSERS['vtiger']()\n{LOADED}"
    )
    assert {name for name in modules if name.startswith("shared.systems.") and name.count(".") == 3} == {
        "shared.systems.vtiger.manifest",
        "shared.systems.vtiger.webhook",
    }


@pytest.mark.parametrize(
    "module",
    [
        "functions.console.app",
        "functions.poll_changes.app",
        "functions.reconcile.app",
        "functions.sync_entity.app",
        "local.cli._app",
    ],
)
def test_whatever_is_started_knows_the_titles(module: str) -> None:
    assert in_a_fresh_process(
        f"import {module}, json\nfrom shared.domain.titles import title\nprint(json.dumps(title('sage_50')))"
    ) == ("Sage 50")
