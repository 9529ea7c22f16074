"""Pins are complete and hashed, name no registry, and cover what is imported."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from local.stack.package import pins

ROOT = Path(__file__).parents[3]
LOCKED = sorted(ROOT.glob("requirements*.txt"))
OURS = {"shared", "functions", "local", "bench", "tests"}
_BESIDE = {"durable", "entrance", "gaps", "memory", "orphans", "server", "snapshots", "upkeep"}
STACK_ONLY = {"ministack", "hypercorn"} | _BESIDE
"""Imported only by the files that the emulator's own interpreter runs."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_line_is_pinned_and_hashed(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.M).strip())
    assert entries and all(re.match(r"[A-Za-z0-9._-]+==\S+", entry) for entry in entries)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_no_registry_is_named(path: Path) -> None:
    assert "://" not in path.read_text() and "index" not in path.read_text()


@pytest.mark.parametrize(
    "name", ["requirements", "requirements-dev", "requirements-stack", "requirements-ci"]
)
def test_the_pins_are_those_of_what_was_asked_for(name: str) -> None:
    asked = re.findall(
        r"^([A-Za-z0-9._-]+)(?:==(\S+?))?\s*(?:;.*)?$", (ROOT / f"{name}.in").read_text(), flags=re.M
    )
    found = {normal(package): version for package, version in pins((ROOT / f"{name}.txt").read_text())}
    platform = {} if sys.platform == "linux" else {"awslambdaric"}
    assert {normal(package) for package, _ in asked} - set(found) - set(platform) == set()
    assert [
        package for package, version in asked if version and found.get(normal(package), version) != version
    ] == []


def test_what_is_deployed_is_pinned_alike_everywhere() -> None:
    deployed = dict(pins((ROOT / "requirements.txt").read_text()))
    developed = dict(pins((ROOT / "requirements-dev.txt").read_text()))
    assert {name: developed.get(name) for name in deployed} == deployed


def test_sam_builds_what_is_pinned() -> None:
    assert (ROOT / "src/requirements.txt").read_text() == (ROOT / "requirements.txt").read_text()


@pytest.mark.parametrize(
    "folder, locked",
    [
        ("src", "requirements.txt"),
        ("local", "requirements-dev.txt"),
        ("tests", "requirements-dev.txt"),
        ("bench", "requirements-dev.txt"),
    ],
)
def test_every_import_is_declared(folder: str, locked: str) -> None:
    declared = {normal(name) for name, _ in pins((ROOT / locked).read_text())}
    by_lambda = {"boto3", "botocore"} if folder == "src" else set()
    owners = packages_distributions()
    foreign = _imported(ROOT / folder) - OURS - STACK_ONLY - set(sys.stdlib_module_names) - by_lambda
    assert {
        name for name in foreign if not {normal(one) for one in owners.get(name, [name])} & declared
    } == set()


def _imported(folder: Path) -> set[str]:
    """Top-level names, without the modules that stand beside the importing file."""
    found = set()
    for path in folder.rglob("*.py"):
        beside = {one.stem for one in path.parent.glob("*.py")}
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names} - beside
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {node.module.split(".")[0]} - beside
    return found
