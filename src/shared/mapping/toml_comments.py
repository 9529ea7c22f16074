"""The comments of a TOML text, which no change of a value may lose."""

import re
from collections.abc import Sequence

_COMMENT = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'{3}.*?\'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|(#[^\n]*)''', re.DOTALL
)
"""Texts are matched so that no sign in them is taken for a comment."""


def comments(text: str) -> list[str]:
    return [found[1].rstrip() for found in _COMMENT.finditer(text) if found[1]]


def in_place(old: Sequence[str], new: str) -> list[str]:
    """The new line with the comments of the old ones: behind it, and above it where there were several."""
    *above, last = comments("\n".join(old)) or [""]
    if not last:
        return [new]
    before = old[-1].rpartition(last)[0]
    return [*above, new + (before[len(before.rstrip()) :] or "  ") + last]
