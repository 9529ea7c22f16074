"""The settings file of `tieout up --settings FILE`: TOML, checked completely before anything starts.

Every fault names file, line, field, value and what is allowed; all faults of a file are reported together. A
value `env:NAME` is taken from the environment, so that a file need hold no secret. See docs/operating.md for
every field.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from local.settings_faults import Faults, add_shapes
from local.settings_flows import check_integration, read_rules
from local.settings_intervals import check_intervals, with_intervals
from local.settings_models import SettingsFile, Stated
from local.settings_systems import SystemTable
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.settings import Connection, Integration

_REFERENCE = re.compile(r"^env:(.*)$")


@dataclass(frozen=True)
class Entry:
    """One integration as the file has it. `secrets` is system -> what goes to the secret store."""

    integration: Integration
    live: bool
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """`parameters` are those of the template."""

    integrations: tuple[Entry, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)


def load(path: Path, env: Mapping[str, str] | None = None) -> Settings:
    """Raises RuleInvalid with one line for each fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RuleInvalid(f"{path}: the settings file cannot be read: it is not a text in UTF-8.") from None
    except OSError as fault:
        why = (fault.strerror or "unknown reason").lower()
        raise RuleInvalid(f"{path}: the settings file cannot be read: {why}.") from None
    return parse(text, path, os.environ if env is None else env)


def parse(text: str, path: Path, env: Mapping[str, str]) -> Settings:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        what, _, place = str(fault).partition(" (at ")
        number = re.match(r"line (\d+)", place)
        line = number[1] if number else len(text.splitlines())
        raise RuleInvalid(f"{path}, line {line}: this is not valid TOML: {what}.") from None
    faults = Faults(path, text)
    filled = _fill(data, (), env, faults.add)
    file: SettingsFile | None = None
    try:
        file = SettingsFile.model_validate(filled)
    except ValidationError as fault:
        add_shapes(faults, fault.errors(), data)
    stated = filled.get("integration")
    tables = {name: one for name, one in stated.items() if isinstance(one, dict)} if _is_table(stated) else {}
    flows = {name: check_integration(name, one, path.parent, faults) for name, one in tables.items()}
    check_intervals(filled, flows, faults)
    faults.tell()
    assert file is not None
    return _settings(file, path)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _settings(file: SettingsFile, path: Path) -> Settings:
    entries = [_entry(name, item, path) for name, item in file.integration.items()]
    made, ticks = with_intervals(file, [one.integration for one in entries])
    found = tuple(replace(entry, integration=one) for entry, one in zip(entries, made, strict=True))
    return Settings(found, {"PollMinutes": str(ticks)})


def _entry(name: str, item: Stated, path: Path) -> Entry:
    rules = read_rules(item.rules, path.parent, ("integration", name, "rules"), Faults(path, ""))
    flow = compile_flow(item.flow, rules)
    options: dict[str, SystemTable] = {system: getattr(item, system) for system in (flow.crm, flow.sage)}
    made = Integration(
        name,
        item.flow,
        {system: Connection(system, found.public()) for system, found in options.items()},
        rules,
        directions=item.directions,
        brake=item.brake.model_dump(exclude_none=True),
    )
    return Entry(made, item.live, {system: found.secret() for system, found in options.items()})


def _fill(value: Any, where: tuple[str, ...], env: Mapping[str, str], complain: Any) -> Any:
    """The same data with every `env:NAME` replaced."""
    if isinstance(value, dict):
        return {key: _fill(item, (*where, key), env, complain) for key, item in value.items()}
    if isinstance(value, str) and (reference := _REFERENCE.match(value)):
        if reference[1] not in env:
            complain(where, f"the environment has no variable {reference[1]!r}; set it before starting.")
        return env.get(reference[1], "")
    return value
