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

from local.settings_faults import explain, sentence, written
from local.settings_intervals import with_intervals
from local.settings_models import SettingsFile, Stated
from local.settings_systems import SYSTEMS, SystemTable
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
    """Raises RuleInvalid with one sentence a fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise RuleInvalid(f"{path}: the settings file cannot be read ({fault}).") from None
    return parse(text, path, os.environ if env is None else env)


def parse(text: str, path: Path, env: Mapping[str, str]) -> Settings:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RuleInvalid(f"{path}: this is not valid TOML: {fault}.") from None
    faults: list[str] = []
    filled = _fill(data, (), env, lambda where, what: faults.append(sentence(path, text, where, what)))
    if not faults:
        try:
            return _settings(SettingsFile.model_validate(filled), path, text)
        except ValidationError as fault:
            faults = [
                sentence(path, text, item["loc"], explain(dict(item), written(data, item["loc"])))
                for item in fault.errors()
            ]
    raise RuleInvalid("\n".join(faults))


def _settings(file: SettingsFile, path: Path, text: str) -> Settings:
    entries = [_entry(name, item, path, text) for name, item in file.integration.items()]
    made, ticks = with_intervals(
        file, [one.integration for one in entries], lambda where, said: sentence(path, text, where, said)
    )
    found = tuple(replace(entry, integration=one) for entry, one in zip(entries, made, strict=True))
    return Settings(found, {"PollMinutes": str(ticks)})


def _entry(name: str, item: Stated, path: Path, text: str) -> Entry:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", name):
        allowed = "use up to 32 lower-case letters, digits and dashes"
        raise RuleInvalid(
            sentence(path, text, ("integration", name), f"{name!r} cannot name an integration: {allowed}.")
        )
    options: dict[str, SystemTable] = {}
    for system in item.flow.split("--"):
        found = getattr(item, system, None)
        if found is None:
            missing = f"flow {item.flow!r} needs a table [integration.{name}.{system}]"
            known = f"; systems are {', '.join(SYSTEMS)}" if system not in SYSTEMS else ""
            raise RuleInvalid(sentence(path, text, ("integration", name, "flow"), f"{missing}{known}."))
        options[system] = found
    connections = {system: Connection(system, found.public()) for system, found in options.items()}
    made = Integration(
        name,
        item.flow,
        connections,
        _rules(item.rules, path, text, name),
        directions=item.directions,
        brake=item.brake.model_dump(exclude_none=True),
    )
    _check_directions(made, path, text)
    return Entry(made, item.live, {system: found.secret() for system, found in options.items()})


def _check_directions(made: Integration, path: Path, text: str) -> None:
    """Which entities need each other is known to the flow; a rule file that is wrong in itself is found when
    it is stored."""
    if not made.directions:
        return
    compile_flow(made.flow, made.rules)
    try:
        compile_flow(made.flow, made.rules, made.directions)
    except RuleInvalid as fault:
        named = next(
            (
                entity
                for entity in made.directions
                if f"directions.{entity}:" in str(fault) or f" {entity}.direction:" in str(fault)
            ),
            next(iter(made.directions)),
        )
        what = re.split(rf"(?:directions\.)?{named}(?:\.direction)?: ", str(fault), maxsplit=1)[-1]
        raise RuleInvalid(
            sentence(path, text, ("integration", made.name, "directions", named), what)
        ) from None


def _rules(folder: str | None, path: Path, text: str, name: str) -> dict[str, str]:
    """Every TOML file of the folder, by its path in it: `systems/sugarcrm/sales_order.toml`,
    `flows/….toml`."""
    if folder is None:
        return {}
    root = path.parent / folder
    where = ("integration", name, "rules")
    if not root.is_dir():
        raise RuleInvalid(
            sentence(path, text, where, f"{folder!r} is not a folder beside the settings file.")
        )
    found = {
        file.relative_to(root).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(root.rglob("*.toml"))
    }
    if not found:
        raise RuleInvalid(sentence(path, text, where, f"the folder {folder!r} holds no .toml file."))
    return found


def _fill(value: Any, where: tuple[str, ...], env: Mapping[str, str], complain: Any) -> Any:
    """The same data with every `env:NAME` replaced."""
    if isinstance(value, dict):
        return {key: _fill(item, (*where, key), env, complain) for key, item in value.items()}
    if isinstance(value, str) and (reference := _REFERENCE.match(value)):
        if reference[1] not in env:
            complain(where, f"the environment has no variable {reference[1]!r}; set it before starting.")
        return env.get(reference[1], "")
    return value
