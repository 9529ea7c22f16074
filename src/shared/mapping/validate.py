"""Checks the shape of a rule file and says what is wrong with it in one sentence a fault."""

import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import RuleInvalid
from shared.mapping.faults import shown
from shared.mapping.schema import EntityRules, ObjectFile, spell_out_object
from shared.mapping.shapes import choices, expected, plain
from shared.mapping.source import Path, Source, choose

Model = TypeVar("Model", bound=BaseModel)


def object_file(source: Source) -> ObjectFile:
    """`systems/<system>/<entity>.toml`. Raises RuleInvalid."""
    return _validate(ObjectFile, spell_out_object(source.data), source, ())


def entity_rules(source: Source, entity: str) -> EntityRules:
    """One entity's table of a flow file. Raises RuleInvalid."""
    return _validate(EntityRules, source.data[entity], source, (entity,))


def _validate(model: type[Model], data: Any, source: Source, inside: Path) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as fault:
        found: dict[Path, list[Any]] = {}
        for one in fault.errors():
            found.setdefault(_written(data, tuple(str(part) for part in one["loc"])), []).append(one)
        told = [
            source.fault(inside + where, _sentence(model, faults, where)) for where, faults in found.items()
        ]
        raise RuleInvalid("\n".join(map(str, told))) from None


def _written(data: Any, path: Path) -> Path:
    """`path` without the marks that pydantic adds for unions."""
    kept: list[str] = []
    for key in path:
        if isinstance(data, dict) and key in data:
            data = data[key]
        elif isinstance(data, list) and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        elif len(kept) + 1 < len(path) or not isinstance(data, dict):
            continue
        kept.append(key)
    return tuple(kept)


def _sentence(model: type[BaseModel], faults: list[Any], where: Path) -> str:
    """Of the value there, and why it is none of the kinds that it may be."""
    fault = faults[0]
    path = tuple(str(part) for part in fault["loc"])
    value = shown(plain(fault["input"]))
    kind = fault["type"]
    if kind == "extra_forbidden":
        return f'there is no key "{path[-1]}"; {choose(path[-1], _keys(model, path[:-1]))}'
    if kind == "literal_error":
        return f'"{value}" is not allowed here; {choose(value, choices(fault["ctx"]))}'
    if kind == "missing":
        return f'the key "{path[-1]}" is missing; add it'
    kinds = dict.fromkeys(expected(one["type"], one.get("ctx", {}), one["msg"]) for one in faults)
    wanted = "; or ".join(kinds)
    if kind == "model_type" and where[-2:-1] in (("fields",), ("line",)):
        wanted = "write the system's own name in quotes, or a table"
    return f'"{value}" does not fit: {wanted}'


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed in the table at `path` of a file of this model."""
    here: Any = model
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            named = {(info.alias or name): info.annotation for name, info in here.model_fields.items()}
            here = _inner(named.get(part))
        else:
            here = _inner(typing.get_args(here)[-1]) if typing.get_args(here) else here
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return []
    return [info.alias or name for name, info in here.model_fields.items()]


def _inner(annotation: Any) -> Any:
    """The table type of an annotation: `X | None` is X."""
    options = [item for item in typing.get_args(annotation) if item is not type(None)]
    return options[0] if type(None) in typing.get_args(annotation) else annotation
