"""Values and names as people read them, on a terminal and in a pipe: no line breaks, and no Python."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from shared.domain.wording import words


def line(text: object) -> str:
    """One line, whatever the text holds: it may come from a record, and so may what moves a terminal's
    cursor."""
    shown = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in str(text))
    return " ".join(shown.split())


def value(found: Any) -> str:
    """A value of a record: blank, a text in quotation marks, a number, a day, or the parts of a list."""
    if found is None or found == "":
        return "blank"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, Mapping):
        return ", ".join(f"{words(str(name))} {value(item)}" for name, item in found.items())
    if isinstance(found, (list, tuple, set, frozenset)):
        return "; ".join(value(item) for item in found) or "no lines"
    if isinstance(found, Decimal):
        return f"{found:f}"
    if isinstance(found, datetime):
        return f"{found.astimezone():%Y-%m-%d %H:%M:%S}"
    return f"“{line(found)}”" if isinstance(found, str) else line(found)
