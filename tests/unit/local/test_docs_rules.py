"""The page for bookkeepers names every rule: those of the shipped flows with their words, and those that the
code gives."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "src" / "shared"
FLOWS = sorted((SHARED / "flows").glob("*.toml"))
PAGE = (ROOT / "docs" / "skipped-and-why.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("|")
]
NAMED_FIRST = ("RuleRefused",)
"""Faults whose first argument is the rule's name."""


def texts(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may give."""
    for inner in ast.walk(node) if node is not None else ():
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value:
            yield inner.value


def rules_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield from (text for word in node.keywords if word.arg == "rule" for text in texts(word.value))
            if isinstance(node.func, ast.Name) and node.func.id in NAMED_FIRST and node.args:
                yield from texts(node.args[0])
        if isinstance(node, ast.FunctionDef):
            with_default = node.args.args[len(node.args.args) - len(node.args.defaults) :]
            yield from (
                text
                for arg, value in zip(with_default, node.args.defaults, strict=True)
                if arg.arg == "rule"
                for text in texts(value)
            )


def test_every_rule_of_the_code_is_on_the_page() -> None:
    found = {rule for path in SHARED.rglob("*.py") for rule in rules_of(path)}
    assert {"rejected", "unreadable", "totals", "reference", "parked"} <= found
    assert sorted(rule for rule in found if f"`{rule}`" not in PAGE) == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.stem)
def test_every_rule_of_a_flow_is_on_the_page_with_its_words(flow: Path) -> None:
    data = tomllib.loads(flow.read_text("utf-8"))
    asked = [
        (entity, name, one["message"])
        for entity, rules in data.items()
        if isinstance(rules, dict)
        for name, one in rules.get("require", {}).items()
    ]
    assert asked
    for entity, name, message in asked:
        assert any(
            f"`{name}`" in row and message in row and (row[0] in (entity, f"`{name}`")) for row in ROWS
        ), f"{entity}.{name}: {message}"
