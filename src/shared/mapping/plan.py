"""Turns one validated field line into a plan: which native paths, which transform pair, which way.

Everything a rule line can get wrong beyond its shape is found here, against the canonical entity's fields.
"""

from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.record import record
from shared.entities.registry import ENTITIES, PARTS
from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot, decimal_reader
from shared.mapping.schema import FieldLine, ObjectFile
from shared.mapping.source import Path, Source, choose
from shared.mapping.transforms import DEFAULTS, TRANSFORMS, Transform
from shared.mapping.web import on_the_web
from shared.mapping.whole import KEYS

_TAKES_MAX = ("text", "memo", "street", "lines", "code", "account_ref", "email", "phone", "first")
_TAKES_PLACES = ("money", "inverse")


@record
class FieldPlan:
    """One field, ready to be compiled. `constant` and `default` are canonical values already."""

    name: str
    kind: str
    paths: tuple[str, ...]
    transform: Transform
    spot: Spot
    readable: bool
    writable: bool
    required: bool
    constant: Any = None
    default: Any = None

    @property
    def table(self) -> str:
        """The reference table that reading and writing look things up in; "" for none."""
        return f"link.{self.spot.entity}" if self.transform.table == "link" else self.transform.table

    @property
    def written_table(self) -> str:
        return f"native.{self.spot.entity}" if self.transform.table == "link" else self.transform.table

    @property
    def written(self) -> tuple[str, ...]:
        """The native paths that a write fills; of several alternatives, only the first."""
        return self.paths[:1] if self.transform.name.endswith("first") else self.paths

    @property
    def reader(self) -> Convert:
        return self.transform.reader(self.spot)

    @property
    def writer(self) -> Convert:
        assert self.transform.writer is not None
        return self.transform.writer(self.spot)

    @property
    def lossy(self) -> str:
        if self.spot.max is not None and self.transform.extra == "notes" and not self.spot.whole:
            return f"is cut to {self.spot.max} characters"
        return self.transform.folds


@record
class Surroundings:
    """What a field line may refer to. `label` and `paths` come before names in messages; the line of a record
    is `read_only`, and lines of a collection (`in_rows`) have no related records."""

    source: Source
    file: ObjectFile
    kinds: Mapping[str, str]
    inside: Path
    owner: str
    label: str = ""
    paths: str = ""
    read_only: bool = False
    in_rows: bool = False


def plan(name: str, line: FieldLine, around: Surroundings) -> FieldPlan:
    """Raises RuleInvalid naming the line."""
    fault = _faults(around, name)
    kind = around.kinds.get(name)
    if kind is None:
        raise fault("", f'"{name}" is not a field of {around.owner}; {choose(name, around.kinds)}')
    if kind == "lines":
        raise fault("", "lines are mapped by the tables [line] or [lines], not by a field")
    if sum(item is not None for item in (line.path, line.paths, line.constant)) != 1:
        raise fault("", "give exactly one of path, paths and constant")
    paths = tuple(line.paths or ([line.path] if line.path else []))
    transform = _transform(line, kind, paths, around, fault)
    spot = Spot(
        around.label + name,
        around.paths + ", ".join(paths),
        line.max,
        _or(line.places, 2),
        line.rounding or "half_up",
        line.form or "json",
        _pairs(line, around, fault),
        len(paths),
        _entity(line, transform, fault),
        name in KEYS,
    )
    readable, writable = _access(line, transform, paths, around, fault)
    made = FieldPlan(name, kind, paths, transform, spot, readable, writable, line.required)
    return FieldPlan(
        **{
            **made.__dict__,
            "constant": _canonical(line.constant, made, "constant", fault),
            "default": _canonical(line.default, made, "default", fault),
        }
    )


Fault = Callable[[str, str], Exception]


def _faults(around: Surroundings, name: str) -> Fault:
    def fault(key: str, message: str) -> Exception:
        return around.source.fault((*around.inside, name, key) if key else (*around.inside, name), message)

    return fault


def _or(value: int | None, other: int) -> int:
    return other if value is None else value


