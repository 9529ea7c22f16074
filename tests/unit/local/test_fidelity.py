"""The page about the emulated vendors counts the marks that stand beside their behaviours."""

from pathlib import Path

import pytest

from local.docs.fidelity import Mark, marked, marks, renewed, tables

PAGE = Path(__file__).parents[3] / "docs" / "fidelity.md"


def test_the_page_has_the_marks_that_the_code_has() -> None:
    page = PAGE.read_text("utf-8")

    assert page == renewed(page), "run `make docs`"


def test_a_mark_may_go_on_and_be_followed_by_another(tmp_path: Path) -> None:
    lines = [
        *("# known: seen - one", "x = 1", "    # known: document - two and"),
        *("    #   more; known: guessed - three", "# other"),
    ]
    (tmp_path / "a.py").write_text("\n".join(lines))

    assert marks(tmp_path) == [
        Mark("seen", "one"),
        Mark("document", "two and more"),
        Mark("guessed", "three"),
    ]


@pytest.mark.parametrize("text", ["# known: heard - x", "# known: seen", "# known: guessed x"])
def test_a_mark_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_text(text)

    with pytest.raises(ValueError, match=r"a\.py: a mark says"):
        marks(tmp_path)


def test_every_mark_is_counted_once() -> None:
    for made in marked().values():
        assert len(made) == len(set(made))
    assert "| Sage Sales Management | " in tables()


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        renewed("# A page\n")
