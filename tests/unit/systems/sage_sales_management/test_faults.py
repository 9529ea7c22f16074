"""What the vendor's refusals mean."""

from typing import Any

import pytest

from shared.errors import Halt, MissingPermission, OutcomeUnknown, RecordRejected, Unavailable
from shared.systems.sage_sales_management.faults import NotThere, Refusal, fault, told


@pytest.mark.parametrize(
    "status, body, reading, writing",
    [
        (400, {"code": 910, "message": "Resource not exist"}, NotThere, NotThere),
        (400, {"code": 901, "message": "Internal data Error"}, Refusal, Refusal),
        (400, {"code": 900, "message": "Connection Error"}, Unavailable, OutcomeUnknown),
        (400, {"Message": "Bad Request"}, Refusal, Refusal),
        (400, {"statusCode": 400, "message": "Bad Request"}, Refusal, Refusal),
        (400, None, Unavailable, Refusal),
        (403, {"message": "Forbidden"}, MissingPermission, MissingPermission),
        (404, None, Halt, Halt),
        (302, None, Halt, Halt),
        (500, None, Unavailable, OutcomeUnknown),
    ],
)
def test_an_answer_is_classified(status: int, body: Any, reading: type, writing: type) -> None:
    assert type(fault(status, body, "list accounts", writes=False)) is reading
    assert type(fault(status, body, "write accounts", writes=True)) is writing
    assert issubclass(NotThere, RecordRejected) and issubclass(Refusal, RecordRejected)


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"code": 910, "message": "x"}, ("910", "x")),
        ({"Message": "Bad Request"}, ("", "Bad Request")),
        ({"error": "e"}, ("", "e")),
        ({"code": "abc"}, ("", "")),
        ([], ("", "")),
        (None, ("", "")),
    ],
)
def test_code_and_message_under_all_their_names(body: Any, expected: tuple[str, str]) -> None:
    assert told(body) == expected
