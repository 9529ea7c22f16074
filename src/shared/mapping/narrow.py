"""A reader of some fields of an object alone, for whoever needs no more of very many records."""

from collections.abc import Callable, Iterable, Sequence

from shared.mapping.compile_reader import LinesPlan, compile_reader
from shared.mapping.maps import Reader
from shared.mapping.plan import FieldPlan

_PLAIN = frozenset({"text", "memo", "street", "email", "phone"})
"""Transforms whose only fault is a value that is no text: a record may do without such a field."""

_FIGURES = ("decimal", "integer", "money", "boolean", "date", "datetime")
_SIMPLE = frozenset({*_PLAIN, *_FIGURES, "code", "account_ref", "lines"})


def narrow(fields: Sequence[FieldPlan], lines: LinesPlan | None) -> Callable[[frozenset[str]], Reader]:
    """Field names -> a reader that gives these as the whole reader does, and raises for them as it does. Left
    out is only what can stop no record: plain texts, each with a native field of its own."""

    def of(names: frozenset[str]) -> Reader:
        kept = {item.name for item in fields if item.name in names or item.transform.name not in _PLAIN}
        paths = {path for item in fields if item.name in kept for path in item.paths}
        paths |= set(lines.paths) if lines is not None else set()
        read: Reader = compile_reader(
            [item for item in fields if item.name in kept or not paths.isdisjoint(item.paths)], lines
        )[0]
        return read

    return of


def harmless(fields: Iterable[FieldPlan], lines: LinesPlan | None) -> frozenset[str]:
    """Fields whose writing stops no record that can do without them: figures, days, and texts, of which one
    that is too long is cut or left out. Of a line's, as `lines.NAME`, those whose writing never fails."""
    names = {item.name for item in fields if item.writable and item.transform.name in _SIMPLE}
    for item in lines.fields if lines is not None else ():
        if item.transform.name in _SIMPLE and (item.spot.max is None or not item.spot.whole):
            names.add(f"lines.{item.name}")
    return frozenset(names)
