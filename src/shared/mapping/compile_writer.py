"""Generates the writer of one object: canonical view -> native values.

Only fields present in the view are written, except on a create, when constants are added, and defaults for
what is missing. Lines are always written completely; a blank in a line is left out. Built from validated
plans only, like the reader."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.mapping.compile_reader import Code, LinesPlan
from shared.mapping.plan import FieldPlan
from shared.mapping.quick import is_one_line, write_expression


def compile_writer(
    fields: Sequence[FieldPlan], lines: LinesPlan | None, constants: Mapping[str, Any]
) -> tuple[Any, str]:
    code = Code("def write(view, tables, notes, creating=False):")
    code.add(
        1, f"out = {code.bind(dict(constants))}.copy() if creating else {{}}" if constants else "out = {}"
    )
    for item in fields:
        if item.writable:
            _field(code, item)
    if lines is not None and lines.writable:
        _lines(code, lines)
    code.add(1, "return out")
    return code.build("write")


def _field(code: Code, item: FieldPlan) -> None:
    name = repr(item.name)
    if item.default is None:
        code.add(1, f"if {name} in view:", f"    v = view[{name}]")
    else:
        code.add(
            1,
            f"if creating or {name} in view:",
            f"    v = view.get({name})",
            "    if v is None:",
            f"        v = {code.bind(item.default)}",
        )
    _assign(code, item, 2, "out", name)


def _line_field(code: Code, item: FieldPlan) -> None:
    """Blanks are left out, so a value is written only where there is one (a constant default is already in
    the row)."""
    name = repr(item.name)
    filled = item.default is not None and not _ready(item)
    if filled:
        code.add(3, f"if (v := line.get({name})) is None:", f"    v = {code.bind(item.default)}")
    else:
        code.add(3, f"if {name} in line and (v := line[{name}]) is not None:")
    _assign(code, item, 3 if filled else 4, "row", f"{item.name + ' of line '!r} + str(len(rows) + 1)")


def _ready(item: FieldPlan) -> dict[str, Any]:
    """The native form of a default, by path, if it is always the same: no table is consulted and nothing is
    cut."""
    text = item.transform.extra == "notes" and not item.transform.several
    if item.default is None or not item.writable or (item.transform.extra and not text):
        return {}
    if not text:
        return {item.paths[0]: item.writer(item.default)}
    return (
        {item.paths[0]: item.default} if item.spot.max is None or len(item.default) <= item.spot.max else {}
    )


def _assign(code: Code, item: FieldPlan, depth: int, target: str, what: str) -> None:
    """Assigns the native form of `v` to its path or paths."""
    places = [f"{target}[{path!r}]" for path in item.written]
    slow = code.bind(item.writer)
    if len(places) == 1:
        code.add(depth, f"{places[0]} = {write_expression(item, slow, what)}")
        return
    if item.transform.extra == "now":
        code.add(depth, f"{', '.join(places)} = {slow}(v, tables.get('now') or {{}})")
        return
    code.add(
        depth,
        f"if {is_one_line(item)}:",
        f"    {places[0]} = v",
        f"    {' = '.join(places[1:])} = ''",
        "else:",
        f"    {', '.join(places)} = {slow}(v, notes)",
    )


def _lines(code: Code, lines: LinesPlan) -> None:
    start = {path: value for item in lines.fields for path, value in _ready(item).items()} | dict(
        lines.constants
    )
    code.add(1, "if 'lines' in view:", "    rows = []", "    for line in view['lines'] or ():")
    code.add(3, f"row = {code.bind(start)}.copy()" if start else "row = {}")
    for item in lines.fields:
        if item.writable:
            _line_field(code, item)
    code.add(3, "rows.append(row)")
    code.add(2, f"out[{lines.path!r}] = rows")
