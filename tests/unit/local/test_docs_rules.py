"""The page for bookkeepers names every rule: those of the shipped flows with their words, and those that the
code gives. The sentences themselves are compared in `test_docs_sentences`."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.rules import Rule

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "src" / "shared"
FLOWS = sorted((SHARED / "flows").glob("*.toml"))
PAGE = (ROOT / "docs" / "skipped-and-why.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("|")
]
NAMES = PAGE[PAGE.index("## The names of the rules") :]
MAKERS = ("Outcome", "RuleRefused", "FieldUnreadable", "__init__")
"""What a rule is handed to, or is the default of, where an outcome is made of it."""
PROGRAM = ("src", "local", "bench")


def trees(word: str, *folders: str) -> Iterator[tuple[Path, ast.AST]]:
    """The files in which the word is at all: parsing all of them takes seconds."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if word in (text := path.read_text("utf-8")):
                yield path, ast.parse(text)


def rules_in(node: ast.AST) -> set[str]:
    """The members of `Rule` that are named in an expression."""
    return {
        Rule[inner.attr].value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "Rule"
    }


def made_of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
        return set().union(*(rules_in(one) for one in (*node.args, *(word.value for word in node.keywords))))
    if isinstance(node, ast.FunctionDef) and node.name in MAKERS:
        return set().union(*(rules_in(one) for one in node.args.defaults))
    return set()


def test_every_rule_is_on_the_page_and_no_other() -> None:
    named = {
        name for row in re.findall(r"^\| (`[^|]+`) \|", NAMES, re.M) for name in re.findall(r"`([^`]+)`", row)
    }
    assert named == {rule.value for rule in Rule}


def test_every_rule_is_given_by_something() -> None:
    given = {rule for _, tree in trees("Rule", "src") for node in ast.walk(tree) for rule in made_of(node)}
    assert given == {rule.value for rule in Rule}


def test_outcomes_are_made_in_one_place() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees("Outcome", "src", "local")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Outcome"
        if path.parent.name != "outcomes" and path.name != "codec.py"
    ]
    assert elsewhere == []


def test_no_rule_is_compared_as_text() -> None:
    """A member that does not exist is found by the types; a text is not."""
    texts = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees(".rule", *PROGRAM)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(is_rule(one) for one in (node.left, *node.comparators))
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and inner.value in {rule.value for rule in Rule}
    ]
    assert texts == []


def is_rule(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "rule"


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
            f"`{name}`" in row and message in row and (entity in row[0].split(", ") or row[0] == f"`{name}`")
            for row in ROWS
        ), f"{entity}.{name}: {message}"
