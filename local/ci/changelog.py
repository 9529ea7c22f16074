"""Reads `CHANGELOG.md`: which version its newest entry is about, of which day, and what it says."""

import re
from dataclasses import dataclass
from datetime import date

_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\] - (?P<day>.+)$", re.M)


@dataclass(frozen=True)
class Entry:
    """One version's part of the changelog. `day` is None until it is released; `text` is Markdown."""

    version: str
    day: date | None
    text: str


def newest(changelog: str) -> Entry:
    """The first entry of the page. Raises ValueError for a page without one, or a date that is none."""
    heading = _HEADING.search(changelog)
    if heading is None:
        raise ValueError("the changelog has no heading such as “## [1.2.3] - 2026-11-29”")
    following = _HEADING.search(changelog, heading.end())
    text = changelog[heading.end() : following.start() if following else len(changelog)].strip()
    day = heading["day"].strip()
    return Entry(heading["version"], None if day.lower() == "unreleased" else _day(day), text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"the changelog's newest entry has the date “{text}”: it should be 2026-11-29 or such"
        ) from None
