"""Faults of a settings file as sentences: file, line, field, value, what is allowed. No secret is shown."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from local.settings_lines import line_of
from local.settings_models import Brake, IntegrationTable, Local, SettingsFile
from local.settings_systems import SYSTEMS
from shared.errors import RuleInvalid
from shared.mapping.shapes import choices, ended, expected, near, plain
from shared.systems._options import CURRENCY, EMAIL

Place = tuple[str, ...]
_SECRET = re.compile(r"pass|pwd|pin|secret|token|key|auth|cred")
_FORMS = {CURRENCY: "three capital letters, such as GBP", EMAIL: "an e-mail address"}
"""What a text must look like, for the patterns that options have in common."""


class Faults:
    """All that is wrong with one file. Of one place, the first finding is told."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text
        self._found: dict[Place, tuple[int, str]] = {}
        self._rules: dict[str, None] = {}

    def add(self, where: tuple[Any, ...], what: str) -> None:
        place = tuple(str(part) for part in where)
        line = line_of(self._text, place)
        self._found.setdefault(place, (line, f"{self._path}, line {line}: {'.'.join(place)}: {what}"))

    def add_rules(self, fault: RuleInvalid) -> None:
        """What the rule files say of themselves: they name their own lines."""
        self._rules |= dict.fromkeys(str(fault).splitlines())

    def tell(self) -> None:
        """Raises RuleInvalid with a line for each fault, in the order of the file, those of rules last."""
        found = [said for _, said in sorted(self._found.values(), key=lambda one: one[0])]
        if told := [*found, *self._rules]:
            raise RuleInvalid("\n".join(told))


def add_shapes(faults: Faults, found: list[Any], data: Mapping[str, Any]) -> None:
    """What pydantic found, `data` being what the file itself says: there `env:NAME` stands for its value."""
    for fault in found:
        where = _place(data, fault["loc"])
        faults.add(where, _explain(fault, where, _written(data, where)))


def quoted(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else plain(value)


def _place(data: Any, where: tuple[Any, ...]) -> Place:
    """Without the marks that pydantic adds for a value of several kinds."""
    kept: list[str] = []
    for part in where:
        if not isinstance(data, dict):
            break
        kept.append(str(part))
        data = data.get(part)
    return tuple(kept)


def _written(data: Any, where: Place) -> Any:
    for part in where:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _explain(fault: Any, where: Place, written: Any) -> str:
    kind, name, context = fault["type"], where[-1], fault.get("ctx", {})
    if kind == "missing":
        return "this field is missing."
    if kind == "extra_forbidden":
        single = isinstance(written, str | int | float) and not _may_be_secret(where)
        said = f"; the value given is {quoted(written)}" if single else ""
        allowed = _allowed(where)
        return ended(f"there is no such field; allowed are {', '.join(allowed)}{said}{near(name, allowed)}")
    shown = "the value" if name in _hidden(where) else quoted(fault["input"])
    if kind in ("dict_type", "model_type"):
        return f"{shown} cannot be used: write a table, such as [{'.'.join(where)}]."
    if kind == "string_pattern_mismatch":
        return f"{shown} cannot be used: it should be {_form(name, str(context.get('pattern')))}."
    guess = near(fault["input"], choices(context)) if kind == "literal_error" else ""
    return ended(f"{shown} cannot be used: {expected(kind, context, fault['msg'])}{guess}")


def _form(name: str, pattern: str) -> str:
    if name in ("url", "token_url", "authorize_url"):
        return "an address such as https://crm.example"
    return _FORMS.get(pattern, f"of the form {pattern}")


def _hidden(where: Place) -> frozenset[str]:
    """The fields beside this one whose values no message shows."""
    system = where[2] if len(where) > 3 else ""
    return SYSTEMS[system].HIDDEN if system in SYSTEMS else frozenset()


def _may_be_secret(where: Place) -> bool:
    """Whether an unknown field looks like a secret whose name was mistyped."""
    name = where[-1].lower()
    hidden = {one for table in SYSTEMS.values() for one in table.HIDDEN}
    return bool(_SECRET.search(name) or difflib.get_close_matches(name, hidden, 1, 0.6))


def _allowed(where: Place) -> list[str]:
    if len(where) > 3:
        tables: dict[str, type[BaseModel]] = {**SYSTEMS, "brake": Brake}
        return sorted(tables[where[2]].model_fields)
    model: type[BaseModel] = IntegrationTable
    if len(where) < 3:
        model = SettingsFile if len(where) == 1 else Local
    return sorted(model.model_fields)
