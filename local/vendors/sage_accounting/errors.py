"""Refusals of the API: an HTTP status and the JSON array that Sage sends with it."""

from typing import Any

REQUIRED = "This field is required."


class Refused(Exception):
    """`errors` are dictionaries with $severity, $dataCode, $message and $source."""

    def __init__(self, status: int, errors: list[dict[str, Any]]) -> None:
        super().__init__(
            "; ".join(f"{one['$source']}: {one['$message']}".removeprefix(": ") for one in errors)
        )
        self.status = status
        self.errors = errors


def error(message: str, source: str = "", code: str = "RecordInvalid") -> dict[str, Any]:
    return {"$severity": "error", "$dataCode": code, "$message": message, "$source": source}


def invalid(message: str, source: str = "") -> Refused:
    return Refused(422, [error(message, source)])


def malformed(wrapper: str, name: str, status: int) -> Refused:
    """A value whose type or shape is wrong, in the words of Sage's parameter check."""
    return Refused(
        status,
        [error(f"{wrapper}[{name}] is invalid" if name else f"{wrapper} is missing", "", "Validation")],
    )


def not_found(status: int = 404) -> Refused:
    return Refused(
        status, [error("Couldn't find record.", "", "RecordNotFound" if status == 404 else "RecordInvalid")]
    )


def denied() -> Refused:
    message = "The current user is not allowed to access that resource with that method."
    return Refused(403, [error(message, "", "MultiUserAccessDenied")])


def unexpected() -> list[dict[str, Any]]:
    return [error("An unexpected error occurred.", "", "UnexpectedError")]
