"""Streets: lines in one text, and in numbered address lines."""

import sys
from collections.abc import Iterable
from typing import Any

from shared.mapping.numbers import Convert, Spot
from shared.mapping.texts import cut, plain


def street_reader(spot: Spot) -> Convert:
    """Address lines without the blank ones, joined by line feeds."""

    def read(value: Any) -> str | None:
        found = value.strip() if value.__class__ is str else plain(value, spot)
        if not found or found.isprintable() or tidy_lines(found):
            return found or None
        return _stacked(found.splitlines())

    return read


def lines_reader(spot: Spot) -> Convert:
    def read(values: Iterable[Any]) -> str | None:
        found = [plain(value, spot) for value in values]
        return "\n".join([line for line in found if line]) or None

    return read


def lines_writer(spot: Spot) -> Convert:
    """A street in numbered address lines: one line each, long ones broken between words, and the rest added
    to the last."""
    count, limit = spot.count, spot.max
    room, blank = limit or sys.maxsize, [""] * spot.count

    def write(value: Any, notes: list[str]) -> list[str]:
        if value is None:
            return blank
        if "\n" not in value and len(value) <= room:
            return [value, *blank[1:]]
        lines: list[str] = value.split("\n")
        if len(lines) == count and (len(value) <= room or max(map(len, lines)) <= room):
            return lines
        lines = [line for line in map(str.strip, value.splitlines()) if line]
        if limit and max(map(len, lines), default=0) > limit:
            lines = _wrapped(lines, limit, count)
        if len(lines) > count:
            lines[count - 1 :] = [", ".join(lines[count - 1 :])]
        if limit and lines and len(lines[-1]) > limit:
            lines[-1] = cut(lines[-1], limit, f"{spot.field}, last line,", notes)
        return lines + [""] * (count - len(lines))

    return write


def tidy_lines(text: str) -> bool:
    """Whether stacking would change nothing: the usual case, worth finding out quickly."""
    return (
        " \n" not in text
        and "\n " not in text
        and "\n\n" not in text
        and text.replace("\n", "").isprintable()
    )


def _stacked(lines: list[str]) -> str | None:
    return "\n".join(filter(None, map(str.strip, lines))) or None


def _wrapped(lines: list[str], limit: int, count: int) -> list[str]:
    """Long lines broken between words, in all but the last of the `count` lines there are."""
    done: list[str] = []
    todo = list(lines)
    while todo:
        line = todo.pop(0)
        at = line.rfind(" ", 0, limit + 1) if len(line) > limit else -1
        if at <= 0 and len(line) > limit:
            at = limit
        if at > 0 and len(done) + 1 < count:
            todo.insert(0, line[at:].strip())
            line = line[:at].rstrip()
        done.append(line)
    return done
