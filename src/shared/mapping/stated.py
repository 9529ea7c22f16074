"""What rule files say before they are compiled: the shipped text, with an integration's own laid over it."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path as File

from shared.mapping.source import Layer, Source

_ROOT = File(__file__).parent.parent


def flow_file(flow: str) -> str:
    return f"flows/{flow}.toml"


def object_file(system: str, entity: str) -> str:
    return f"systems/{system}/{entity}.toml"


@lru_cache(maxsize=128)
def shipped_text(name: str) -> str | None:
    """`name` is one of a rule file; None for one that is not shipped."""
    path = _ROOT / name
    return path.read_text("utf-8") if path.is_file() else None


def flow_source(flow: str, rules: Mapping[str, str]) -> Source:
    """Raises RuleInvalid."""
    name = flow_file(flow)
    return Source(name, shipped_text(name), rules.get(name))


def object_source(system: str, entity: str, flow: str, rules: Mapping[str, str]) -> Source:
    """With what the flow lays over the system's file. Raises RuleInvalid."""
    name = object_file(system, entity)
    between = Layer(flow_source(flow, rules), (entity, "on", system))
    return Source(name, shipped_text(name), rules.get(name), between)
