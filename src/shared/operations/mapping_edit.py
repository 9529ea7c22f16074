"""A field's rule changed, added, removed, or put back to what is shipped, in the words of a form; and whole
rule files as text."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.domain.record import replace
from shared.domain.titles import title
from shared.domain.wording import words
from shared.entities.registry import kinds
from shared.errors import RuleInvalid
from shared.mapping.source import Source, merge
from shared.mapping.stated import flow_file, flow_source, object_file, object_source
from shared.mapping.toml_edit import REMOVED, changed
from shared.mapping.transforms import TRANSFORMS
from shared.operations.mapping_rows import KEYS, LINES, line_at, place_of, systems_of
from shared.operations.settings_text import Parts

Form = Mapping[str, str]
"""`place.SYSTEM`, `constant.SYSTEM`, `as.SYSTEM`, `table.SYSTEM`, `max.SYSTEM`, `access.SYSTEM`,
`default.SYSTEM`; of the flow `direction` and `conflict`. What is not in it stays; "" takes it away."""


def with_field(parts: Parts, entity: str, name: str, form: Form) -> Parts:
    """Unchecked but for the shape of the file. Raises RuleInvalid."""
    for system in systems_of(parts):
        parts = _with_side(parts, system, entity, name, form)
    if name.startswith(LINES):
        return parts
    edits: dict[tuple[str, ...], Any] = {
        (entity, "fields", name, key): _flow_value(parts, entity, name, key, form[key])
        for key in ("direction", "conflict")
        if key in form
    }
    return edited(parts, flow_file(parts.flow), edits)


def without_field(parts: Parts, entity: str, name: str) -> Parts:
    """Carried no longer: neither side has it."""
    for system in systems_of(parts):
        form = {f"place.{system}": "", f"constant.{system}": ""}
        parts = _with_side(parts, system, entity, name, form)
    return edited(
        parts, flow_file(parts.flow), {} if name.startswith(LINES) else {(entity, "fields", name): REMOVED}
    )


def as_shipped(parts: Parts, entity: str, name: str) -> Parts:
    """Without anything that the integration's own rules say of the field."""
    for system in systems_of(parts):
        source = object_source(system, entity, parts.flow, parts.rules)
        if source.data:
            parts = edited(parts, object_file(system, entity), {place_of(source, name): REMOVED})
    return edited(
        parts, flow_file(parts.flow), {} if name.startswith(LINES) else {(entity, "fields", name): REMOVED}
    )


def with_text(parts: Parts, file: str, text: str) -> Parts:
    """A whole rule file as somebody wrote it; blank takes it away."""
    rules = dict(parts.rules)
    rules.pop(file, None)
    if text.strip():
        rules[file] = text if text.endswith("\n") else f"{text}\n"
    return replace(parts, rules=rules)


def with_texts(parts: Parts, files: Iterable[str], form: Form) -> Parts:
    """Those of these rule files, `text.N` in the form, that were changed as text. A browser writes line ends
    in its own way: what differs in nothing else was not changed."""
    for number, file in enumerate(files):
        given = form.get(f"text.{number}")
        if given is not None and _plain(given) != _plain(parts.rules.get(file, "")):
            parts = with_text(parts, file, given)
    return parts


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isprintable() or one in "\n\t").strip()


def _with_side(parts: Parts, system: str, entity: str, name: str, form: Form) -> Parts:
    bare = {file: text for file, text in parts.rules.items() if file != object_file(system, entity)}
    source = object_source(system, entity, parts.flow, parts.rules)
    base = object_source(system, entity, parts.flow, bare)
    if not source.data or not any(f"{key}.{system}" in form for key in ("place", "constant")):
        return parts
    path = place_of(source, name)
    wanted = _wanted(line_at(source.data, path), system, name, entity, form)
    said = _said(line_at(base.data, path), wanted)
    return edited(parts, object_file(system, entity), {path: said})


def _wanted(
    now: Mapping[str, Any] | None, system: str, name: str, entity: str, form: Form
) -> dict[str, Any] | None:
    """The whole line as the form has it; None for a side without the field."""
    made = {key: one for key, one in (now or {}).items() if key not in ("path", "paths", "constant")}
    place, constant = form.get(f"place.{system}", "").strip(), form.get(f"constant.{system}", "").strip()
    kind = kinds("line")[name.removeprefix(LINES)] if name.startswith(LINES) else kinds(entity)[name]
    if not place and not constant:
        return None
    if place and constant:
        raise RuleInvalid(
            f"{words(name.removeprefix(LINES))}, {title(system)}: a field is read from a place or always has "
            "this value; leave one of the two blank"
        )
    for key in KEYS:
        given = form.get(f"{key}.{system}")
        if given is not None:
            made.pop(key, None)
            if given.strip():
                made[key] = _typed(key, given.strip(), kind)
    if made.get("as") == "table" and f"as.{system}" in form:
        made.setdefault("table", name.removeprefix(LINES))
    if constant and not place:
        return {"constant": _typed("constant", constant, kind), **made}
    several = [one.strip() for one in place.split(",") if one.strip()]
    transform = TRANSFORMS.get(str(made.get("as")))
    if len(several) > 1 or (transform is not None and transform.several and now and "paths" in now):
        return {"paths": several, **made}
    return {"path": place, **made}


def _said(base: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None) -> Any:
    """What one's own rules must say so that the line becomes what is wanted: only what differs."""
    if wanted is None:
        return False if base is not None else REMOVED
    if base is None:
        return wanted["path"] if wanted.keys() == {"path"} else dict(wanted)
    if base == wanted:
        return REMOVED
    differs: dict[str, Any] = {key: one for key, one in wanted.items() if base.get(key) != one}
    origins = ("path", "paths", "constant")
    differs |= {key: False for key in base if key not in wanted and key not in origins}
    if differs.keys() == {"path"}:
        return differs["path"]
    merged = merge({"x": dict(base)}, {"x": differs}, True)["x"]
    return differs if merged == wanted else dict(wanted)


def _typed(key: str, given: str, kind: str) -> Any:
    """What cannot be read as such stays a text, for the check to name."""
    if key == "max":
        return int(given) if given.isdecimal() and len(given) < 10 else given
    if key in ("constant", "default"):
        if kind == "integer" and given.lstrip("-").isdecimal() and len(given) < 20:
            return int(given)
        if kind == "boolean" and given in ("true", "false", "yes", "no"):
            return given in ("true", "yes")
        if kind == "decimal":
            try:
                return Decimal(given) if Decimal(given).is_finite() and "e" not in given.lower() else given
            except InvalidOperation:
                return given
    return given


def _flow_value(parts: Parts, entity: str, name: str, key: str, given: str) -> Any:
    bare = {file: text for file, text in parts.rules.items() if file != flow_file(parts.flow)}
    shipped = line_at(flow_source(parts.flow, bare).data, (entity, "fields", name)) or {}
    if given == str(shipped.get(key) or ""):
        return REMOVED
    return given or False


def edited(parts: Parts, file: str, edits: Mapping[tuple[str, ...], Any]) -> Parts:
    """These keys of one rule file changed. Raises RuleInvalid for a text that is not TOML."""
    before = parts.rules.get(file, "")
    try:
        made = changed(before, dict(edits))
    except tomllib.TOMLDecodeError:
        Source(file, None, before)  # says it with the name of the file
        raise RuleInvalid(f"your rules for {file} are not valid TOML") from None
    return parts if made == before else with_text(parts, file, made)
