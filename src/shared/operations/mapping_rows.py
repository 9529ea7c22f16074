"""The mapping of one entity as rows: each of our fields, with what both systems' rules say of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.record import record
from shared.entities.registry import kinds
from shared.mapping.shapes import plain
from shared.mapping.source import Source
from shared.mapping.stated import flow_source, object_file, object_source
from shared.operations.settings_text import Parts

LINES = "lines."
"""Before the name of a field of a line."""
KEYS = ("as", "table", "max", "access", "default")
"""What a row shows and changes of a line beside its place. Other keys stay as they are."""


@record
class Side:
    """What one system's rules say of a field. `place`: native names, several apart by commas; "" where it is
    a fixed value, `constant`. `own`: the integration's own rules say something of it."""

    place: str
    constant: str
    said: Mapping[str, str]
    own: bool
    line: Mapping[str, Any]

    @property
    def kept(self) -> Mapping[str, str]:
        """What else is said of it, which no form changes."""
        shown = (*KEYS, "path", "paths", "constant")
        return {key: plain(one) for key, one in self.line.items() if key not in shown and one is not None}


@record
class Row:
    """`sides`: system -> what it says; a system that does not have the field is left out. `direction` and
    `conflict` are the flow's own words for it, "" where it says none."""

    name: str
    kind: str
    sides: Mapping[str, Side]
    direction: str = ""
    conflict: str = ""

    @property
    def in_lines(self) -> bool:
        return self.name.startswith(LINES)

    @property
    def short(self) -> str:
        return self.name.removeprefix(LINES)


def systems_of(parts: Parts) -> tuple[str, str]:
    crm, _, sage = parts.flow.partition("--")
    stated = flow_source(parts.flow, parts.rules).data.get("systems", [crm, sage])
    return stated[0], stated[1]


def rows(parts: Parts, entity: str) -> list[Row]:
    """Every field that some side has, in the entity's order; then those of its lines. Raises RuleInvalid for
    texts that are not TOML."""
    sources = sources_of(parts, entity)
    stated = flow_source(parts.flow, parts.rules).data.get(entity, {}).get("fields", {})
    return [
        *_rows(sources, kinds(entity), stated, lines=False),
        *(_rows(sources, kinds("line"), {}, lines=True) if "lines" in kinds(entity) else ()),
    ]


def unmapped(parts: Parts, entity: str) -> list[str]:
    """Fields of ours that neither side has, those of lines with their prefix."""
    known = {one.name for one in rows(parts, entity)}
    own = [name for name, kind in kinds(entity).items() if kind != "lines"]
    lines = [LINES + name for name in kinds("line")] if "lines" in kinds(entity) else []
    return [name for name in (*own, *lines) if name not in known]


def sources_of(parts: Parts, entity: str) -> dict[str, Source]:
    """system -> its rule file for the entity. A lookup alone may have one side only. Raises RuleInvalid."""
    made = {}
    for system in systems_of(parts):
        source = object_source(system, entity, parts.flow, parts.rules)
        if source.data:
            made[system] = source
    return made


def place_of(source: Source, name: str) -> tuple[str, ...]:
    """Where the rule of a field stands in a system's file."""
    if not name.startswith(LINES):
        return ("fields", name)
    inner = name.removeprefix(LINES)
    return ("line", inner) if isinstance(source.data.get("line"), dict) else ("lines", "fields", inner)


def line_at(data: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """A field's line with its short spelling written out; None where there is none."""
    here: Any = data
    for part in path:
        here = here.get(part) if isinstance(here, Mapping) else None
    if isinstance(here, str):
        return {"path": here}
    return dict(here) if isinstance(here, Mapping) else None


def files_of(parts: Parts, entity: str) -> list[str]:
    """The rule files that say something of the entity, that of the flow last."""
    return [*(object_file(system, entity) for system in systems_of(parts)), f"flows/{parts.flow}.toml"]


def _rows(
    sources: Mapping[str, Source], known: Mapping[str, str], stated: Mapping[str, Any], *, lines: bool
) -> Iterator[Row]:
    for short, kind in known.items():
        name = f"{LINES}{short}" if lines else short
        sides = {}
        for system, source in sources.items():
            path = place_of(source, name)
            line = line_at(source.data, path)
            if line is not None:
                sides[system] = _side(line, source.overrides(path))
        if sides and kind != "lines":
            own = stated.get(short, {})
            own = own if isinstance(own, Mapping) else {}
            yield Row(name, kind, sides, str(own.get("direction") or ""), str(own.get("conflict") or ""))


def _side(line: Mapping[str, Any], own: bool) -> Side:
    place = line.get("path") or ", ".join(map(str, line.get("paths") or ()))
    said = {key: plain(line[key]) for key in KEYS if line.get(key) is not None}
    constant = plain(line["constant"]) if line.get("constant") is not None else ""
    return Side(str(place), constant, said, own, line)
