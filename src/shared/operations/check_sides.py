"""Says which fields of an integration's own rules are on one side only: nothing of them would be carried, and
nobody would notice."""

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.one_sided import OneSided, one_sided
from shared.ports import Finding


def side_findings(services: Services) -> list[Finding]:
    """A warning for each."""
    found = one_sided(services.flow, services.integration.rules)
    return [Finding("warning", f"{words(one.entity)}, {_field(one)}", sentence(one)) for one in found]


def _field(one: OneSided) -> str:
    return f"line: {words(one.field)}" if one.lines else words(one.field)


def sentence(one: OneSided) -> str:
    """What is said of it."""
    here = f"{title(one.system)} (“{one.native}”)" if one.native else title(one.system)
    there = title(one.lacks)
    owner = f"{'the lines of ' if one.lines else ''}{words(one.entity)}"
    said = f"The field “{one.field}” of {owner} is mapped in {here}"
    if one.looked_up:
        return f"{said}, but this flow only looks these records up: it is not carried over."
    if one.no_way:
        return (
            f"{said} and in {there}, but it cannot be written the way that this flow goes: it is not carried "
            "over. Look at its access and its direction."
        )
    return (
        f"{said} only, and {there} has no field for it: it is not carried over. Name the field of {there} in "
        f"systems/{one.lacks}/{one.entity}.toml, or leave this one out."
    )
