"""The slow, obviously right reader and writer that the generated ones must equal: plain loops over the
plans."""

from collections.abc import Mapping
from typing import Any

from shared.mapping.compile_reader import LinesPlan
from shared.mapping.conditions import unmet_condition
from shared.mapping.plan import FieldPlan
from shared.mapping.texts import cut


def read(
    fields: list[FieldPlan], lines: LinesPlan | None, values: Mapping[str, Any], tables: Any
) -> dict[str, Any]:
    view: dict[str, Any] = {}
    for item in fields:
        if item.readable and (item.constant is not None or any(path in values for path in item.paths)):
            view[item.name] = _read(item, values, tables)
    if lines is None:
        return view
    if lines.path is None:
        if not lines.paths or any(path in values for path in lines.paths):
            view["lines"] = [_line(lines, values, tables)]
    elif lines.path in values:
        rows = values[lines.path] or ()
        view["lines"] = [
            _line(lines, row, tables) for row in rows if unmet_condition(lines.where, row) is None
        ]
    return view


def _line(lines: LinesPlan, row: Mapping[str, Any], tables: Any) -> dict[str, Any]:
    return {item.name: _read(item, row, tables) for item in lines.fields if item.readable}


def _read(item: FieldPlan, values: Mapping[str, Any], tables: Any) -> Any:
    if item.constant is not None:
        return item.constant
    native = (
        tuple(values.get(path) for path in item.paths)
        if item.transform.several
        else values.get(item.paths[0])
    )
    found = (
        item.reader(native, tables[item.table]) if item.transform.extra == "table" else item.reader(native)
    )
    return item.default if found is None else found


def write(
    fields: list[FieldPlan],
    lines: LinesPlan | None,
    constants: Mapping[str, Any],
    view: Mapping[str, Any],
    tables: Any,
    notes: list[str],
    creating: bool,
) -> dict[str, Any]:
    out: dict[str, Any] = dict(constants) if creating else {}
    for item in fields:
        if item.writable and (item.name in view or (creating and item.default is not None)):
            out.update(_write(item, view.get(item.name), tables, notes, item.name))
    if lines is not None and lines.writable and "lines" in view:
        out[lines.path or ""] = [
            _row(lines, line, number, tables, notes) for number, line in enumerate(view["lines"] or (), 1)
        ]
    return out


def _row(
    lines: LinesPlan, line: Mapping[str, Any], number: int, tables: Any, notes: list[str]
) -> dict[str, Any]:
    row = dict(lines.constants)
    for item in lines.fields:
        if item.writable and (line.get(item.name) is not None or item.default is not None):
            row.update(_write(item, line.get(item.name), tables, notes, f"{item.name} of line {number}"))
    return row


def _write(item: FieldPlan, value: Any, tables: Any, notes: list[str], what: str) -> dict[str, Any]:
    value = item.default if value is None else value
    if item.transform.extra == "now":
        return dict(zip(item.paths, item.writer(value, {}), strict=True))
    if item.transform.several and len(item.written) == 1:
        return {item.written[0]: item.writer(value, notes)}
    if item.transform.several:
        return dict(zip(item.paths, item.writer(value, notes), strict=True))
    if item.transform.name.startswith("web "):
        return {item.paths[0]: item.writer(value, notes)}
    if item.transform.extra == "notes":
        value = "" if value is None else value
        limit = item.spot.max
        return {
            item.paths[0]: cut(value, limit, what, notes)
            if limit is not None and len(value) > limit
            else value
        }
    if item.transform.extra == "table":
        return {item.paths[0]: item.writer(value, tables[item.written_table])}
    return {item.paths[0]: item.writer(value)}
