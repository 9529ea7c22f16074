"""What a form of the mapping editor brings: the settings as far as they were edited, and what to do next."""

from collections.abc import Mapping

from shared.console.draft import packed, unpacked
from shared.console.visit import NotFound, Visit
from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.operations.mapping_edit import as_shipped, with_field, with_text, without_field
from shared.operations.mapping_rows import files_of, rows, unmapped
from shared.operations.settings_text import Parts, parts_of, read_parts, settings_text
from shared.operations.settings_versions import with_settings


@record
class Edited:
    """`open`: the field whose rule is being edited, "" for none. `told`: what could not be taken over."""

    parts: Parts
    entity: str
    open: str = ""
    told: tuple[str, ...] = ()


def entity_of(visit: Visit, asked: str) -> str:
    """The one that is asked for, else the flow's first that is mapped. Raises NotFound."""
    flow = visit.services.flow
    known = [name for name, one in flow.entities.items() if one.maps and not one.lookup_only]
    if asked and asked not in known:
        raise NotFound
    return asked or known[0]


def stored(visit: Visit) -> Parts:
    return parts_of(visit.services.integration)


def draft_of(visit: Visit, parts: Parts) -> str:
    return packed(settings_text(with_settings(visit.services.integration, parts)))


def edited(visit: Visit) -> Edited:
    """Everything that stands in the form is taken over first, whatever button was pressed. Raises NotFound
    for an entity or field that is not there, ValueError for a form that did not arrive whole."""
    form = {name: values[0] for name, values in visit.request.form.items() if values}
    entity = entity_of(visit, form.get("entity", ""))
    parts = _draft(visit, form["draft"]) if form.get("draft") else stored(visit)
    field, do = form.get("field", ""), form.get("do", "")
    try:
        parts = _with_texts(visit, parts, entity, form)
        known = {*unmapped(parts, entity), *(one.name for one in rows(parts, entity))}
    except RuleInvalid as fault:
        return Edited(parts, entity, "", tuple(str(fault).splitlines()))
    if any(name and name not in known for name in (field, form.get("edit", ""))):
        raise NotFound
    try:
        if field and do not in ("remove", "shipped", "close"):
            parts = with_field(parts, entity, field, form)
        elif field and do == "remove":
            parts = without_field(parts, entity, field)
        elif field and do == "shipped":
            parts = as_shipped(parts, entity, field)
    except RuleInvalid as fault:
        return Edited(parts, entity, field, tuple(str(fault).splitlines()))
    opened = form.get("edit", "") or ("" if do in ("remove", "shipped", "close") else field)
    return Edited(parts, entity, opened)


def _draft(visit: Visit, packed_text: str) -> Parts:
    """Raises ValueError for what is not a draft of this integration."""
    integration = visit.services.integration
    try:
        parts = read_parts(unpacked(packed_text), integration.name)
    except RuleInvalid as fault:
        raise ValueError(str(fault)) from fault
    if parts.flow != integration.flow:
        raise ValueError("of another flow")
    return parts


def _with_texts(visit: Visit, parts: Parts, entity: str, form: Mapping[str, str]) -> Parts:
    """Rule files that were changed as text. A browser writes line ends in its own way: what differs in
    nothing else was not changed."""
    for number, file in enumerate(files_of(parts, entity)):
        given = form.get(f"text.{number}")
        if given is not None and _plain(given) != _plain(parts.rules.get(file, "")):
            parts = with_text(parts, file, given)
    return parts


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isprintable() or one in "\n\t").strip()


def compiled(parts: Parts) -> list[str]:
    """What is wrong with them."""
    try:
        compile_flow(parts.flow, parts.rules, parts.directions)
    except RuleInvalid as fault:
        return str(fault).splitlines()
    return []
