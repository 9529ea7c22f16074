"""Tables as files that a spreadsheet opens, and runs nothing of."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from shared.console.reply import Reply

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run."""


def csv_reply(rows: Iterable[Sequence[Any]], name: str) -> Reply:
    """`rows` with the header first; `name` is that of the file."""
    made = io.StringIO()
    table = csv.writer(made)
    for number, row in enumerate(rows):
        table.writerow(row if number == 0 else [_cell(value) for value in row])
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    # With a mark of UTF-8 in front, without which a spreadsheet reads it in another encoding.
    return Reply(200, "\ufeff" + made.getvalue(), kind="text/csv; charset=utf-8", headers=named)


def _cell(value: Any) -> str:
    """Money is a number, also below zero; whatever else begins like a formula is text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
