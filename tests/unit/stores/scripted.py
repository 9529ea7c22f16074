"""A client whose answers a test writes down, for faults that no emulator shows."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

Answer = dict[str, Any] | Exception | Callable[[dict[str, Any]], Any]


class ScriptedClient:
    """Gives the answers in order, whatever the operation. `asked` is (operation, request) of each call."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.asked.append((operation, request))
            answer = self._answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer(request) if callable(answer) else answer

        return call

    @property
    def exhausted(self) -> bool:
        return not self._answers


def fault(code: str, status: int = 400, **more: Any) -> ClientError:
    """A refusal as botocore raises it."""
    return ClientError(
        {
            "Error": {"Code": code, "Message": "said the service"},
            "ResponseMetadata": {"HTTPStatusCode": status},
            **more,
        },
        "Operation",
    )


class Pauses:
    """Counts the waits instead of waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
