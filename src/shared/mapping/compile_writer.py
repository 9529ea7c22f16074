"""Generates the writer of one object: canonical view -> native values.

Only fields that the view holds are written, except on a create: then constants go in, and defaults for what is missing.
Lines are always written whole; a blank in a line is left out. Built from validated plans only, like the reader.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.mapping.compile_reader import Code, LinesPlan
from shared.mapping.numbers import plain_writer
from shared.mapping.plan import FieldPlan
from shared.mapping.texts import cut


def compile_writer(fields: Sequence[FieldPlan], lines: LinesPlan | None,
                   constants: Mapping[str, Any]) -> tuple[Any, str]:
    code = Code("def write(view, tables, notes, creating=False):")
    code.add(1, f"out = {code.bind(dict(constants))}.copy() if creating else {{}}" if constants else "out = {}")
    for item in fields:
        if item.writable:
            _field(code, item, 1, "out", in_line=False)
    if lines is not None and lines.writable:
        _lines(code, lines)
    code.add(1, "return out")
    return code.build("write")


def _field(code: Code, item: FieldPlan, depth: int, target: str, in_line: bool) -> None:
    if in_line:
        code.add(depth, f"v = line[{item.name!r}] if {item.name!r} in line else None")
        if item.default is not None:
            code.add(depth, "if v is None:", f"    v = {code.bind(item.default)}")
        code.add(depth, "if v is not None:")
    elif item.default is None:
        code.add(depth, f"if {item.name!r} in view:", f"    v = view[{item.name!r}]")
    else:
        code.add(depth, f"if creating or {item.name!r} in view:", f"    v = view.get({item.name!r})",
                 "    if v is None:", f"        v = {code.bind(item.default)}")
    if item.transform.several:
        code.add(depth + 1, f"{', '.join(f'{target}[{path!r}]' for path in item.paths)} = {_call(code, item)}")
    elif item.transform.extra == "notes":
        _text(code, item, depth + 1, f"{target}[{item.paths[0]!r}]", in_line)
    else:
        code.add(depth + 1, f"{target}[{item.paths[0]!r}] = {_call(code, item)}")


def _text(code: Code, item: FieldPlan, depth: int, target: str, in_line: bool) -> None:
    """Text in place: blank, cut or as it is."""
    if not in_line:
        code.add(depth, "if v is None:", "    v = ''")
    if item.spot.max is not None:
        what = f"{item.name + ' of line '!r} + str(len(rows) + 1)" if in_line else repr(item.name)
        code.add(depth, f"{'if' if in_line else 'elif'} len(v) > {item.spot.max}:",
                 f"    v = {code.bind(cut)}(v, {item.spot.max}, {what}, notes)")
    code.add(depth, f"{target} = v")


def _call(code: Code, item: FieldPlan) -> str:
    if item.transform.writer is plain_writer:
        return "v"
    write = code.bind(item.writer)
    if item.transform.extra == "table":
        return f"{write}(v, tables['currencies'])"
    return f"{write}(v, notes)" if item.transform.extra == "notes" else f"{write}(v)"


def _lines(code: Code, lines: LinesPlan) -> None:
    code.add(1, "if 'lines' in view:", "    rows = []", "    for line in view['lines'] or ():")
    code.add(3, f"row = {code.bind(dict(lines.constants))}.copy()" if lines.constants else "row = {}")
    for item in lines.fields:
        if item.writable:
            _field(code, item, 3, "row", in_line=True)
    code.add(3, "rows.append(row)")
    code.add(2, f"out[{lines.path!r}] = rows")
