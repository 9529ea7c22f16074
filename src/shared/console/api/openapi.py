"""The description of the API as OpenAPI 3.1, from the addresses and the records that they answer with."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from shared.console.api import models
from shared.console.api.plain import reference, schemas

VERSION = "1"
_REFUSALS = {
    "401": "Nobody is signed in.",
    "404": "There is no such record or page, a parameter is none, or the person has no role here.",
    "503": "It cannot be answered now: the rules cannot be read, or a store does not answer.",
}


class _Asked(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def day(self) -> bool: ...
    @property
    def needed(self) -> bool: ...


class _Address(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def kind(self) -> type: ...
    @property
    def asked(self) -> Sequence[_Asked]: ...


def document(addresses: Sequence[_Address], base: str) -> dict[str, Any]:
    """`base`: the path before each address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tieout",
            "version": VERSION,
            "description": "What the console shows, as JSON. Read only.",
        },
        "servers": [{"url": base}],
        "security": [{"session": []}],
        "paths": {f"/{one.path}": {"get": _operation(one)} for one in addresses},
        "components": {
            "schemas": schemas([models.Fault, *(one.kind for one in addresses)]),
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-tieout",
                    "description": "The session of the console, which a sign-in begins.",
                }
            },
        },
    }


def _operation(one: _Address) -> dict[str, Any]:
    return {
        "operationId": one.path.replace("-", "_"),
        "summary": one.says,
        "parameters": [_parameter(asked) for asked in one.asked],
        "responses": {
            "200": _answer("The answer.", one.kind),
            **{status: _answer(says, models.Fault) for status, says in _REFUSALS.items()},
        },
    }


def _parameter(asked: _Asked) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if asked.choices:
        schema["enum"] = list(asked.choices)
    if asked.day:
        schema["format"] = "date"
    said = {"name": asked.name, "in": "query", "description": asked.says, "required": asked.needed}
    return {**said, "schema": schema}


def _answer(says: str, kind: type) -> Mapping[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": reference(kind)}}}
