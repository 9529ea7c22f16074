"""What a contributor is told exists: targets of make and their variables, programs, paths. And the host's own
files have the form that the host reads."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ".github/pull_request_template.md",
    "docs/deploying.md",
]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
PROGRAMS = {"activate", "tieout", "python", "ruff", "mypy", "lint-imports"}
"""What `make setup` puts into .venv/bin and a page may name."""
MADE = (".venv", ".tieout", ".aws-sam", "dist/")
"""Not in the repository, but made by a target."""
_MAKE = re.compile(r"(?:`|^ {4,})make ([a-z-]+)((?: [A-Z]+=[^\s`]+)*)", re.M)
_PATH = re.compile(
    r"(?<![\w/.])((?:\.?[\w*-]+/)+[\w.*-]*|[\w*-]+\.(?:py|md|toml|yaml|yml|in|txt))(?=[`\s),:])"
)


def makefile() -> str:
    return (ROOT / "Makefile").read_text()


def code(page: str) -> list[str]:
    """What stands in back quotes, and lines that are indented as commands are, without their remarks."""
    text = (ROOT / page).read_text()
    indented = [line.partition("  #")[0] for line in re.findall(r"^ {4,}(\S.*)$", text, re.M)]
    return re.findall(r"`([^`\n]+)`", text) + indented


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_exists_with_its_variables(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", makefile(), re.M))
    for target, given in _MAKE.findall((ROOT / page).read_text()):
        assert target in targets, f"{page}: make {target}"
        for name in re.findall(r"([A-Z]+)=", given):
            assert f"$({name})" in makefile(), f"{page}: make {target} {name}="


def test_every_target_is_declared_and_told_by_help() -> None:
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile(), re.M)[0].split())
    told = set(re.findall(r'^\t@echo "make ([a-z-]+)', makefile(), re.M))
    assert told == phony - {"help", "environments", "sam"}


def test_every_path_that_contributing_names_exists() -> None:
    named = {path for text in code("CONTRIBUTING.md") for path in _PATH.findall(f"{text} ")}
    assert {"local/vendors", ".ci/run", "tests/properties/broken.py"} <= named
    missing = [path for path in named if not path.startswith(MADE) and not any(ROOT.glob(path.rstrip("/")))]
    assert missing == []


def test_every_program_of_the_environment_is_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"\.venv/bin/([\w-]+)", (ROOT / page).read_text())}
    assert "python" in named and named <= PROGRAMS
    assert "> .venv/bin/tieout" in makefile()


def test_the_versions_of_python_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    job = workflow["jobs"]["run"]
    versions = job["strategy"]["matrix"]["python"]
    runtime = re.search(r"Runtime: python([\d.]+)", (ROOT / "template.yaml").read_text())
    assert project["project"]["requires-python"] == f">={versions[0]}"
    assert runtime is not None and versions[-1] == runtime[1]
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("path", [one for one in FORMS if one.name != "config.yml"], ids=lambda one: one.name)
def test_a_form_is_one_that_the_host_shows(path: Path) -> None:
    form: dict[str, Any] = yaml.safe_load(path.read_text())
    assert form["name"] and form["description"] and form["body"]
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) > 0
    for part in form["body"]:
        assert part["type"] in ("markdown", "textarea", "input", "dropdown", "checkboxes")
        assert part["attributes"].get("value" if part["type"] == "markdown" else "label")
        assert part["type"] != "dropdown" or len(part["attributes"]["options"]) > 1
