"""Rows for a person as a table, and for a pipe or a file as lines whose parts are between tabs."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Column, Table

from local.cli._app import on_terminal, out, plain_line
from local.cli._words import line


def show_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    colours: Sequence[str] = (),
    whole: Sequence[str] = (),
    piped: Sequence[Sequence[str]] | None = None,
) -> None:
    """Nothing is cut off: what is too long goes on in the next line. `colours`: one for the first part of
    each row. The columns in `whole` are never broken. `piped`: the lines for a pipe, where these have
    more, such as system and id."""
    if not on_terminal():
        for row in rows if piped is None else piped:
            plain_line(*row)
        return
    columns = [Column(name, overflow="fold", no_wrap=name in whole) for name in head]
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for number, row in enumerate(rows):
        shown = [escape(line(part)) for part in row]
        if colours and colours[number]:
            shown[0] = f"[{colours[number]}]{shown[0]}[/]"
        table.add_row(*shown)
    if rows:
        out.print(table)