def _transform(
    line: FieldLine, kind: str, paths: tuple[str, ...], around: Surroundings, fault: Fault
) -> Transform:
    name = line.as_ or ("table" if line.table else DEFAULTS[kind])
    found = TRANSFORMS[name]
    if kind not in found.kinds:
        fitting = [item.name for item in TRANSFORMS.values() if kind in item.kinds]
        raise fault(
            "as", f'"{name}" makes {found.kinds[0]}, but this field holds {kind}; {choose(name, fitting)}'
        )
    if found.several != (len(paths) > 1):
        if found.several:
            raise fault("as", f'"{name}" needs several native fields: give paths = ["…", "…"]')
        raise fault("paths", f'"{name}" takes one native field; for several, use as = "lines" or "join"')
    if name == "name" and len(paths) != 2:
        raise fault("paths", '"name" takes two native fields: the first name and the last name')
    if line.max is not None and name not in _TAKES_MAX:
        raise fault(
            "max", f'"{name}" has no length that could be limited; only {", ".join(_TAKES_MAX)} take max'
        )
    if (line.places is not None or line.rounding) and name not in _TAKES_PLACES:
        raise fault(
            "places" if line.places is not None else "rounding",
            f'"{name}" is never rounded; use as = "money"',
        )
    if (line.table is None) == (name == "table"):
        raise fault("table", 'a value table goes with as = "table": give both or neither')
    return on_the_web(found) if around.file.texts == "web" else found


def _entity(line: FieldLine, transform: Transform, fault: Fault) -> str:
    if (line.entity is None) == (transform.name == "link"):
        raise fault("entity", 'a reference goes with as = "link": give both or neither')
    known = [name for name in ENTITIES if name not in PARTS]
    if line.entity is not None and line.entity not in known:
        raise fault("entity", f'"{line.entity}" is not an entity; {choose(line.entity, known)}')
    return line.entity or ""


def _pairs(line: FieldLine, around: Surroundings, fault: Fault) -> Mapping[str, str]:
    if line.table is None:
        return {}
    if line.table not in around.file.tables:
        raise fault("table", f"there is no [tables.{line.table}]; {choose(line.table, around.file.tables)}")
    return around.file.tables[line.table]


def _access(
    line: FieldLine, transform: Transform, paths: tuple[str, ...], around: Surroundings, fault: Fault
) -> tuple[bool, bool]:
    why = _why_read_only(line, transform, paths, around, fault)
    access = line.access or ("read" if why else "both")
    if why and access != "read":
        raise fault("access", f'it can only be read, because {why}; write access = "read"')
    pairs = around.file.tables[line.table] if line.table else {}
    if access == "both" and len(set(pairs.values())) < len(pairs) and line.several != "first":
        raise fault(
            "table",
            f"[tables.{line.table}] gives two native values the same meaning, so it cannot be used both "
            "ways; "
            'write access = "read", or several = "first" to write the first of them',
        )
    return access != "write", access != "read"


def _why_read_only(
    line: FieldLine, transform: Transform, paths: tuple[str, ...], around: Surroundings, fault: Fault
) -> str:
    if line.constant is not None:
        return "it is a constant (constants to be written belong in [constants])"
    for path in paths:
        name, dot, rest = path.partition(".")
        if dot and not around.in_rows:
            if name not in around.file.related:
                raise fault("path", f'"{path}" names no related record; {choose(name, around.file.related)}')
            if around.file.related[name].many or not rest:
                raise fault("path", f'"{path}" is a list of records: use it in [lines]')
            return "it belongs to another record"
    if transform.writer is None:
        return f'"{transform.name}" has no way back'
    return "one order line is made from the record" if around.read_only else ""


def _canonical(value: Any, made: FieldPlan, key: str, fault: Fault) -> Any:
    """A value of the rule file in canonical form, read as if it had come from the system."""
    if value is None:
        return None
    if made.kind == "text" and (
        made.transform.table or made.transform.several or made.transform.name in ("table", "tax_code")
    ):
        return str(value)
    if made.transform.table:
        return decimal_reader(made.spot)(value)
    try:
        return made.reader(value.isoformat() if hasattr(value, "isoformat") else value)
    except FieldUnreadable as unread:
        raise fault(key, f'"{unread.value}" is not {unread.allowed}') from None
