"""Who may import whom, so that the core stays pure and a connector never knows of a store."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[3] / "src"
IO = {"boto3", "botocore", "httpx", "requests", "socket", "urllib3", "aws_lambda_powertools", "sqlite3", "subprocess"}
PURE = ("shared.entities", "shared.mapping", "shared.sync")
FORBIDDEN = {
    **dict.fromkeys(PURE, (*IO, "shared.systems", "shared.stores", "shared.bootstrap", "functions")),
    "shared.systems": ("shared.stores", "shared.bootstrap", "functions", "boto3", "botocore"),
    "shared.stores": ("shared.systems", "shared.bootstrap", "functions", "httpx"),
    "shared": ("local", "bench", "tests"),
    "functions": ("local", "bench", "tests"),
}
CONCRETE = ("shared.systems", "shared.stores")


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def broken(module: str, source: str) -> list[str]:
    return [f"{module} imports {name}" for package, forbidden in FORBIDDEN.items() if within(module, package)
            for name in imports(source) if any(within(name, one) for one in forbidden)]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_keeps_the_import_rules(path: Path) -> None:
    assert broken(name_of(path), path.read_text()) == []


def test_a_broken_rule_is_found() -> None:
    assert broken("shared.sync.plan", "import httpx") == ["shared.sync.plan imports httpx"]
    assert "shared.systems.x imports shared.stores" in broken("shared.systems.x", "from shared.stores import aws")
    assert broken("shared.stores.aws", "from local.stack import home") != []
    assert broken("shared.sync.plan", "from shared.ports import Stores") == []


def test_all_of_src_is_looked_at() -> None:
    assert {"shared.ports", "shared.sync.link"} <= {name_of(path) for path in modules()}
