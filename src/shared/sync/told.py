"""Two or more values of a field as people compare them: a record by its name, lines by what they come to and
by the first one that differs. Pure.

A value that differs must read differently: lines that come to the same show what else is not alike, such as
their tax rates.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.wording import counted, words
from shared.mapping.discounts import line_net
from shared.mapping.faults import shown

Names = Mapping[str, str]
"""Link -> what people call its record."""
Line = Mapping[str, Any]
LINKS = ("account", "contact", "product", "service", "quotation", "main_contact")
"""Fields that refer to other records."""
NAMELESS = "a record without a name"


def texts(values: Sequence[Any], names: Names) -> list[str]:
    """One for each value, "" where there is none."""
    if any(_are_lines(one) for one in values):
        return _of_lines([one or () for one in values], names)
    return [_text(one, names) for one in values]


def quoted(values: Sequence[Any], names: Names, nothing: str = "blank") -> list[str]:
    """The same for the middle of a sentence."""
    if any(_are_lines(one) for one in values):
        return texts(values, names)
    return [f"“{one}”" if one else nothing for one in texts(values, names)]


def named(found: Any, names: Mapping[str, str]) -> Any:
    """The value with names in place of our own ids, and a line without its blanks."""
    if isinstance(found, str):
        return names.get(found, found)
    if isinstance(found, list | tuple):
        return [named(item, names) for item in found]
    if isinstance(found, Mapping):
        return {
            name: named(item, names)
            for name, item in found.items()
            if item is not None and not (name in LINKS and isinstance(item, str) and item not in names)
        }
    return found


def _are_lines(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value)


def _text(value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_text(one, names) for one in value)
    return shown(names.get(value, value) if isinstance(value, str) else value)


def _of_lines(documents: Sequence[Sequence[Line]], names: Names) -> list[str]:
    unlike = [place for place in range(max(map(len, documents))) if _unlike(documents, place)]
    worths = [_worth(lines) for lines in documents]
    if not unlike or len(documents) < 2:
        return worths
    first, more = unlike[0], len(unlike) - 1
    others = f", and {counted(more, 'more line')}" if more else ""
    fields = _unlike_fields([lines[first] for lines in documents if first < len(lines)])
    return [
        f"{worth} ({_line(lines, first, fields, names)}{others})" if lines else worth
        for worth, lines in zip(worths, documents, strict=True)
    ]


def _unlike(documents: Sequence[Sequence[Line]], place: int) -> bool:
    rows = [lines[place] for lines in documents if place < len(lines)]
    return len(rows) < len(documents) or bool(_unlike_fields(rows))


def _unlike_fields(rows: Sequence[Line]) -> list[str]:
    """What all of them say, and not alike. A field that one side leaves blank counts where nothing else
    does; of a line that is on one side alone it is what makes up its worth."""
    if len(rows) < 2:
        return ["quantity", "unit_price", "tax_rate"]
    common = [name for name in rows[0] if all(name in row for row in rows)]
    found = [name for name in common if any(row[name] != rows[0][name] for row in rows)]
    return [name for name in found if all(row[name] is not None for row in rows)] or found


def _worth(lines: Sequence[Line]) -> str:
    if not lines:
        return "no lines"
    net = _sum([line["net"] if line.get("net") is not None else line_net(line) for line in lines])
    tax = _sum([line.get("tax") for line in lines])
    if net is None:
        return counted(len(lines), "line")
    return f"{shown(net)} net" if tax is None else f"{shown(net)} net, {shown(tax)} tax"


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """None where one of them is missing."""
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _line(lines: Sequence[Line], place: int, fields: Sequence[str], names: Names) -> str:
    if place >= len(lines):
        return f"no line {place + 1}"
    line = lines[place]
    own = line.get("description") or line.get("sku") or names.get(line.get("product") or "", "")
    called = f" “{str(own).splitlines()[0][:40]}”" if own else ""
    told = [f"{words(name)} {_figure(name, line[name], names)}" for name in fields if name in line]
    return f"line {place + 1}{called}: {', '.join(told)}"


def _figure(name: str, value: Any, names: Names) -> str:
    """A count or a rate without the zeros that only prices need."""
    if value in (None, ""):
        return "blank"
    if name in ("quantity", "tax_rate", "discount") and isinstance(value, Decimal):
        return shown(value.normalize()) + (" %" if name != "quantity" else "")
    text = _text(value, names)
    return text if isinstance(value, Decimal | int) else f"“{text}”"
