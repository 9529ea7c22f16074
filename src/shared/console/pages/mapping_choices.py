"""What the systems themselves offer in a field, and what the mapping editor says to a value that is not
offered."""

from collections.abc import Iterator, Mapping, Sequence

from shared.console.pages.mapping_fields import Live
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.shapes import near
from shared.operations.mapping_rows import Row
from shared.operations.sections.conditions import BLANK
from shared.operations.sections.model import Section
from shared.operations.sections.tables import missing, users_of
from shared.ports import FieldInfo


def choices_of(section: Section, rows: Sequence[Row], known: Live) -> dict[str, str]:
    """Of the fields that a table is for: what the system itself offers, value -> label."""
    if section.kind != "table":
        return {}
    places = users_of(rows, section.system, section.name).places
    infos = [known.field(section.system, place) for place in places]
    return {value: label for one in infos if one is not None for value, label in one.choices}


def ours_of(section: Section, found: Sequence[Section], rows: Sequence[Row], known: Live) -> list[str]:
    """Our values that this table has, that the other system's table for the same field has, or that may be
    chosen in its field."""
    if section.kind != "table":
        return []
    names = {*section.fields}
    made = [value for line in section.lines for value in line.values]
    for other in found:
        if other.kind == "table" and other.system != section.system and names & {*other.fields}:
            made += [value for line in other.lines for value in line.values]
    for row in rows:
        for system, side in row.sides.items() if row.name in names else ():
            if system != section.system and not side.line.get("table"):
                info = known.field(system, side.place)
                made += [value for value, _ in info.choices] if info is not None else []
    return list(dict.fromkeys(made))


def warned_of(found: Sequence[Section], rows: Sequence[Row], known: Live) -> Iterator[str]:
    """What is no fault, but nothing that the system's own lists know."""
    for section in found:
        if section.kind == "table":
            yield from _of_table(section, choices_of(section, rows, known))
        elif section.kind in ("where", "closed"):
            for line in section.lines:
                info = known.field(section.system, line.name)
                yield from _of_condition(section.system, line.name, line.how, line.values, info)


def _of_table(section: Section, choices: Mapping[str, str]) -> Iterator[str]:
    if not choices:
        return
    system, used = title(section.system), words(section.fields[0] if section.fields else section.name)
    for line in section.lines:
        if line.name not in choices:
            yield f"{system} does not offer “{line.name}” for {used}{near(line.name, choices)}"
    left = missing(section, choices)
    if left:
        told = ", ".join(f"“{one}”" for one in left[:8]) + (" and others" if len(left) > 8 else "")
        yield (
            f"{system} offers {told} for {used}, and no row says what that means: such a value is not "
            "carried over"
        )


def _of_condition(
    system: str, name: str, how: str, values: Sequence[str], info: FieldInfo | None
) -> Iterator[str]:
    if info is None or how in BLANK or not info.choices:
        return
    for one in values:
        if not any(one.casefold() == value.casefold() for value, _ in info.choices):
            offered = [value for value, _ in info.choices]
            yield f"{title(system)} does not offer “{one}” for {name}{near(one, offered)}"
