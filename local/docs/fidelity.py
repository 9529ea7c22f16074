"""How much of an emulated vendor is known, and from where: counted from the marks beside its behaviours.

A mark is a comment `# known: WHERE - what`, where WHERE is seen (in published code that talks to the live
vendor),
document (the vendor's own pages) or guessed. A line that begins with more blanks goes on with it, and a
second mark
may follow after a semicolon.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from shared.domain.record import record
from shared.domain.titles import title

BEGIN, END = "<!-- marks: made by `make docs` -->", "<!-- end of marks -->"
VENDORS = Path(__file__).parents[1] / "vendors"
WHERE = {"seen": "seen live", "document": "vendor's document", "guessed": "guessed"}
_MARK = re.compile(r"\s*# known: (.+)")
_MORE = re.compile(r"\s*#   (.+)")
_ONE = re.compile(r"(\w+) - (.+)")


_SYSTEMS = {"hyperaccounts": "sage_50"}
"""Vendor's folder -> the system that it stands for, where they are called differently."""


@record
class Mark:
    where: str
    what: str


def marks(folder: Path) -> list[Mark]:
    """In the order of files and lines. Raises ValueError for a mark that says neither of the three."""
    return [one for path in sorted(folder.glob("*.py")) for one in _of(path)]


def _of(path: Path) -> Iterator[Mark]:
    for text in _texts(path.read_text("utf-8").splitlines()):
        for part in text.split("; known: "):
            found = _ONE.fullmatch(part)
            if found is None or found[1] not in WHERE:
                raise ValueError(f"{path.name}: a mark says {', '.join(WHERE)} and what, not {part!r}")
            yield Mark(found[1], found[2].strip())


def _texts(lines: list[str]) -> Iterator[str]:
    """Whole marks, from one line or several."""
    text = ""
    for line in [*lines, ""]:
        begun, more = _MARK.fullmatch(line), _MORE.fullmatch(line)
        if text and more:
            text += f" {more[1].strip()}"
            continue
        if text:
            yield text
        text = begun[1].strip() if begun else ""


def marked() -> dict[str, list[Mark]]:
    """Vendor's folder -> its marks; those without any are left out."""
    found = {path.name: marks(path) for path in sorted(VENDORS.iterdir()) if path.is_dir()}
    return {name: made for name, made in found.items() if made}


def _called(folder: str) -> str:
    return title(_SYSTEMS.get(folder, folder))


def tables() -> str:
    """The counts of all vendors, and what is guessed or known of each."""
    lines = [f"| emulated vendor | {' | '.join(WHERE.values())} |", "|---|---|---|---|"]
    for name, made in marked().items():
        counts = [str(sum(one.where == where for one in made)) for where in WHERE]
        lines.append(f"| {_called(name)} | {' | '.join(counts)} |")
    for name, made in marked().items():
        lines += ["", f"## {_called(name)}", "", "| known from | behaviour |", "|---|---|"]
        ordered = sorted(made, key=lambda one: list(WHERE).index(one.where))
        lines += [f"| {WHERE[one.where]} | {one.what.replace('|', '/')} |" for one in ordered]
    return "\n".join(lines) + "\n"


def renewed(page: str) -> str:
    """The page with its tables made anew. Raises ValueError where a mark of the page is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN if not begin else END}")
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"
