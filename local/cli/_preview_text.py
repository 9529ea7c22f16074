"""What a preview found: on a terminal a line for each value, in a pipe one for each record."""

from collections import Counter
from collections.abc import Sequence

from local.cli._app import on_terminal, out
from local.cli._tables import show_table
from local.cli._words import value
from shared.domain.titles import title
from shared.domain.wording import words
from shared.sync.engine.preview import Forecast

_COLOUR = {
    "create": "green",
    "link": "green",
    "update": "green",
    "wait": "yellow",
    "later": "yellow",
    "hold": "red",
    "fail": "red",
}


def print_forecasts(found: Sequence[tuple[str, Forecast]], counts: Counter[str]) -> None:
    """`found`: entity and forecast. In a pipe: would, entity, system, id, name, why, and what would be
    written with what else is said."""
    if on_terminal():
        out.print("[italic]Preview: nothing was written[/]")
    rows, colours = list[Sequence[str]](), list[str]()
    for name, one in found:
        record = f"{words(name)} {one.label or one.record_id} ({title(one.system)})"
        rows.append((one.would, record, one.reason))
        rows += [("", "", _short(each)) for each in _told(one)]
        colours += [_COLOUR.get(one.would, "default"), *[""] * (len(rows) - len(colours) - 1)]
    show_table(
        ("Would", "Record", "Why, and what would be written"),
        rows,
        colours=colours,
        piped=[
            (one.would, name, one.system, one.record_id, one.label, one.reason, "; ".join(_told(one)))
            for name, one in found
        ],
    )
    out.print("  ".join(f"{would} {count}" for would, count in counts.most_common()) or "Nothing to do.")


def _told(one: Forecast) -> list[str]:
    return [
        *(
            f"{title(system)} {path} = {value(written)}"
            for system, values in one.writes.items()
            for path, written in values.items()
            if written not in (None, "") or one.would != "create"
        ),
        *(
            f"overwrites {title(change['system'])} {words(change['field'])} {value(change['lost'])}"
            for change in one.changes
            if "lost" in change
        ),
        *one.notes,
    ]


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:199] + "…"
