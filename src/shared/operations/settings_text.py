"""An integration's settings as one TOML text, its rules in it: what `tieout connect --settings` takes, what
is kept as a version, and what the console shows and lets people download.

It holds no secret: each that the file must name stands there as `env:` with the name of a variable.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from typing import Any

from shared.bootstrap import OPTIONS
from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.mapping.toml_text import basic, dotted, key, literal, value
from shared.settings import Connection, Integration

_SOUNDS_SECRET = ("secret", "password", "token", "key")
"""No option is a secret; whatever sounds like one is left out all the same."""


@record
class Parts:
    """What of an integration is a setting: all but its connections and webhook tokens."""

    flow: str
    directions: Mapping[str, str]
    brake: Mapping[str, int]
    intervals: Mapping[str, int]
    rules: Mapping[str, str]


def settings_text(integration: Integration) -> str:
    here = ("integration", integration.name)
    text = f"[{dotted(here)}]\nflow = {basic(integration.flow)}\n"
    text += _table((*here, "directions"), integration.directions)
    text += _table((*here, "brake"), integration.brake)
    text += _table((*here, "interval"), integration.intervals)
    for system, connection in integration.connections.items():
        text += _connection((*here, system), connection)
    if integration.rules:
        text += f"\n[{dotted((*here, 'rules'))}]\n"
        text += "".join(
            f"{basic(name)} = {literal(rule)}\n" for name, rule in sorted(integration.rules.items())
        )
    return text


def digest(text: str) -> str:
    """Eight hex digits: enough to tell the versions of one integration apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def read_parts(text: str, name: str) -> Parts:
    """Of what `settings_text` wrote of the integration `name`. Raises RuleInvalid."""
    try:
        found = tomllib.loads(text)["integration"][name]
        tables = [found.get(one, {}) for one in ("directions", "brake", "interval", "rules")]
        if not all(isinstance(one, dict) for one in tables):
            raise TypeError
        return Parts(found["flow"], *tables)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
        raise RuleInvalid(f"these are no settings of the integration {name} that can be read") from None


def parts_of(integration: Integration) -> Parts:
    one = integration
    return Parts(one.flow, one.directions, one.brake, one.intervals, one.rules)


def _table(path: tuple[str, ...], data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    rows = "".join(f"{key(name)} = {value(one)}\n" for name, one in sorted(data.items()))
    return f"\n[{dotted(path)}]\n{rows}"


def _connection(path: tuple[str, ...], connection: Connection) -> str:
    known = OPTIONS.get(connection.system, {})
    text, further = f"\n[{dotted(path)}]\n", dict[str, str]()
    for name, given in sorted(connection.options.items()):
        option = known.get(name)
        if option is None:
            secret = any(word in name.lower() for word in _SOUNDS_SECRET)
            further[name] = f"env:{variable(connection.system, name)}" if secret else given
        elif not option.secret:
            text += f"{key(name)} = {_typed(option.kind, given)}\n"
    for name, option in sorted(known.items()):
        if option.secret and option.required:
            text += f"{key(name)} = {basic(f'env:{variable(connection.system, name)}')}\n"
    return text + _table((*path, "options"), further)


def variable(system: str, name: str) -> str:
    """The variable that `tieout connect` takes a secret from."""
    return f"TIEOUT_{system}_{name}".upper()


def _typed(kind: str, given: str) -> str:
    """A connector gets everything as text; the file has numbers and tables."""
    try:
        if kind == "number":
            return value(int(given))
        if kind == "table":
            return value(json.loads(given))
    except (ValueError, TypeError):
        pass
    return basic(given)
