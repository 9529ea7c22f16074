"""How a Vtiger server refuses: an answer with a code, or a PHP process that crashes and leaves an empty HTTP
500."""

from typing import Any

DENIED = "Permission to perform the operation is denied"


class VtigerError(Exception):
    """`code` is a word, or the number 0 for a duplicate."""

    def __init__(self, code: str | int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def shown(self) -> dict[str, Any]:
        return {"message": self.message, "code": self.code}


class PhpDeath(Exception):
    """An unhandled PHP error. Whatever was written before it stays written."""


def denied(message: str = DENIED) -> VtigerError:
    return VtigerError("ACCESS_DENIED", message)
