"""Compiles `systems/<system>/<entity>.toml` into an ObjectMap: plans, checks across fields, spec, reader and
writer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.entities.registry import kinds
from shared.mapping.compile_reader import LinesPlan, compile_reader
from shared.mapping.compile_writer import compile_writer
from shared.mapping.links import LinkField
from shared.mapping.maps import LineMap, ObjectMap
from shared.mapping.narrow import harmless, narrow
from shared.mapping.plan import FieldPlan, Surroundings, plan
from shared.mapping.schema import ObjectFile, Test
from shared.mapping.source import Path, Source, all_of, choose, each
from shared.mapping.validate import object_file
from shared.ports import Condition, ObjectSpec, Related


def compile_object(system: str, entity: str, source: Source) -> ObjectMap:
    """Raises RuleInvalid naming file, line, field, value and what is allowed."""
    file = object_file(source)
    around = Surroundings(source, file, kinds(entity), ("fields",), entity)
    fields, lines = _plans(file, around, lambda: _lines(file, source, entity))
    _each_target_once(file, fields, lines, source)
    _related_used(file, source)
    read, reader_text = compile_reader(fields, lines)
    write, writer_text = compile_writer(fields, lines, file.constants)
    spec = _spec(system, entity, file, fields, lines)
    every = (*fields, *(lines.fields if lines else ()))
    readable = {item.name for item in fields if item.readable} | ({"lines"} if lines else set())
    writable = {item.name for item in fields if item.writable} | (
        {"lines"} if lines and lines.writable else set()
    )
    return ObjectMap(
        spec=spec,
        fields=frozenset(readable | writable),
        readable=frozenset(readable),
        writable=frozenset(writable),
        required=frozenset(_required(fields, lines)),
        lossy={item.name: item.lossy for item in fields if item.lossy},
        tables=frozenset(item.table for item in every if item.table and item.transform.table != "link"),
        links=(*_links(fields), *(_links(lines.fields, lines.path or "") if lines else ())),
        native_paths=_native_paths(fields, lines),
        read=read,
        write=write,
        line_tax=_line_tax(lines),
        choices={item.paths[0]: item.spot.pairs for item in fields if item.writable and _several(item)},
        rate_paths=frozenset(
            item.paths[0] for item in fields if item.writable and item.transform.name == "tax_rate"
        ),
        line_map=_line_map(file, lines),
        line_fields={item.name: item.paths for item in lines.fields} if lines else {},
        negative_lines=file.lines is None or file.lines.negative == "accept",
        source=reader_text + "\n" + writer_text,
        narrow=narrow(fields, lines),
        harmless=harmless(fields, lines),
        stated=source.data,
    )


def _plans(
    file: ObjectFile, around: Surroundings, lines: Callable[[], LinesPlan | None]
) -> tuple[list[FieldPlan], LinesPlan | None]:
    """Raises RuleInvalid with the faults of all fields, those of the lines too."""
    fields: list[FieldPlan] = []
    found: list[LinesPlan | None] = []
    all_of(
        lambda: fields.extend(each(file.fields.items(), lambda one: plan(*one, around))),
        lambda: found.append(lines()),
    )
    return fields, found[0]


def _several(item: FieldPlan) -> bool:
    """Whether two native values of its table mean the same."""
    return len(set(item.spot.pairs.values())) < len(item.spot.pairs)


def _line_map(file: ObjectFile, lines: LinesPlan | None) -> LineMap | None:
    if lines is None or lines.path is None or not lines.writable or file.lines is None:
        return None
    paths = {item.name: item.paths for item in lines.fields if item.paths}
    kept = {path for own in paths.values() for path in own} | {one.field for one in lines.where}
    codes = {
        path for item in lines.fields if item.table and item.transform.table != "link" for path in item.paths
    }
    own = file.lines.id or ""
    return LineMap(lines.path, paths, frozenset(kept | {own} - {""}), frozenset(codes), own)


def _links(fields: Iterable[FieldPlan], lines: str = "") -> tuple[LinkField, ...]:
    return tuple(
        LinkField(item.spot.entity, item.name, item.paths[0], lines)
        for item in fields
        if item.transform.table == "link"
    )


def _line_tax(lines: LinesPlan | None) -> str:
    taxed = [item for item in lines.fields if item.transform.name == "tax_rate"] if lines else []
    return next((item.paths[0] for item in taxed if item.writable), "")


def _required(fields: Iterable[FieldPlan], lines: LinesPlan | None) -> set[str]:
    names = {item.name for item in fields if item.required and item.default is None}
    if lines is not None:
        names |= {f"lines.{item.name}" for item in lines.fields if item.required and item.default is None}
    return names


def _native_paths(fields: Iterable[FieldPlan], lines: LinesPlan | None) -> Mapping[str, tuple[str, ...]]:
    paths = {item.name: item.paths for item in fields if item.readable}
    return paths if lines is None else {**paths, "lines": lines.paths}


def _lines(file: ObjectFile, source: Source, entity: str) -> LinesPlan | None:
    if file.line is None and file.lines is None:
        return None
    if "lines" not in kinds(entity):
        raise source.fault(("line" if file.line else "lines",), f"{entity} has no lines; remove this table")
    if file.line is not None:
        if file.lines is not None:
            raise source.fault(
                ("lines",), "an object has either [line] or [lines]: remove one (line = false)"
            )
        around = Surroundings(source, file, kinds("line"), ("line",), "a line", "lines.", read_only=True)
        return LinesPlan(None, each(file.line.items(), lambda one: plan(*one, around)))
    return _collection(file, source)


def _collection(file: ObjectFile, source: Source) -> LinesPlan:
    lines = file.lines
    assert lines is not None
    if (lines.path is None) == (lines.related is None):
        raise source.fault(
            ("lines",), "give either path (a list inside the record) or related (a [related.…] with many)"
        )
    many = {name for name, item in file.related.items() if item.many}
    if lines.related is not None and lines.related not in many:
        raise source.fault(
            ("lines", "related"),
            f'"{lines.related}" is not a related record with many = true; {choose(lines.related, many)}',
        )
    path = lines.path or lines.related
    around = Surroundings(
        source,
        file,
        kinds("line"),
        ("lines", "fields"),
        "a line",
        "lines.",
        f"{path}.",
        read_only=lines.related is not None,
        in_rows=True,
    )
    plans = each(lines.fields.items(), lambda one: plan(*one, around))
    return LinesPlan(path, plans, _conditions(lines.where), lines.constants, lines.path is not None)


def _each_target_once(
    file: ObjectFile, fields: Iterable[FieldPlan], lines: LinesPlan | None, source: Source
) -> None:
    taken: dict[str, str] = {file.key: "our key"} if file.key else {}
    if lines is not None and lines.writable and lines.path:
        taken[lines.path] = "lines"
    targets: list[tuple[Path, str, str]] = [
        (("fields", item.name), path, item.name) for item in fields if item.writable for path in item.written
    ]
    targets += [(("constants", name), name, "a constant") for name in file.constants]
    _refuse_twice(targets, taken, source)
    if lines is not None and lines.writable:
        inner = [
            (("lines", "fields", item.name), path, item.name)
            for item in lines.fields
            if item.writable
            for path in item.paths
        ]
        _refuse_twice(
            inner + [(("lines", "constants", name), name, "a constant") for name in lines.constants],
            {},
            source,
        )


def _refuse_twice(targets: Iterable[tuple[Path, str, str]], taken: dict[str, str], source: Source) -> None:
    for path, native, owner in targets:
        if native in taken:
            raise source.fault(
                path,
                f'"{native}" is written twice, by {taken[native]} and by {owner}: give one of them '
                'another field, or access = "read"',
            )
        taken[native] = owner


def _related_used(file: ObjectFile, source: Source) -> None:
    for name, item in file.related.items():
        if not item.many and item.id is None:
            raise source.fault(
                ("related", name), 'the key "id" is missing: name the native field that holds its id'
            )


def _spec(
    system: str, entity: str, file: ObjectFile, fields: Iterable[FieldPlan], lines: LinesPlan | None
) -> ObjectSpec:
    where = _conditions(file.poll.where)
    paths = [path for item in fields for path in item.paths]
    paths += lines.paths if lines is not None else ()
    label = (file.label,) if isinstance(file.label, str) else tuple(file.label)
    own = [file.id, file.version, *label, file.natural, file.key, file.number, file.poll.entered]
    own += [*(item.id for item in file.related.values()), *file.witness, *file.archive]
    paths += [path for path in own if path] + [condition.field for condition in where]
    direct = [path for path in dict.fromkeys(paths) if path.split(".")[0] not in file.related]
    return ObjectSpec(
        system=system,
        entity=entity,
        object=file.object,
        id_path=file.id,
        version_path=file.version,
        fields=tuple(direct),
        line_fields=_of_each_line(lines),
        related=tuple(_related(file, paths, lines)),
        poll_mode=file.poll.mode,
        where=where,
        key_path=file.key,
        natural_path=file.natural,
        number_path=file.number,
        label_paths=label,
        page_size=file.poll.page_size,
        witness=tuple(file.witness),
        archive=dict(file.archive),
        deletable=file.deletable,
        watched=file.poll.mode == "worklist"
        and any(one.op == "blank" and one.field == file.number for one in where),
        closed=_conditions(file.poll.closed),
        entered_path=file.poll.entered,
        optional=file.optional,
    )


def _of_each_line(lines: LinesPlan | None) -> tuple[str, ...]:
    if lines is None or lines.path is None:
        return ()
    return tuple(dict.fromkeys(path for item in lines.fields for path in item.paths))


def _related(file: ObjectFile, paths: Iterable[str], lines: LinesPlan | None) -> Iterable[Related]:
    used: dict[str, dict[str, None]] = {name: {} for name in file.related}
    for path in paths:
        name, dot, rest = path.partition(".")
        if dot and name in used:
            used[name][rest] = None
    if lines is not None and file.lines is not None and file.lines.related:
        wanted = [path for item in lines.fields for path in item.paths] + [item.field for item in lines.where]
        used[file.lines.related] = dict.fromkeys(wanted)
    for name, item in file.related.items():
        if used[name]:
            yield Related(name, item.link, item.object, item.id, tuple(used[name]), item.many)


def _conditions(where: Mapping[str, Test]) -> tuple[Condition, ...]:
    return tuple(condition for name, test in where.items() for condition in _tests(name, test))


def _tests(name: str, test: Test) -> Iterable[Condition]:
    stated: dict[str, Any] = test.model_dump(exclude_none=True, by_alias=True)
    for op, value in stated.items():
        if op == "blank":
            yield Condition(name, "blank" if value else "not_blank")
        else:
            yield Condition(name, op, tuple(value) if isinstance(value, list) else value)  # type: ignore[arg-type]
