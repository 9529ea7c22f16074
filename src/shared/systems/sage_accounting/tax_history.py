"""The tax codes of lines, with the percentage that they had on the day of their document.

Sage shows a line's code only, and a code's percentage changes (Ireland: food 13.5 to 9 % on 1 July 2026). A
line with such a code shows the percentage of its day beside it, whatever day it is now; what is written is
the code alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.mapping.tax_periods import dated, undated
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.reference import periods_of

History = Mapping[str, list[dict[str, str]]]
"""Code -> its periods, {rate, from, to}; codes that never changed are left out."""


def history_of(rows: Iterable[Row]) -> dict[str, list[dict[str, str]]]:
    """From Sage's own list of tax rates."""
    return {str(row["id"]): known for row in rows if len(known := periods_of(row)) > 1}


def shown_on(day: str, lines: Iterable[Mapping[str, Any]], history: History) -> list[dict[str, Any]]:
    """Lines as `lines.shown` gives them. Without history, or before it began, the code stays as it is."""
    return [{**line, "tax_rate_id": _on(day, str(line["tax_rate_id"]), history)} for line in lines]


def _on(day: str, code: str, history: History) -> str:
    for one in history.get(code, ()):
        if day and one["from"] <= day and (not one["to"] or day <= one["to"]):
            return dated(code, one["rate"])
    return code


def written_codes(lines: Any) -> Any:
    """Lines to write, with the codes alone."""
    if not isinstance(lines, list):
        return lines
    return [
        {**line, "tax_rate_id": undated(line["tax_rate_id"])}
        if isinstance(line, Mapping) and isinstance(line.get("tax_rate_id"), str)
        else line
        for line in lines
    ]
