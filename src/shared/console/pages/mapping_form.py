"""What a form of the mapping editor brings: the settings as far as they were edited, and what to do next."""

from collections.abc import Iterable, Mapping

from shared.console.draft import packed, unpacked
from shared.console.visit import NotFound, Visit
from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.operations.mapping_edit import as_shipped, with_field, with_texts, without_field
from shared.operations.mapping_rows import files_of, rows, unmapped
from shared.operations.sections.demands import NEW
from shared.operations.sections.listing import as_shipped as as_section_shipped
from shared.operations.sections.listing import section_of, sections, switched_off, with_section
from shared.operations.sections.model import Given, given
from shared.operations.settings_text import Parts, parts_of, read_parts, settings_text
from shared.operations.settings_versions import with_settings


@record
class Edited:
    """`open`: the field whose rule is being edited, "" for none; `section` the same of what is no field, and
    `given` what was entered for it and could not be taken over. `told`: why."""

    parts: Parts
    entity: str
    open: str = ""
    told: tuple[str, ...] = ()
    section: str = ""
    given: Given | None = None


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


def check_names(
    parts: Parts, entity: str, fields: Iterable[str] = (), parts_open: Iterable[str] = ()
) -> None:
    """Raises NotFound for a field or section that is not there, RuleInvalid for texts that are not TOML."""
    listed = rows(parts, entity)
    known = {*unmapped(parts, entity), *(one.name for one in listed)}
    if any(name and name not in known for name in fields):
        raise NotFound
    found = sections(parts, entity, listed) if any(parts_open) else []
    if any(name and section_of(found, name) is None for name in parts_open):
        raise NotFound


def edited(visit: Visit) -> Edited:
    """Everything that stands in the form is taken over first, whatever button was pressed. Raises NotFound
    for an entity, field or section that is not there, ValueError for a form that did not arrive whole."""
    form = {name: values[0] for name, values in visit.request.form.items() if values}
    entity = entity_of(visit, form.get("entity", ""))
    parts = _draft(visit, form["draft"]) if form.get("draft") else stored(visit)
    field, named = form.get("field", ""), form.get("section", "")
    try:
        parts = with_texts(parts, files_of(parts, entity), form)
        check_names(parts, entity, (field, form.get("edit", "")), (named,))
    except RuleInvalid as fault:
        return Edited(parts, entity, "", _told(fault))
    entered = given(visit.request.form)
    try:
        parts = _with_field(parts, entity, field, form) if field else parts
        parts = _with_section(parts, entity, named, form.get("do", ""), entered) if named else parts
    except RuleInvalid as fault:
        return Edited(parts, entity, field, _told(fault), named, entered)
    return _opened(parts, entity, form, entered)


def _opened(parts: Parts, entity: str, form: Mapping[str, str], entered: Given) -> Edited:
    """Which form stands open after that: the one that was asked for, else the one that was."""
    wanted, section = form.get("edit", ""), form.get("open", "")
    stays = form.get("do") not in ("remove", "shipped", "close")
    if not wanted and not section and stays:
        wanted, section = form.get("field", ""), _named(form.get("section", ""), entered)
    section = "" if wanted else section
    check_names(parts, entity, (), (section,))
    return Edited(parts, entity, wanted, section=section)


def _told(fault: RuleInvalid) -> tuple[str, ...]:
    return tuple(str(fault).splitlines())


def _with_field(parts: Parts, entity: str, field: str, form: Mapping[str, str]) -> Parts:
    """Raises RuleInvalid."""
    do = form.get("do")
    if do == "remove":
        return without_field(parts, entity, field)
    if do == "shipped":
        return as_shipped(parts, entity, field)
    return parts if do == "close" else with_field(parts, entity, field, form)


def _with_section(parts: Parts, entity: str, name: str, do: str, entered: Given) -> Parts:
    """Raises RuleInvalid."""
    part = section_of(sections(parts, entity, rows(parts, entity)), name)
    if part is None:
        raise NotFound
    if do in ("remove", "shipped"):
        return (switched_off if do == "remove" else as_section_shipped)(parts, entity, part)
    return parts if do == "close" or part.off or part.too_long else with_section(parts, entity, part, entered)


def _named(name: str, entered: Given) -> str:
    """A new condition has its name from now on."""
    return name if name != NEW else NEW + "".join(entered.said.get("name", ()))


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


def compiled(parts: Parts) -> list[str]:
    """What is wrong with them."""
    try:
        compile_flow(parts.flow, parts.rules, parts.directions)
    except RuleInvalid as fault:
        return str(fault).splitlines()
    return []
