"""Faults of a settings file as sentences: file, line, field, value, what is allowed. No secret is shown."""

import difflib
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from local.settings_lines import line_of
from local.settings_models import Brake, IntegrationTable, Local, SettingsFile
from local.settings_systems import SYSTEMS

_SECRET = re.compile(r"pass|pwd|pin|secret|token|key|auth|cred")


def sentence(path: Path, text: str, where: tuple[Any, ...], what: str) -> str:
    line = line_of(text, tuple(str(part) for part in where))
    return f"{path}, line {line}: {'.'.join(str(part) for part in where)}: {what}"


def written(data: Any, where: tuple[Any, ...]) -> Any:
    """What the file itself says there, so that `env:NAME` stands for its value; None for no single value."""
    for part in where:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, str | int | float) else None


def explain(fault: dict[str, Any], written: Any) -> str:
    """Pydantic's finding as a sentence with the value (unless it is a secret) and what is allowed."""
    kind, where = fault["type"], fault["loc"]
    name = str(where[-1])
    if kind == "missing":
        return "this field is missing."
    if kind == "extra_forbidden":
        said = "" if written is None or _may_be_secret(where) else f"; the value given is {written!r}"
        return f"there is no such field; allowed are {', '.join(_allowed(where))}{said}."
    shown = "the value" if name in _hidden(where) else repr(fault["input"])
    if name == "url" and kind == "string_pattern_mismatch":
        return f"{shown} cannot be used: it should be an address such as https://crm.example."
    text = fault["msg"][0].lower() + fault["msg"][1:]
    return f"{shown} cannot be used: {text}."


def _hidden(where: tuple[Any, ...]) -> frozenset[str]:
    """The fields beside this one whose values no message shows."""
    system = str(where[2]) if len(where) > 3 else ""
    return SYSTEMS[system].HIDDEN if system in SYSTEMS else frozenset()


def _may_be_secret(where: tuple[Any, ...]) -> bool:
    """Whether an unknown field looks like a secret whose name was mistyped."""
    name = str(where[-1]).lower()
    hidden = {one for table in SYSTEMS.values() for one in table.HIDDEN}
    return bool(_SECRET.search(name) or difflib.get_close_matches(name, hidden, 1, 0.6))


def _allowed(where: tuple[Any, ...]) -> list[str]:
    if len(where) > 3:
        tables: dict[str, type[BaseModel]] = {**SYSTEMS, "brake": Brake}
        return sorted(tables[str(where[2])].model_fields)
    model: type[BaseModel] = IntegrationTable
    if len(where) < 3:
        model = SettingsFile if len(where) == 1 else Local
    return sorted(model.model_fields)
