"""Generates the reader of one object: native values -> canonical view.

The text is built from validated plans only: names go in by `repr`, everything else stays a bound object, so
no text from a rule file is ever executed. Absent native fields stay absent in the view; the lines of a
document are read completely.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from types import CodeType
from typing import Any

from shared.domain.record import record
from shared.mapping.conditions import unmet_condition
from shared.mapping.plan import FieldPlan
from shared.mapping.quick import NAMES, read_expression
from shared.ports import Condition


@record
class LinesPlan:
    """Where lines come from: `path` is a collection (None: one line made from the record itself)."""

    path: str | None
    fields: Sequence[FieldPlan]
    where: tuple[Condition, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    writable: bool = False
    label: str = "lines"

    @property
    def paths(self) -> tuple[str, ...]:
        if self.path is not None:
            return (self.path,)
        return tuple(dict.fromkeys(path for item in self.fields for path in item.paths))


class Code:
    """Lines of Python being written, and the objects they refer to."""

    def __init__(self, head: str) -> None:
        self.lines = [head]
        self.bound: dict[str, Any] = {}

    def add(self, depth: int, *lines: str) -> None:
        self.lines += ["    " * depth + line for line in lines]

    def bind(self, value: Any) -> str:
        name = f"k{len(self.bound)}"
        self.bound[name] = value
        return name

    def build(self, name: str) -> tuple[Any, str]:
        """The function itself and its text. Bound objects are its globals: closures would copy them all at
        each call."""
        text = "\n".join(self.lines) + "\n"
        space: dict[str, Any] = {**NAMES, **self.bound}
        exec(_compiled(text), space)  # noqa: S102  validated data only, see the module's promise
        return space[name], text


@lru_cache(maxsize=128)
def _compiled(text: str) -> CodeType:
    """Kept, because integrations that change a rule of one entity have the same text for all the others."""
    return compile(text, "<rules>", "exec")


def compile_reader(fields: Sequence[FieldPlan], lines: LinesPlan | None) -> tuple[Any, str]:
    code = Code("def read(values, tables):")
    if lines is None or lines.path is None:
        _at_once(code, [item for item in fields if item.readable], lines)
    code.add(1, "get, view = values.get, {}")
    for alike in _grouped(item for item in fields if item.readable):
        _header_field(code, alike)
    if lines is not None:
        _lines(code, lines, [item for item in fields if item.readable])
    code.add(1, "return view")
    return code.build("read")


def _at_once(code: Code, fields: Sequence[FieldPlan], lines: LinesPlan | None) -> None:
    """Handles the usual case, a complete snapshot, as one dict; an absent native field (KeyError) falls
    through to the careful path."""
    known: dict[Any, str] = {}
    made = [f"{item.name!r}: {_once(code, item, known)}" for item in fields]
    if lines is not None:
        line = [f"{item.name!r}: {_once(code, item, known)}" for item in lines.fields if item.readable]
        made.append(f"'lines': [{{{', '.join(line)}}}]")
    code.add(1, "try:", f"    return {{{', '.join(made)}}}", "except KeyError:", "    pass")


def _once(code: Code, item: FieldPlan, known: dict[Any, str]) -> str:
    """One value, given a name so that other fields which read the same path in the same way can reuse it."""
    if item.constant is not None:
        return code.bind(item.constant)
    if _manner(item) in known:
        return known[_manner(item)]
    known[_manner(item)] = name = f"c{len(known)}"
    if item.transform.several:
        expression = f"{code.bind(item.reader)}(({', '.join(f'values[{path!r}]' for path in item.paths)}))"
    else:
        expression = read_expression(item, f"values[{item.paths[0]!r}]", code.bind(item.reader))
    return f"({name} := ({_with_default(code, item, expression)}))"


def _grouped(fields: Iterable[FieldPlan]) -> list[list[FieldPlan]]:
    """Groups fields that read the same native value in the same way, so that it is converted only once."""
    groups: dict[Any, list[FieldPlan]] = {}
    for item in fields:
        groups.setdefault(item.name if item.constant is not None else _manner(item), []).append(item)
    return list(groups.values())


def _manner(item: FieldPlan) -> tuple[Any, ...]:
    spot = item.spot
    longest = spot.max if item.transform.name == "account_ref" else None
    return (
        item.transform.name,
        item.paths,
        repr(item.default),
        spot.places,
        spot.rounding,
        *spot.pairs.items(),
        longest,
        spot.entity,
    )


def _header_field(code: Code, alike: Sequence[FieldPlan]) -> None:
    item = alike[0]
    target = " = ".join(f"view[{each.name!r}]" for each in alike)
    if item.constant is not None:
        code.add(1, f"{target} = {code.bind(item.constant)}")
    elif item.transform.several:
        code.add(1, f"if {' or '.join(f'{path!r} in values' for path in item.paths)}:")
        code.add(2, f"{target} = {_with_default(code, item, _several(code, item))}")
    else:
        code.add(1, f"if {item.paths[0]!r} in values:", f"    v = values[{item.paths[0]!r}]")
        code.add(2, f"{target} = {_with_default(code, item, _convert(code, item))}")


def _convert(code: Code, item: FieldPlan) -> str:
    """Native value, named `v` -> canonical."""
    return read_expression(item, "v", code.bind(item.reader))


def _several(code: Code, item: FieldPlan) -> str:
    return f"{code.bind(item.reader)}(({', '.join(f'get({path!r})' for path in item.paths)}))"


def _with_default(code: Code, item: FieldPlan, expression: str) -> str:
    if item.default is None:
        return expression
    return f"{code.bind(item.default)} if (x := ({expression})) is None else x"


def _lines(code: Code, lines: LinesPlan, header: Sequence[FieldPlan]) -> None:
    if lines.path is None:
        known = {
            _manner(item): item.name for item in header if item.constant is None and item.default is None
        }
        code.add(
            1, f"if {' or '.join(f'{path!r} in values' for path in lines.paths) or 'True'}:", "    line = {}"
        )
        _line_fields(code, lines, 2, known)
        code.add(2, "view['lines'] = [line]")
        return
    code.add(
        1, f"if {lines.path!r} in values:", "    rows = []", f"    for row in values[{lines.path!r}] or ():"
    )
    if lines.where:
        unmet, where = code.bind(unmet_condition), code.bind(lines.where)
        code.add(3, f"if {unmet}({where}, row) is not None:", "    continue")
    code.add(3, "get = row.get", "line = {}")
    _line_fields(code, lines, 3, {})
    code.add(3, "rows.append(line)")
    code.add(2, "view['lines'] = rows")


def _line_fields(code: Code, lines: LinesPlan, depth: int, known: Mapping[Any, str]) -> None:
    for item in lines.fields:
        if not item.readable:
            continue
        target = f"line[{item.name!r}]"
        if item.constant is not None:
            code.add(depth, f"{target} = {code.bind(item.constant)}")
        elif _manner(item) in known:
            code.add(depth, f"{target} = view.get({known[_manner(item)]!r})")
        elif item.transform.several:
            code.add(depth, f"{target} = {_with_default(code, item, _several(code, item))}")
        else:
            code.add(
                depth,
                f"v = get({item.paths[0]!r})",
                f"{target} = {_with_default(code, item, _convert(code, item))}",
            )
