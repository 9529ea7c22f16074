"""The check of what a settings file says of each system, made from the options that its manifest lists.

A table `options` passes further options of the connector through as they are.
"""

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from shared.bootstrap import OPTIONS
from shared.systems._options import Option

_ADDRESS = r"^https?://[^/?#@\s]+(/[^?#\s]*)?$"


class SystemTable(BaseModel):
    """Common to all systems. `SECRET` names the fields that go to the secret store, `HIDDEN` those among them
    that no message shows; the rest are options, as text."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    SECRET: ClassVar[frozenset[str]] = frozenset()
    HIDDEN: ClassVar[frozenset[str]] = frozenset()
    options: dict[str, str] = {}

    def public(self) -> dict[str, str]:
        named = self.model_dump(exclude={*self.SECRET, "options"}, exclude_none=True)
        return {**{name: _text(value) for name, value in named.items()}, **self.options}

    def secret(self) -> dict[str, str]:
        return {
            name: str(value)
            for name, value in self.model_dump(include=set(self.SECRET), exclude_none=True).items()
        }


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _table(system: str) -> type[SystemTable]:
    known = OPTIONS[system]
    made: type[SystemTable] = create_model(  # type: ignore[call-overload]
        system,
        __base__=SystemTable,
        **{name: _field(option) for name, option in known.items()},
    )
    made.SECRET = frozenset(name for name, option in known.items() if option.secret)
    made.HIDDEN = frozenset(name for name in made.SECRET if not known[name].shown)
    return made


def _field(option: Option) -> tuple[Any, Any]:
    """The type and the default, as pydantic wants them."""
    if option.required:
        return _type(option), ...
    if option.default is not None:
        return _type(option), option.default
    return _type(option) | None, None


def _type(option: Option) -> Any:
    if option.kind == "choice":
        return Literal[option.choices]
    if option.kind == "number":
        return Annotated[int, Field(ge=option.least, le=option.most)]
    if option.kind == "table":
        return dict[str, Annotated[str, StringConstraints(pattern=option.pattern)]]
    if option.kind == "address":
        return Annotated[str, StringConstraints(pattern=_ADDRESS)]
    return Annotated[
        str,
        StringConstraints(pattern=option.pattern, min_length=None if option.blank or option.pattern else 1),
    ]


SYSTEMS: dict[str, type[SystemTable]] = {system: _table(system) for system in OPTIONS}
