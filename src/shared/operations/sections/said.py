"""What rules say at one place: as it is, and as it would be without the integration's own; and a change
written into the integration's own file, only what differs, and proved."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.mapping.source import Source
from shared.mapping.stated import flow_file, flow_source, object_file, object_source
from shared.mapping.toml_edit import REMOVED
from shared.operations.mapping_edit import edited
from shared.operations.sections.model import Kind, Line, Section
from shared.operations.settings_text import Parts

Same = Callable[[Any], Any]


@record
class Spot:
    """A table of a rule file. `system` is "" for the flow's file."""

    system: str
    entity: str
    path: tuple[str, ...]


def file_of(parts: Parts, spot: Spot) -> str:
    return object_file(spot.system, spot.entity) if spot.system else flow_file(parts.flow)


def now_at(parts: Parts, spot: Spot) -> dict[str, Any]:
    """The keys of the table, {} where there is none. Raises RuleInvalid for a text that is not TOML."""
    return _table(_source(parts, spot, parts.rules), spot.path)


def base_at(parts: Parts, spot: Spot) -> dict[str, Any]:
    """The same without the integration's own file."""
    bare = {name: text for name, text in parts.rules.items() if name != file_of(parts, spot)}
    return _table(_source(parts, spot, bare), spot.path)


def is_own(parts: Parts, spot: Spot) -> bool:
    return _source(parts, spot, parts.rules).overrides(spot.path)


def section_at(
    parts: Parts, spot: Spot, kind: Kind, read: Callable[[str, Any], Sequence[Line] | None]
) -> Section:
    """The table of a system as a form has it. `read`: the lines of one key, None for what no form shows."""
    found = {key: read(key, value) for key, value in now_at(parts, spot).items()}
    return Section(
        f"{kind}:{spot.system}",
        kind,
        spot.system,
        lines=tuple(line for lines in found.values() for line in lines or ()),
        own=is_own(parts, spot),
        hidden=tuple(key for key, lines in found.items() if lines is None),
    )


def with_keys(parts: Parts, spot: Spot, wanted: Mapping[str, Any], same: Same = lambda value: value) -> Parts:
    """The table with exactly these keys. `same`: a value in the form in which two spellings are equal; what
    is equal stays as it is written. Raises RuleInvalid where a text of one's own cannot say it."""
    now, base = now_at(parts, spot), base_at(parts, spot)
    edits: dict[tuple[str, ...], Any] = {}
    for key in dict.fromkeys((*base, *now, *wanted)):
        if key in wanted:
            if key in now and same(now[key]) == same(wanted[key]):
                continue
            shipped = key in base and same(base[key]) == same(wanted[key])
            edits[*spot.path, key] = REMOVED if shipped else wanted[key]
        elif key in now:
            edits[*spot.path, key] = False if key in base else REMOVED
    made = edited(parts, file_of(parts, spot), edits)
    found = {key: same(value) for key, value in now_at(made, spot).items()}
    if found != {key: same(value) for key, value in wanted.items()}:
        raise RuleInvalid(
            f"{file_of(parts, spot)}, {'.'.join(spot.path)}: what is shipped there cannot be changed into "
            "this by a form: write it as text, below"
        )
    return made


def without_own(parts: Parts, spot: Spot, only: Container[str] | None = None) -> Parts:
    """As shipped: whatever the integration's own file says there (of these keys) goes, its comments stay."""
    file = file_of(parts, spot)
    own = _table(Source(file, None, parts.rules.get(file, "")), spot.path)
    gone = {(*spot.path, key): REMOVED for key in own if only is None or key in only}
    return edited(parts, file, gone)


def _source(parts: Parts, spot: Spot, rules: Mapping[str, str]) -> Source:
    if spot.system:
        return object_source(spot.system, spot.entity, parts.flow, rules)
    return flow_source(parts.flow, rules)


def _table(source: Source, path: tuple[str, ...]) -> dict[str, Any]:
    here: Any = source.data
    for part in path:
        here = here.get(part) if isinstance(here, Mapping) else None
    return dict(here) if isinstance(here, Mapping) else {}
