"""What a trial found, in words, and as a sheet with a line for each field."""

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from local.cli._words import value
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.pairs_file import safe
from shared.operations.trial import Trial, Way
from shared.operations.trial_compare import Difference

_COLUMNS = (
    "entity",
    "from",
    "to",
    "id",
    "name",
    "before",
    "after",
    "field",
    "value before",
    "value after",
    "total before",
    "total after",
    "currency",
    "read",
)


class Sheet:
    """A CSV file, written as the differences are found. What a spreadsheet would run stays text."""

    def __init__(self, text: IO[str]) -> None:
        self._table = csv.writer(text)
        self._table.writerow(_COLUMNS)

    def add(self, one: Difference) -> None:
        record = (one.entity, one.source, one.target, one.record_id, one.label, one.before, one.after)
        money = (one.total_before, one.total_after, one.currency, "now" if one.live else "archive")
        for field in one.fields or (("", None, None),):
            self._table.writerow([safe(_cell(cell)) for cell in (*record, *field, *money)])


def rows_of(one: Difference) -> Iterator[tuple[str, ...]]:
    """A row for each field, or for what else becomes of the record, and one for its total."""
    record = f"{words(one.entity)} {one.label or one.record_id}"
    record += f" ({title(one.source)} {one.record_id})" if one.label else f" of {title(one.source)}"
    if one.before != one.after:
        yield record, "what becomes of it", _sent(one.before, one.target), _sent(one.after, one.target)
    for field, before, after in one.fields:
        yield record, f"{title(one.target)} {field}", value(before), value(after)
    if one.total_before != one.total_after:
        yield record, f"total {one.currency}".strip(), _amount(one.total_before), _amount(one.total_after)


def said_of(tried: Trial, since: datetime) -> Iterator[str]:
    """The sum of it: a few lines for each entity and way."""
    if not tried.ways:
        yield f"The archive holds no record that was read since {since.astimezone():%Y-%m-%d %H:%M}."
        yield "Readings are archived as records are synchronised; --since goes further back."
    for way in tried.ways:
        yield _counted(way)
        for currency, (before, after) in sorted(way.money.items()):
            yield f"  totals {currency}: {before:,f} before, {after:,f} after, {after - before:+,f}"
        for field, count in way.fields.most_common():
            yield f"  {title(way.target)} {field}: differs in {counted(count, 'record')}"
        for field, count in way.not_archived.most_common():
            yield f"  {_named(field)}: not in the archive ({counted(count, 'record')})"
        if way.undecided:
            yield (
                f"  {counted(way.undecided, 'record')} of these cannot be told: what is not in the archive "
                "decides what becomes of them. --live N reads N of them now"
            )
        elif way.not_archived:
            yield "  --live N reads N of these records now"
    for note in tried.notes():
        yield f"Note: {note}."


def _counted(way: Way) -> str:
    what = f"{words(way.entity)}, {title(way.source)} to {title(way.target)}"
    live = f", {way.live} of them read now" if way.live else ""
    told = f"{way.different:,} would come out differently" if way.different else "nothing would differ"
    return f"{what}: {way.tried:,} tried{live}; {told}"


def _named(field: str) -> str:
    """A field by the name that people know, those of a line as such; a native one as it stands."""
    head, _, inner = field.partition(".")
    return f"{words(inner)} of a line" if head == "lines" and inner else words(field)


def _sent(text: str, target: str) -> str:
    return f"sent to {title(target)}" if text == "sent" else text


def _amount(total: Decimal | None) -> str:
    return "none" if total is None else f"{total:,f}"


def _cell(cell: Any) -> Decimal | str:
    if cell is None or isinstance(cell, (str, Decimal)):
        return "" if cell is None else cell
    return value(cell)
