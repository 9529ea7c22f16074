"""Puts the figures of results.json into README.md, between two marks, so that the page cannot say anything
else."""

import json
from pathlib import Path

from bench.figures import Figures, row

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
README = HERE / "README.md"
_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"


def write(figures: Figures) -> None:
    """Raises ValueError when a mark is missing from README.md."""
    README.write_text(filled(README.read_text(), figures))


def filled(page: str, figures: Figures) -> str:
    """The page with these figures between its marks."""
    if page.count(_BEGIN) != 1 or page.count(_END) != 1:
        raise ValueError(
            f"{README.name} needs the marks {_BEGIN} and {_END} once each: the figures go between them"
        )
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n\n{table(figures)}\n\n{_END}{rest.partition(_END)[2]}"


def table(figures: Figures) -> str:
    head = [("figure", "measured", "target", "", "note"), ("---",) * 5]
    rows = [*head, *(row(name, one) for name, one in figures.items())]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows)


def stored() -> Figures:
    """Raises FileNotFoundError when nothing was measured yet."""
    return dict(json.loads(RESULTS.read_text()))
