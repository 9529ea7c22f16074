"""What of a settings file only shows with its flow and rules in hand: names, tables, rules, directions."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.settings_faults import Faults, Place, quoted
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow, shipped_flows
from shared.mapping.model import Flow
from shared.mapping.shapes import ended
from shared.mapping.source import choose
from shared.operations.settings_check import direction_faults

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_RULES = "flows/{}.toml"


def check_integration(name: str, stated: Mapping[str, Any], root: Path, faults: Faults) -> Flow | None:
    """`stated` is what the file says, whatever its shape; `root` the folder of the file. The flow as it would
    be compiled, or None where it cannot be."""
    where = ("integration", name)
    if not _NAME.fullmatch(name):
        allowed = "use up to 32 lower-case letters, digits and dashes"
        faults.add(where, f"'{name}' cannot name an integration: {allowed}.")
    rules = read_rules(stated.get("rules"), root, (*where, "rules"), faults)
    flow = stated.get("flow")
    if not isinstance(flow, str) or not _known(flow, stated, rules, (*where, "flow"), faults):
        return None
    compiled = _compiled(flow, rules, faults)
    systems = (compiled.crm, compiled.sage) if compiled else flow.split("--")
    for system in systems:
        if system not in stated:
            faults.add((*where, "flow"), f"flow '{flow}' needs a table [integration.{name}.{system}].")
    ways = stated.get("directions")
    if isinstance(ways, dict):
        _directions(flow, ways, rules if compiled else {}, (*where, "directions"), faults)
    return compiled


def read_rules(folder: Any, root: Path, where: Place, faults: Faults) -> dict[str, str]:
    """Every TOML file of the folder, by its path in it: `systems/sugarcrm/sales_order.toml`,
    `flows/….toml`. In place of a folder the rules may stand in the settings file itself, as the console
    writes it: a table of these names and their texts."""
    if isinstance(folder, dict):
        return {name: text for name, text in folder.items() if isinstance(text, str)}
    if not isinstance(folder, str):
        return {}
    if not (root / folder).is_dir():
        faults.add(where, f"'{folder}' is not a folder beside the settings file.")
        return {}
    found: dict[str, str] = {}
    for file in sorted((root / folder).rglob("*.toml")):
        name = file.relative_to(root / folder).as_posix()
        try:
            found[name] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            faults.add((*where, name), f"{file} is not a text in UTF-8: save it as such.")
        except OSError as fault:
            faults.add((*where, name), f"{file} cannot be read: {fault.strerror}.")
    if not found:
        faults.add(where, f"the folder '{folder}' holds no .toml file.")
    return found


def _known(
    flow: str, stated: Mapping[str, Any], rules: Mapping[str, str], where: Place, faults: Faults
) -> bool:
    """Of flows that are not there, the one whose systems have tables is meant."""
    known = [*shipped_flows(), *(one[6:-5] for one in rules if one.startswith("flows/"))]
    if flow in known:
        return True
    meant = [one for one in shipped_flows() if all(system in stated for system in one.split("--"))]
    guess = f'; did you mean "{meant[0]}"?' if len(meant) == 1 else ""
    allowed = choose("" if guess else flow, known)
    faults.add(where, ended(f"there is no flow {quoted(flow)}; {allowed}{guess}"))
    return False


def _compiled(flow: str, rules: Mapping[str, str], faults: Faults) -> Flow | None:
    try:
        return compile_flow(flow, rules)
    except RuleInvalid as fault:
        faults.add_rules(fault)
        return None


def _directions(
    flow: str, stated: Mapping[str, Any], rules: Mapping[str, str], where: Place, faults: Faults
) -> None:
    """Where the rules are at fault, the shipped flow is asked."""
    for entity, what in direction_faults(flow, stated, rules):
        faults.add((*where, entity), what)
