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
_NOT_DONE = {
    "401": "Nobody is signed in, or the session is over.",
    "403": "The token is not the session’s, another site sent the form, or the person may only look.",
    "409": "Nothing was done; the sentence says why.",
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
    @property
    def many(self) -> bool: ...


class _Address(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def kind(self) -> type: ...
    @property
    def asked(self) -> Sequence[_Asked]: ...
    @property
    def method(self) -> str: ...


def document(addresses: Sequence[_Address], base: str) -> dict[str, Any]:
    """`base`: the path before each address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tieout",
            "version": VERSION,
            "description": "What the console shows, as JSON, and some of its buttons.",
        },
        "servers": [{"url": base}],
        "security": [{"session": []}],
        "paths": {f"/{one.path}": {one.method: _operation(one)} for one in addresses},
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
    acts = one.method == "post"
    refusals = {**_REFUSALS, **(_NOT_DONE if acts else {})}
    sent = {"parameters": [], "requestBody": _form(one.asked)} if acts else {}
    return {
        "operationId": one.path.replace("-", "_"),
        "summary": one.says,
        "parameters": [_parameter(asked) for asked in one.asked],
        **sent,
        "responses": {
            "200": _answer("It is done." if acts else "The answer.", one.kind),
            **{status: _answer(says, models.Fault) for status, says in sorted(refusals.items())},
        },
    }


def _form(asked: Sequence[_Asked]) -> dict[str, Any]:
    """As a page's form is sent."""
    token = {"type": "string", "description": "The `token` of `session`."}
    fields = {one.name: {**_schema(one), "description": one.says} for one in asked}
    schema = {
        "type": "object",
        "properties": {"token": token, **fields},
        "required": ["token", *(one.name for one in asked if one.needed)],
    }
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}


def _parameter(asked: _Asked) -> dict[str, Any]:
    said = {"name": asked.name, "in": "query", "description": asked.says, "required": asked.needed}
    return {**said, "schema": _schema(asked)}


def _schema(asked: _Asked) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if asked.choices:
        schema["enum"] = list(asked.choices)
    if asked.day:
        schema["format"] = "date"
    return {"type": "array", "items": schema} if asked.many else schema


def _answer(says: str, kind: type) -> Mapping[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": reference(kind)}}}
