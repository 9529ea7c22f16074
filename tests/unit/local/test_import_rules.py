"""Who may import whom is declared in pyproject.toml. It holds, and every one of its rules is seen to fail
when broken."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BROKEN = {
    "src/shared/clock.py": "import local.settings_file",
    "src/shared/sync/merge.py": "import httpx",
    "src/shared/ports/system.py": "import shared.sync.merge",
    "src/shared/systems/sage_50/client.py": "import boto3\nimport shared.systems.vtiger.walk",
    "src/shared/stores/aws_log.py": "import httpx",
    "src/shared/operations/poll.py": "import shared.systems.memory",
    "src/shared/mapping/model.py": "import shared.unplaced",
    "src/shared/unplaced.py": "",
    "local/vendors/vtiger/people.py": "import local.vendors.vtiger.app",
}
"""File -> a line that nobody may add there. `unplaced` is a module that no layer names."""


def declared() -> set[str]:
    return {
        one["name"]
        for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    }


def said(root: Path) -> dict[str, str]:
    """Contract -> KEPT or BROKEN, as import-linter prints it for the tree under `root`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    shown = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}"},
        text=True,
        capture_output=True,
        check=False,
    )
    found = re.findall(r"^(.+?) (KEPT|BROKEN)\b", shown.stdout, re.M)
    assert found, shown.stdout + shown.stderr
    return dict(found)


def test_the_import_rules_hold() -> None:
    assert said(ROOT) == dict.fromkeys(declared(), "KEPT")


def test_each_rule_is_broken_by_what_it_forbids(tmp_path: Path) -> None:
    for folder in ("src", "local", "bench"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in BROKEN.items():
        path = tmp_path / name
        path.write_text(f"{path.read_text() if path.exists() else ''}\n{line}\n")
    found = said(tmp_path)
    if found.keys() != declared():
        pytest.fail(f"not every rule was looked at: {found}")
    assert found == dict.fromkeys(declared(), "BROKEN")
