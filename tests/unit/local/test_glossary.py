"""The glossary names code that exists, and each word once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "src" / "shared"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ")
][1:]
CODE = {path: path.read_text("utf-8") for path in SHARED.rglob("*.py")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_it_names_in_the_code_exists(row: list[str]) -> None:
    word, known_as, meaning, code = row
    name = code.strip("`")
    assert word and known_as and meaning.endswith("."), "a word, the field's own word, and a sentence"
    if name.endswith(".py"):
        assert any(path.as_posix().endswith(f"/{name}") for path in CODE), f"no file {name}"
    elif name[0].isupper() and not name.isupper():
        assert any(re.search(rf"^class {name}\b", text, re.M) for text in CODE.values()), f"no class {name}"
    else:
        assert any(re.search(rf"\b{name}\b", text) for text in CODE.values()), f"no name {name}"


def test_each_word_stands_once() -> None:
    words = [row[0] for row in ROWS]
    assert len(words) == len(set(words)) >= 25


def test_it_is_linked_from_the_pages_that_a_newcomer_reads_first() -> None:
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text("utf-8")
    assert "(glossary.md)" in (ROOT / "docs" / "architecture.md").read_text("utf-8")
