"""A vendor's own words, short enough for a sentence.

A refusal may be as long as the vendor likes, and a bulk call may hold two hundred of them: what people read
has to fit a row of the log, on one line.
"""

from typing import Any

MOST = 500
"""Characters: longer than any explanation that explains something."""


def brief(text: Any, most: int = MOST) -> str:
    """On one line, without characters that cannot be shown, and cut where it is too long."""
    words = " ".join("".join(one if one.isprintable() else " " for one in str(text)[: 4 * most]).split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
