"""The field tables of a flow, as they stand on its page between two marks.

They are made from the compiled flow and the rule files, so that the page cannot promise a field, a direction
or a length that the program does not keep; a test compares the two.
"""

from collections.abc import Iterator
from pathlib import Path

from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.compile import compile_flow, shipped_flows
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.rules import FieldRule
from shared.mapping.schema import FieldLine, ObjectFile
from shared.mapping.source import Layer, Source
from shared.mapping.validate import object_file

BEGIN, END = "<!-- fields: made by `make docs` -->", "<!-- end of fields -->"
_SHARED = Path(__file__).parents[2] / "src" / "shared"
_WAYS = {(True, True): "⇄", (True, False): "→", (False, True): "←"}
"""Goes to the ledger, comes from the ledger."""


def pages() -> dict[str, str]:
    """Flow -> the name of its page in docs/."""
    return {flow: f"flow-{flow.replace('--', '-').replace('_', '-')}.md" for flow in shipped_flows()}


def renewed(page: str, flow: str) -> str:
    """The page with its tables made anew. Raises ValueError where a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page of {flow} lacks {BEGIN if not begin else END}")
    return f"{before}{BEGIN}\n\n{tables(flow)}\n{END}{after}"


def tables(name: str) -> str:
    """A heading and a table for each entity that is written, and what the pair cannot carry."""
    flow = compile_flow(name)
    lines = [
        line
        for entity, rules in flow.entities.items()
        if not (rules.lookup_only or rules.off)
        for line in _entity(flow, entity, rules)
    ]
    return "\n".join([*lines, *_left_out(flow)])


def _left_out(flow: Flow) -> Iterator[str]:
    if flow.left_out:
        yield "### Not carried\n"
        yield "| what | why |"
        yield "|---|---|"
        yield from (f"| {words(what)} | {why} |" for what, why in flow.left_out.items())
        yield ""


def _entity(flow: Flow, entity: str, rules: EntityFlow) -> Iterator[str]:
    files = {system: _file(flow.name, system, entity) for system in (flow.crm, flow.sage)}
    yield f"### {words(entity).capitalize()}\n"
    yield f"| field | {title(flow.crm)} | | {title(flow.sage)} | remarks |"
    yield "|---|---|---|---|---|"
    for name in _in_order(files, rules):
        rule = rules.fields[name]
        yield _row(flow, words(name), {key: file.fields.get(name) for key, file in files.items()}, rule)
    if all(map(_of_lines, files.values())):
        yield from _lines(flow, files, rules.fields["lines"])
    yield ""


def _in_order(files: dict[str, ObjectFile], rules: EntityFlow) -> list[str]:
    """As the CRM's rule file has them, which is how people know them; lines have rows of their own."""
    named = dict.fromkeys(name for file in files.values() for name in file.fields)
    return [name for name in named if name in rules.fields and rules.fields[name].direction != "off"]


def _lines(flow: Flow, files: dict[str, ObjectFile], rule: FieldRule) -> Iterator[str]:
    inner = {system: _of_lines(file) for system, file in files.items()}
    for name in dict.fromkeys(name for fields in inner.values() for name in fields):
        lines = {system: fields.get(name) for system, fields in inner.items()}
        if (ledger := lines[flow.sage]) and _goes(ledger, name, lines[flow.crm], rule, flow):
            yield _row(flow, f"line: {words(name)}", lines, rule)


def _goes(ledger: FieldLine, name: str, crm: FieldLine | None, rule: FieldRule, flow: Flow) -> bool:
    """Whether a value of a line is carried: read-only ones of the ledger where lines come from there."""
    if ledger.access == "read":
        return rule.direction == f"from {flow.sage}" and crm is not None
    return not name == "tax_rate" == ledger.path


def _of_lines(file: ObjectFile) -> dict[str, FieldLine]:
    return file.lines.fields if file.lines else file.line or {}


def _row(flow: Flow, field: str, lines: dict[str, FieldLine | None], rule: FieldRule) -> str:
    to = [system for system in (flow.crm, flow.sage) if rule.direction not in (f"from {system}",)]
    ways = (flow.sage in to, flow.crm in to)
    remarks = [*(["set once, then left alone"] if rule.once else []), *_remarks(lines, to)]
    crm, sage = (_native(lines[system]) for system in (flow.crm, flow.sage))
    return f"| {field} | {crm} | {_WAYS[ways]} | {sage} | {'; '.join(remarks)} |"


def _native(line: FieldLine | None) -> str:
    """The vendor's own names; a custom field by its label."""
    if line is None:
        return "worked out"
    if line.constant is not None:
        return f"always `{line.constant}`"
    names = [
        f"“{path[1:]}” (custom field)" if path.startswith("@") else f"`{path}`"
        for path in line.paths or [line.path or ""]
    ]
    return (", else " if line.as_ == "first" else ", ").join(names)


def _remarks(lines: dict[str, FieldLine | None], to: list[str]) -> Iterator[str]:
    written = {system: line for system, line in lines.items() if line and system in to}
    if needing := [title(system) for system, line in written.items() if line.required]:
        yield f"{' and '.join(needing)} {'require' if len(needing) > 1 else 'requires'} it"
    for system, line in written.items():
        if line.max and line.access != "read":
            each = " each" if line.paths and line.as_ != "first" else ""
            yield f"at most {line.max} characters{each} in {title(system)}"
        if line.default not in (None, 0, True):
            yield f"`{line.default}` in {title(system)} where nothing else is given"


def _file(flow: str, system: str, entity: str) -> ObjectFile:
    own = Layer(_shipped(f"flows/{flow}.toml"), (entity, "on", system))
    return object_file(_shipped(f"systems/{system}/{entity}.toml", own))


def _shipped(name: str, between: Layer | None = None) -> Source:
    return Source(name, (_SHARED / name).read_text("utf-8"), between=between)
