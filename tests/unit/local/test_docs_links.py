"""The pages are true to the code where a machine can tell: links, options, commands, settings files, rules'
words."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from local.cli.main import app
from local.settings_file import parse
from local.settings_systems import SYSTEMS

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING", "SECURITY")),
    *sorted((ROOT / "docs").glob("*.md")),
]
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:`|^\s{4,}|/bin/)tieout ([a-z]+)", re.M)
_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """As the usual hosts of Markdown make them: lower case, without punctuation, dashes for spaces."""
    found = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text()), re.M)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in found}


def options(page: Path) -> set[str]:
    """The first column of the table under "All options"."""
    section = page.read_text().split("## All options", 1)[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.M))


def commands() -> dict[str, set[str]]:
    """command -> its flags."""
    return {title: flags(command.params) for title, command in typer.main.get_group(app).commands.items()}


def flags(parameters: Iterable[Any]) -> set[str]:
    return {flag for one in parameters for flag in (*one.opts, *one.secondary_opts)}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in _LINK.findall(_FENCE.sub("", page.read_text())):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if link.startswith("https://"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize(
    "page, system",
    [
        ("connecting-sugarcrm.md", "sugarcrm"),
        ("connecting-sage-50.md", "sage_50"),
        ("connecting-vtiger.md", "vtiger"),
        ("connecting-sage-accounting.md", "sage_accounting"),
        ("connecting-sage-sales-management.md", "sage_sales_management"),
    ],
)
def test_the_option_tables_are_the_settings_schema(page: str, system: str) -> None:
    assert options(ROOT / "docs" / page) == set(SYSTEMS[system].model_fields) - {"options"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_exists(page: Path) -> None:
    assert set(_COMMAND.findall(page.read_text())) <= commands().keys()


def test_the_command_table_is_complete() -> None:
    named = re.findall(r"^\| `tieout ([a-z]+)", (ROOT / "README.md").read_text(), re.M)
    assert sorted(named) == sorted(commands())


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_flag_of_a_command_exists(page: Path) -> None:
    known, wrong = commands(), []
    whole = flags(typer.main.get_command(app).params)
    for text in re.findall(r"`(tieout [^`]+)`|^ {4,}(tieout [^#\n]+)", page.read_text(), re.M):
        written = "".join(text)
        title = written.split()[1]
        allowed = whole if title.startswith("-") else known.get(title, set())
        wrong += [f"{title} {flag}" for flag in _FLAG.findall(written) if flag not in allowed]
    assert wrong == []


def test_the_settings_files_in_the_pages_are_valid() -> None:
    fence = re.compile(r"^```toml\n(\[integration\..*?)^```", re.M | re.S)
    texts = [text for page in PAGES for text in fence.findall(page.read_text())]
    assert texts
    for text in texts:
        names = dict.fromkeys(re.findall(r'"env:(\w+)"', text), "x")
        assert parse(text, Path("settings.toml"), names).integrations


def test_every_rule_of_the_shipped_flow_is_listed_with_its_words() -> None:
    flow = tomllib.loads((ROOT / "src/shared/flows/sugarcrm--sage_50.toml").read_text())
    page = (ROOT / "docs/skipped-and-why.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| ([A-Z][^|]+) \|", page, re.M))
    assert rows == {rule: one["message"] for rule, one in flow["sales_order"]["require"].items()}


def test_every_example_of_the_pages_exists() -> None:
    for page in PAGES:
        for folder in re.findall(r"`examples/rules/(\w+)`", page.read_text()):
            assert (ROOT / "examples/rules" / folder).is_dir(), f"{name(page)}: {folder}"
