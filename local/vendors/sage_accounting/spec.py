"""Checks calls against Sage's own swagger, allowing the known differences in `spec_differences`.

`SpecCheck(folder)` reads the two documents; `build_app(options, check=...)` then collects every violation, as
a sentence that begins with "Request" or "Answer", in `app.state.service.violations`.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from local.vendors.sage_accounting.spec_differences import names
from local.vendors.sage_accounting.spec_schema import Rules, faults
from local.vendors.sage_accounting.values import flag, moment

FILES = ("sage-accounting-v3.1.json", "sage-accounting-v3.1-user-businesses.json")
_ACCOUNT = ("/businesses", "/user")
_PAGE_PARTS = names("envelope") | names("businesses_envelope")


class SpecCheck:
    """Raises OSError when a document is not in the folder."""

    def __init__(self, folder: Path | str) -> None:
        documents = [json.loads((Path(folder) / name).read_text(encoding="utf-8")) for name in FILES]
        self._paths = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, methods, document["definitions"])
            for document in documents
            for path, methods in document["paths"].items()
        ]

    def exchange(self, request: Request, body: bytes, reply: Response) -> list[str]:
        """What is wrong with a call to /v3.1 and its answer."""
        called = request.url.path.removeprefix("/v3.1")
        found = self._find(called)
        if called == request.url.path or found is None:
            return [f"Request {request.method} {request.url.path}: there is no such address."]
        path, methods, definitions = found
        operation = methods.get(request.method.lower())
        if operation is None:
            return [f"Request {request.method} {path}: there is no such method."]
        sentences = [
            f"Request {request.method} {path}: {one}."
            for one in (
                *_query(operation, request.query_params),
                *_sent(request, operation, definitions, body),
            )
        ]
        return sentences + [
            f"Answer to {request.method} {path}: {one}."
            for one in _answer(request, path, operation, definitions, reply)
        ]

    def _find(self, called: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]] | None:
        return next(
            (
                (path, methods, definitions)
                for pattern, path, methods, definitions in self._paths
                if pattern.fullmatch(called)
            ),
            None,
        )


# ---------------------------------------------------------------- requests


def _query(operation: Mapping[str, Any], query: Mapping[str, str]) -> list[str]:
    known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
    found = [f"there is no parameter {name}" for name in query if name not in known]
    return found + [
        f"the parameter {name} cannot be {value!r}"
        for name, value in query.items()
        if name in known and not _fits(known[name], value)
    ]


def _fits(parameter: Mapping[str, Any], value: str) -> bool:
    kind, form = parameter.get("type"), parameter.get("format")
    if kind == "integer":
        whole = value.isdigit()
        return whole and parameter.get("minimum", 0) <= int(value) <= parameter.get("maximum", int(value))
    try:
        if kind == "boolean":
            flag(value)
        elif form in ("date", "date-time"):
            moment(value)
    except ValueError:
        return False
    return value in parameter.get("enum", [value])


def _sent(
    request: Request, operation: Mapping[str, Any], definitions: Mapping[str, Any], body: bytes
) -> list[str]:
    wanted = next((one["schema"] for one in operation.get("parameters", []) if one["in"] == "body"), None)
    if wanted is None:
        return _unasked(request.method, body)
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        return ["the content type must be application/json"]
    try:
        value = json.loads(body)
    except ValueError:
        return ["the body must be JSON"]
    if not isinstance(value, dict):
        return ["the body must be an object"]
    return faults(Rules(definitions, sent=True), wanted, value)


def _unasked(method: str, body: bytes) -> list[str]:
    if not body:
        return []
    try:
        allowed = method == "DELETE" and set(json.loads(body)) <= names("void_body")
    except (ValueError, TypeError):
        allowed = False
    return [] if allowed else ["there is no body"]


# ---------------------------------------------------------------- answers


def _answer(
    request: Request, path: str, operation: Mapping[str, Any], definitions: Mapping[str, Any], reply: Response
) -> list[str]:
    found = _headers(path, reply)
    if reply.status_code >= 400:
        return found + _refusal(reply)
    documented = operation["responses"].get(str(reply.status_code))
    if documented is None:
        return [*found, f"the status {reply.status_code} is not one of {', '.join(operation['responses'])}"]
    schema = documented.get("schema")
    if schema is None:
        return found + (["there must be no body"] if reply.body else [])
    if reply.media_type == "application/pdf":
        return (
            found
            if "application/pdf" in request.headers.get("Accept", "")
            else [*found, "nobody asked for a PDF"]
        )
    query = request.query_params
    rules = Rules(
        definitions,
        sent=False,
        nested=query.get("nested_attributes") == "all",
        whole=query.get("attributes", "all" if schema.get("type") != "array" else "") == "all",
    )
    value = json.loads(bytes(reply.body))
    return found + (
        _page(rules, schema, value) if schema.get("type") == "array" else faults(rules, schema, value)
    )


def _headers(path: str, reply: Response) -> list[str]:
    found = [] if reply.headers.get("x_request_id") else ["the header x_request_id is missing"]
    if (
        reply.status_code < 400
        and path.partition("/{")[0] not in _ACCOUNT
        and not reply.headers.get("X-Business")
    ):
        found.append("the header X-Business is missing")
    return found


def _refusal(reply: Response) -> list[str]:
    value = json.loads(bytes(reply.body))
    rows = value if isinstance(value, list) and value else [None]
    good = all(isinstance(row, dict) and row.keys() == names("errors") for row in rows)
    return [] if good else [f"a refusal must be a list of errors, not {value!r}"]


def _page(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, dict) or not value.keys() <= _PAGE_PARTS or "$items" not in value:
        return [f"a list must come in an envelope, not {str(value)[:60]!r}"]
    found = []
    for name in ("$next", "$back"):
        if value[name] is not None and not re.fullmatch(r"/\w+\?.+", value[name]):
            found.append(f"{name} must be relative to /v3.1")
    return found + faults(rules, schema, value["$items"])
