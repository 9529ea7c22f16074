"""One call to the v11 API, whether on its own or as part of a bulk call, and the answers it can get."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """`query` keeps repeated names; header names are lower case; `body` is the raw bytes."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def argument(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def json(self) -> dict[str, Any]:
        """The body as an object, {} when there is none. Raises RestError 422."""
        if not self.body.strip():
            return {}
        try:
            read = json.loads(self.body)
        except ValueError:
            raise invalid("The request body is not valid JSON.") from None
        if not isinstance(read, dict):
            raise invalid("The request body is not a JSON object.")
        return read


@dataclass(frozen=True)
class Answer:
    contents: Any
    status: int = 200


class RestError(Exception):
    """`{"error": label, "error_message": text}` with its HTTP status."""

    def __init__(self, status: int, label: str, message: str) -> None:
        super().__init__(message)
        self.answer = Answer({"error": label, "error_message": message}, status)


def invalid(message: str) -> RestError:
    return RestError(422, "invalid_parameter", message)


def missing(message: str) -> RestError:
    return RestError(422, "missing_parameter", message)


def not_found(message: str) -> RestError:
    return RestError(404, "not_found", message)


def no_method(path: str) -> RestError:
    return RestError(404, "no_method", f"Could not find a route for {path}")


def not_authorized(message: str) -> RestError:
    return RestError(403, "not_authorized", message)
